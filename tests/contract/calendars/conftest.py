"""`parse` runs a test once with each of six foreign parsers."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.contract.calendars.parsers import JAVASCRIPT, PYTHON, PYTHON_PARSERS, Node, Parse

HERE = Path(__file__).parent / "js"
INSTALL_SECONDS = 150


def _install() -> None:
    """Install the locked packages unless this very lock file has been installed already."""
    installed, lock = HERE / "node_modules" / ".installed-lock", HERE / "package-lock.json"
    # Test processes that run side by side install once.
    with (HERE / ".install.log").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if installed.exists() and installed.read_bytes() == lock.read_bytes():
            return
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            pytest.fail(f"npm ci failed:\n{done.stderr[-2000:]}", pytrace=False)
        installed.write_bytes(lock.read_bytes())


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: calendar files go unread by ical.js, node-ical and ts-ics")
    _install()
    # A clock unlike any of the tests' zones: times that are read as the machine's own show up.
    environment = {**os.environ, "TZ": "America/St_Johns"}
    with subprocess.Popen(
        ["node", "parse.mjs"], cwd=HERE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Node(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(params=[*PYTHON, *JAVASCRIPT])
def parser(request: pytest.FixtureRequest) -> str:
    """The name of the parser, for tests that pin what one of them is known to do."""
    return str(request.param)


@pytest.fixture
def parse(parser: str, request: pytest.FixtureRequest) -> Parse:
    if parser in PYTHON_PARSERS:
        return PYTHON_PARSERS[parser]
    return partial(request.getfixturevalue("node").parse, parser)
