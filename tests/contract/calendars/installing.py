"""Foreign programs, installed once into folders beside the tests and never into the project's own environment."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

JAVASCRIPT_HOME = Path(__file__).parent / "js"
PYTHON_HOME = Path(__file__).parent / "py"
INSTALL_SECONDS = 240
MARK = ".installed-lock"


@contextmanager
def _once(folder: Path, lock: Path, into: Path) -> Iterator[Callable[[], bool]]:
    """Guard an installation; yields a question whether this very lock file has been installed already."""
    # Test processes that run side by side install once.
    with (folder / ".install.log").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        mark = into / MARK
        yield lambda: mark.exists() and mark.read_bytes() == lock.read_bytes()
        if into.exists():
            mark.write_bytes(lock.read_bytes())


def _run(command: list[str], folder: Path) -> str:
    """Run an installer; what it said when it failed, else nothing."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"more than {INSTALL_SECONDS} s"
    return done.stderr[-2000:] if done.returncode else ""


def install_javascript() -> None:
    """The packages of package-lock.json; the test fails when they cannot be installed."""
    home = JAVASCRIPT_HOME
    with _once(home, home / "package-lock.json", home / "node_modules") as is_there:
        if is_there():
            return
        said = _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], home)
        if said:
            pytest.fail(f"npm ci failed:\n{said}", pytrace=False)


def install_python() -> Path:
    """The folder with the programs of requirements.txt; the test is skipped when they cannot be installed."""
    home = PYTHON_HOME
    with _once(home, home / "requirements.txt", home / ".venv") as is_there:
        if not is_there():
            shutil.rmtree(home / ".venv", ignore_errors=True)
            into = [sys.executable, "-m", "pip", "--python", str(home / ".venv" / "bin" / "python")]
            # Without a pip of its own, which would be made first: ours installs there.
            said = _run([sys.executable, "-m", "venv", "--without-pip", ".venv"], home) or _run(
                [*into, "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"], home
            )
            if said:
                shutil.rmtree(home / ".venv", ignore_errors=True)
                pytest.skip(f"vdirsyncer and Radicale could not be installed: {said[-300:]}")
    return home / ".venv" / "bin"
