"""Starts PostgreSQL and Redis for the tests before Django reads its settings.

Loaded with `-p`, because pytest-django reads the settings before any conftest. The servers are the test run's own
(a state folder of their own, fsync off) unless DATABASE_URL and REDIS_URL name others.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from ops import embedded, env

_servers = ExitStack()
atexit.register(_servers.close)  # a run that cannot even set Django up never gets to pytest_unconfigure
os.environ.setdefault("PLENARY_STATE", str(embedded.BASE_DIR / ".plenary" / "tests"))
os.environ.setdefault("LOG_LEVEL", "ERROR")
# Workers and the servers that tests start are some dozens of processes: without compiled modules each compiles the
# product, and a worker all tests, which is half of what its collecting costs. `make clean` removes them.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    _servers.enter_context(
        embedded.servers(database=env.text("DATABASE_URL") is None, broker=env.text("REDIS_URL") is None, durable=False)
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and all modules stay until the end: the collector need not look for garbage among them.

    It would go through them again and again, a third of the time that collecting takes and then in every test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    _servers.close()
