"""A whole installation of the run's own: PostgreSQL, Redis, a mail server, web, workers and beat, each to be killed.

What ends is started again, as systemd or Docker would do it. The caller's PLENARY_STATE names the folder of the run;
it must be set before Django reads its settings.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis

from ops import embedded
from ops.parts import WORKERS, beat_command, page_answers, web_command, worker_command
from ops.processes import Process, Running, running
from tests.faults.crowd import MailFolder
from tests.faults.processes import ROOT, wait_until

# How long whoever watches over the processes takes to start one again.
RESTART_SECONDS = 1.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailSink:
    """The mail server, as a process on a port that stays the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.smtp_sink", str(self.folder), str(self.port)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout is not None
        assert int(process.stdout.readline()) == self.port
        threading.Thread(target=process.stdout.read, daemon=True).start()  # the names of files: nobody reads them here
        return process

    def answer(self, *answers: str) -> None:
        """What the next mails are answered."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{answer}\n" for answer in answers))
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._close()

    def start_again(self) -> None:
        self.process = self._start()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.kill()

    def _close(self) -> None:
        for pipe in (self.process.stdin,):
            if pipe is not None:
                pipe.close()


class House:
    """The running installation."""

    def __init__(self, running: Running, sink: MailSink, port: int, servers: ExitStack) -> None:
        self._running = running
        self._servers = servers
        self.sink = sink
        self.port = port
        self.mails = MailFolder(sink.folder)
        self._watching = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        while not self._watching.wait(RESTART_SECONDS):
            self._running.restart_ended()

    def stop_watching(self) -> None:
        self._watching.set()
        self._watcher.join()

    @property
    def is_watched(self) -> bool:
        """Whether processes that end are still started again; they are not when one ends all the time."""
        return self._watcher.is_alive()

    def kill(self, name: str) -> None:
        """kill -9 a process of ours with all its children; it is started again by itself."""
        os.killpg(self._running.pid(name), signal.SIGKILL)

    # --- The servers --------------------------------------------------------------------------------------------

    @staticmethod
    def redis() -> redis.Redis:
        return redis.Redis(unix_socket_path=str(embedded.places().redis_socket), socket_timeout=5)

    def kill_redis(self) -> None:
        os.kill(int(embedded.places().redis_pid.read_text()), signal.SIGKILL)

    def start_redis(self) -> None:
        self._servers.enter_context(embedded.servers(database=False, broker=True))

    def kill_postgres(self) -> None:
        """The postmaster alone: its children notice and end by themselves."""
        file = embedded.places().postgres_data / "postmaster.pid"
        pid = file.read_text().split()[0]
        family = [pid, *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        os.kill(int(pid), signal.SIGKILL)
        wait_until(lambda: all(_is_gone(one) for one in family), "PostgreSQL is gone")
        # Where nobody buries the dead (a container without an init) PostgreSQL takes a zombie for a running server.
        file.unlink()
        (embedded.places().sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def start_postgres(self) -> None:
        self._servers.enter_context(embedded.servers(database=True, broker=False))


def _is_gone(pid: str) -> bool:
    """Whether a process has ended, buried or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Start everything on an empty, migrated database; stop everything, however the block ends."""
    with ExitStack() as servers:
        servers.enter_context(embedded.servers(database=True, broker=True))
        _migrate()
        (folder / "mails").mkdir()
        sink = MailSink(folder / "mails")
        servers.callback(sink.stop)
        port = free_port()
        environment = {
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "CALENDAR_DOMAIN": "forum.example.org",
            "MAIL_FROM": "calendar@forum.example.org",
            "LOG_LEVEL": "WARNING",
        }
        processes = [
            Process(
                "web",
                web_command(host="127.0.0.1", port=port),
                ready=lambda: page_answers(port, "/healthz"),
                environment=environment,
            ),
            *(
                Process(
                    name,
                    worker_command(queues=worker.queues, name=name, processes=worker.processes),
                    environment=environment,
                )
                for name, worker in WORKERS.items()
            ),
            Process("beat", beat_command(), environment=environment),
        ]
        with running(processes, log_folder=folder / "log", tell=_say_nothing) as children:
            built = House(children, sink, port, servers)
            try:
                yield built
            finally:
                built.stop_watching()


def _migrate() -> None:
    import django  # the environment names the servers only now
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


_say_nothing: Callable[[str], None] = lambda words: None  # noqa: E731  # a name for what it does not do
