"""Starts PostgreSQL and Redis for the tests before Django reads its settings.

Loaded with `-p`, because pytest-django reads the settings before any conftest. The servers are the test run's own
(a state folder of their own, fsync off) unless DATABASE_URL and REDIS_URL name others.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack

import pytest

from ops import embedded, env

_servers = ExitStack()
atexit.register(_servers.close)  # a run that cannot even set Django up never gets to pytest_unconfigure
os.environ.setdefault("PLENARY_STATE", str(embedded.BASE_DIR / ".plenary" / "tests"))
os.environ.setdefault("LOG_LEVEL", "ERROR")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    _servers.enter_context(
        embedded.servers(database=env.text("DATABASE_URL") is None, broker=env.text("REDIS_URL") is None, durable=False)
    )


def pytest_unconfigure() -> None:
    _servers.close()
