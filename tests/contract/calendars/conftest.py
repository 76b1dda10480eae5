"""`parse` runs a test once with each of eight foreign parsers. What is not installed is skipped, with its name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from tests.contract.calendars.installing import JAVASCRIPT_HOME, install_javascript, install_python
from tests.contract.calendars.libical import library_name, parse_libical
from tests.contract.calendars.parsers import INSTALLED, JAVASCRIPT, PYTHON, PYTHON_PARSERS, Answering, Parse

SABRE = Path("/usr/share/php/Sabre/VObject/autoload.php")


@contextmanager
def _answering(command: list[str], folder: Path) -> Iterator[Answering]:
    # A clock unlike any of the tests' zones: times that are read as the machine's own show up.
    environment = {**os.environ, "TZ": "America/St_Johns"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Answering(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def node() -> Iterator[Answering]:
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed: calendar files go unread by ical.js, node-ical and ts-ics")
    install_javascript()
    with _answering(["node", "parse.mjs"], JAVASCRIPT_HOME) as process:
        yield process


@pytest.fixture(scope="session")
def sabre() -> Iterator[Answering]:
    if shutil.which("php") is None or not SABRE.exists():
        pytest.skip("php-cli and php-sabre-vobject are not installed: calendar files go unread by sabre/vobject")
    settings = ["-d", "error_reporting=E_ALL & ~E_DEPRECATED", "-d", "display_errors=stderr"]
    with _answering(["php", *settings, "parse.php"], Path(__file__).parent / "php") as process:
        yield process


@pytest.fixture(scope="session")
def libical() -> None:
    if library_name() is None:
        pytest.skip("libical3 is not installed: calendar files go unread by libical")


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where vdirsyncer and radicale are."""
    return install_python()


@pytest.fixture(params=[*PYTHON, *JAVASCRIPT, *INSTALLED])
def parser(request: pytest.FixtureRequest) -> str:
    """The name of the parser, for tests that pin what one of them is known to do."""
    return str(request.param)


@pytest.fixture
def parse(parser: str, request: pytest.FixtureRequest) -> Parse:
    if parser in PYTHON_PARSERS:
        return PYTHON_PARSERS[parser]
    if parser == "libical":
        request.getfixturevalue("libical")
        return parse_libical
    if parser == "sabre":
        return cast("Parse", request.getfixturevalue("sabre").parse)
    return partial(request.getfixturevalue("node").parse, parser=parser)
