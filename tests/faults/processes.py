"""Real processes for tests that kill them: a mail server, a Redis of its own, a Celery worker with beat."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import redis
from django.db import connection

from ops import embedded
from ops.parts import QUEUES

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30


def wait_until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Look again every few milliseconds; fails the test when `condition` does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds} seconds")
        threading.Event().wait(0.02)


def end(process: subprocess.Popen[str], how: int = signal.SIGTERM, seconds: float = 20) -> None:
    """End a process and all its children; with force when it does not go by itself."""
    if process.poll() is None:
        os.killpg(process.pid, how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(seconds)


class MailServer:
    """A mail server in a process of its own; `folder` holds a file for each mail it took."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.folder = folder
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(process,), daemon=True).start()
        self.port = int(self._lines.get(timeout=START_SECONDS))

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line.strip())

    def take(self, count: int, seconds: float) -> list[str]:
        """Wait for `count` more mails and return the names of their files."""
        deadline = time.monotonic() + seconds
        try:
            return [self._lines.get(timeout=max(deadline - time.monotonic(), 0)) for _ in range(count)]
        except queue.Empty as error:
            raise AssertionError(f"{count} mails: not within {seconds} seconds") from error


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with tempfile.TemporaryDirectory(prefix="plenary-mail-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.smtp_sink", folder],
            cwd=ROOT,
            text=True,
            start_new_session=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            yield MailServer(process, Path(folder))
        finally:
            end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


@dataclass(frozen=True)
class Broker:
    """A Redis of this test alone, so that emptying it disturbs nobody."""

    url: str
    client: redis.Redis


@contextmanager
def broker() -> Iterator[Broker]:
    # Not below pytest's folder: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="plenary-redis-") as folder:
        socket = Path(folder) / "redis.sock"
        process = subprocess.Popen(
            [
                embedded.redis_program(),
                "--port",
                "0",
                "--unixsocket",
                str(socket),
                "--dir",
                folder,
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        client = redis.Redis(unix_socket_path=str(socket))
        try:
            wait_until(socket.exists, "Redis answers")
            yield Broker(f"unix://{socket}", client)
        finally:
            client.close()
            end(process)


def database_url() -> str:
    """The address of the database this test runs on."""
    settings = connection.settings_dict
    given = {name: settings[name.upper()] for name in ("host", "port", "user", "password") if settings[name.upper()]}
    return f"postgresql:///{quote(settings['NAME'])}?{urlencode(given)}"


@contextmanager
def worker(
    *,
    redis_url: str,
    smtp_port: int,
    folder: Path,
    name: str = "worker",
    queues: str = QUEUES,
    processes: int = 2,
    beat: bool = True,
) -> Iterator[subprocess.Popen[str]]:
    """A Celery worker, with beat where it is asked for, on this test's database."""
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        "SITE_URL": "https://forum.example.org",
        "CALENDAR_DOMAIN": "forum.example.org",
        "SECRET_KEY": "only for tests",
        "MAIL_FROM": "calendar@forum.example.org",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "config",
        "worker",
        "-Q",
        queues,
        "-c",
        str(processes),
        *(["-B", "-s", str(folder / "beat")] if beat else []),
        "-n",
        f"{name}@%h",
        "-l",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    with (folder / f"{name}.log").open("a") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process)
