"""nginx with the settings of docs/howto/run-on-a-server.md, for a moment, on a port of this machine."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "run-on-a-server.md"
# What nginx keeps on disk while it runs; where Debian puts it only root may write.
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_STARTS_WITHIN = 10.0


def command() -> str | None:
    """Where nginx is on this machine; None where it is not."""
    return shutil.which("nginx")


def documented(directive: str = "proxy_pass") -> str:
    """The page's settings that have this directive. Raises ValueError unless there is one such block."""
    blocks = re.findall(r"^ *```\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    found = [block for block in blocks if directive in block]
    if len(found) != 1:
        raise ValueError(f"{PAGE.name} has {len(found)} settings with {directive}")
    return str(found[0])


def write(folder: Path, *, port: int, upstream: int) -> Path:
    """A whole configuration around the documented settings: only where it listens and whom it asks are filled in."""
    asked, listens = "http://127.0.0.1:8000", "server_name forum.example.org;"
    settings = documented()
    if settings.count(asked) != 1 or settings.count(listens) != 1:
        raise ValueError("the documented settings ask or listen in another place than they did")
    settings = settings.replace(asked, f"http://127.0.0.1:{upstream}")
    settings = settings.replace(listens, f"listen 127.0.0.1:{port};\n{listens}")
    temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\n{settings}\n}}\n",
        encoding="utf-8",
    )
    return path


def complaints(nginx: str) -> str:
    """What nginx says about the documented settings; empty where they are right."""
    with TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]
        held.close()
        path = write(Path(folder), port=free, upstream=free)
        done = subprocess.run(
            [nginx, "-t", "-q", "-p", folder, "-e", f"{folder}/error.log", "-c", str(path)],
            capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        return done.stderr if done.returncode or done.stderr else ""


@contextmanager
def running(nginx: str, upstream: int) -> Iterator[int]:
    """nginx in front of the server at a port of this machine; gives its own port.

    Raises TimeoutError if it does not start.
    """
    with TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = int(held.getsockname()[1])
        path = write(Path(folder), port=port, upstream=upstream)
        process = subprocess.Popen([nginx, "-p", folder, "-e", f"{folder}/error.log", "-c", str(path)])
        try:
            wait_for(port, "nginx")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(port: int, name: str) -> None:
    """Wait until somebody listens. Raises TimeoutError if nobody does."""
    until = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise TimeoutError(f"{name} does not start") from None
            time.sleep(0.05)
        else:
            return
