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
def test_every_part_of_the_product_has_fast_tests(request: pytest.FixtureRequest) -> None:
    modules = collected(request.session) if is_whole(request.config) else collected_anew()
    parts = {path.name for path in TESTS.iterdir() if (path / "__init__.py").exists()}
    below = {"schedule/conflicts", "schedule/exchange", "schedule/solver", "notifications/calendars"}
    wanted = (parts - NOT) | below
    assert sorted(part for part in wanted if not any(module.startswith(f"{part}/") for module in modules)) == []
    names = {module.rpartition("/")[2] for module in modules}
    assert names >= WITH_DATABASE, "a module with fast tests of the database is gone"
    assert names & OF_THE_SOLVER


def is_whole(config: pytest.Config) -> bool:
    """Whether this run has collected every test there is."""
    asked = {(config.invocation_params.dir / name).resolve() for name in config.args}
    narrowed = [config.getoption(name) for name in ("keyword", "markexpr", "deselect", "ignore", "ignore_glob")]
    return asked == {TESTS} and not any(narrowed)


def collected(session: pytest.Session) -> set[str]:
    """The modules of which this run has fast tests, without their ending: "values/test_text"."""
    found = (item for item in session.items if item.get_closest_marker("fast"))
    return {item.path.relative_to(TESTS).with_suffix("").as_posix() for item in found}


def collected_anew() -> set[str]:
    """The same, as `make fast` finds them. A process of its own: it costs as much as all tests' collecting."""
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
    return set(re.findall(r"^tests/([\w/]+)\.py::", found.stdout, re.MULTILINE))
