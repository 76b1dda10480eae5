"""Caddy with the settings of docs/howto/run-on-a-server.md, for a moment, on a port of this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.proxy.nginx import documented, wait_for


def command() -> str | None:
    """Where Caddy is on this machine; None where it is not."""
    return shutil.which("caddy")


def write(folder: Path, *, port: int, upstream: int) -> Path:
    """The documented settings: only where it listens, without a certificate, and whom it asks are filled in."""
    asked, listens = "reverse_proxy 127.0.0.1:8000", "forum.example.org {"
    settings = documented("reverse_proxy")
    if settings.count(asked) != 1 or settings.count(listens) != 1:
        raise ValueError("the documented settings ask or listen in another place than they did")
    settings = settings.replace(asked, f"reverse_proxy 127.0.0.1:{upstream}")
    settings = settings.replace(listens, f"http://127.0.0.1:{port} {{")
    # Nobody is to steer it while it runs.
    path = folder / "Caddyfile"
    path.write_text(re.sub(r"^( *)\{\n", r"\1{\n    admin off\n", settings, count=1), encoding="utf-8")
    return path


def complaints(caddy: str) -> str:
    """What Caddy says about the documented settings; empty where they are right."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), port=8443, upstream=8001)
        done = subprocess.run(
            [caddy, "adapt", "--validate", "--adapter", "caddyfile", "--config", str(path)],
            env=_environment(folder), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stderr if done.returncode else ""


@contextmanager
def running(caddy: str, upstream: int) -> Iterator[int]:
    """Caddy in front of the server at a port of this machine; gives its own port.

    Raises TimeoutError if it does not start.
    """
    with TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = int(held.getsockname()[1])
        path = write(Path(folder), port=port, upstream=upstream)
        process = subprocess.Popen(
            [caddy, "run", "--adapter", "caddyfile", "--config", str(path)],
            env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(port, "Caddy")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _environment(folder: str) -> dict[str, str]:
    """What it keeps goes where it is thrown away."""
    return os.environ | {"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder}
