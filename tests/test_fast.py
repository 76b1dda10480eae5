"""`make fast` leaves no part of the product out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fast import NOT, OF_THE_SOLVER, WITH_DATABASE

TESTS = Path(__file__).parent


@pytest.mark.slow
def test_every_part_of_the_product_has_fast_tests() -> None:
    # Collecting reads the settings and connects to nothing.
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "only for tests, and long enough to be a key",
    }
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "fast", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider"],
        cwd=TESTS.parent,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    modules = set(re.findall(r"^tests/([\w/]+)\.py::", found.stdout, re.MULTILINE))
    parts = {path.name for path in TESTS.iterdir() if (path / "__init__.py").exists()}
    below = {"schedule/conflicts", "schedule/exchange", "schedule/solver", "notifications/calendars"}
    wanted = (parts - NOT) | below
    assert sorted(part for part in wanted if not any(module.startswith(f"{part}/") for module in modules)) == []
    names = {module.rpartition("/")[2] for module in modules}
    assert names >= WITH_DATABASE, "a module with fast tests of the database is gone"
    assert names & OF_THE_SOLVER
