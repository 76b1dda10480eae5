"""Running a command on servers, a database and an inbox of its own, and leaving nothing behind."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ops import embedded

MARK = "PLENARY_DEMO_ALONE"


def is_alone() -> bool:
    return bool(os.environ.get(MARK))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_alone(arguments: Sequence[str]) -> int:
    """Run `manage.py arguments` with the bundled servers in a new state folder; returns its exit status.

    A DATABASE_URL or REDIS_URL of the caller's is left out: this run must not touch what it names.
    """
    parent = embedded.state_dir()
    parent.mkdir(parents=True, exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix="once-", dir=parent))
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {MARK: "1", "PLENARY_STATE": str(state)}
    home = embedded.places(state).home
    try:
        return subprocess.run(
            [sys.executable, str(embedded.BASE_DIR / "manage.py"), *arguments], env=environment, check=False
        ).returncode
    finally:
        shutil.rmtree(state, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)
