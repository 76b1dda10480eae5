"""Start processes as children, wait until each is ready, keep them running, and stop every one of them.

Each child has a session of its own, so Ctrl-C in the terminal reaches only the parent, which then stops the children
in reverse order: the mail sink outlives the worker that sends to it. On Linux the children end even when the parent is
killed with -9 (ops/child.py). Output goes straight to one file per child, so nothing blocks on a pipe.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from ops.embedded import BASE_DIR

POLL_SECONDS = 0.05
RESTARTS = 5
RESTARTS_WITHIN_SECONDS = 60.0


class ProcessError(RuntimeError):
    """A process did not become ready, or ended again and again. The message names it and ends with its last lines."""


@dataclass(frozen=True)
class Process:
    """One process to run: its name (also of its log file), its command, and how to tell that it is ready."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_seconds: float = 120.0
    stop_seconds: float = 15.0


class _Child:
    def __init__(self, process: Process, log: Path) -> None:
        self.process = process
        self.log = log
        self.starts: deque[float] = deque(maxlen=RESTARTS + 1)
        self.start()

    def start(self) -> None:
        self.starts.append(time.monotonic())
        with self.log.open("ab") as output:
            # `-m ops.child` finds the package by the working directory, which the command then keeps.
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "ops.child", str(os.getpid()), *self.process.command],
                cwd=BASE_DIR,
                env={**os.environ, **self.process.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        if self.process.ready is None:
            return
        deadline = time.monotonic() + self.process.ready_seconds
        while not self.process.ready():
            if self.popen.poll() is not None:
                raise ProcessError(self.obituary())
            if time.monotonic() > deadline:
                raise ProcessError(
                    f"{self.process.name} was not ready within {self.process.ready_seconds:.0f} s.{self.last_lines()}"
                )
            time.sleep(POLL_SECONDS)

    def ask_to_stop(self) -> None:
        if self.popen.poll() is None:
            # Only the first process is asked: it stops its own workers in its own order.
            self.popen.terminate()

    def wait_until_stopped(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.popen.wait(timeout=self.process.stop_seconds)
        with suppress(ProcessLookupError):  # nobody is left in its group: the usual end
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()

    def obituary(self) -> str:
        return f"{self.process.name} ended with status {self.popen.returncode}.{self.last_lines()}"

    def last_lines(self, count: int = 12) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
        return "".join(f"\n  {line}" for line in [f"Its log, {self.log}, ends with:", *lines]) if lines else ""


class Running:
    """The processes while they run."""

    def __init__(self, children: list[_Child], tell: Callable[[str], None]) -> None:
        self._children = children
        self._tell = tell

    def pid(self, name: str) -> int:
        """The process id of the first process of `name`; KeyError where there is none."""
        return {child.process.name: child.popen.pid for child in self._children}[name]

    def restart_ended(self) -> None:
        """Start again what has ended; ProcessError when one ends more than RESTARTS times in a minute."""
        for child in self._children:
            if child.popen.poll() is None:
                continue
            recent = [start for start in child.starts if time.monotonic() - start < RESTARTS_WITHIN_SECONDS]
            if len(recent) > RESTARTS:
                raise ProcessError(child.obituary())
            self._tell(child.obituary().splitlines()[0] + " It is started again.")
            child.start()

    def wait(self, *, poll_seconds: float = 0.2) -> NoReturn:
        """Watch over the processes until Ctrl-C or SIGTERM, which arrive as KeyboardInterrupt."""
        while True:
            self.restart_ended()
            time.sleep(poll_seconds)


@contextmanager
def running(
    processes: Sequence[Process], *, log_folder: Path, tell: Callable[[str], None] = print
) -> Iterator[Running]:
    """Run `processes` for the length of the block; each is ready before the next starts. Call it from the main thread.

    Inside the block SIGTERM raises KeyboardInterrupt like Ctrl-C. However the block ends, no process is left.
    Raises ProcessError with the last lines of the log of a process that does not become ready.
    """
    log_folder.mkdir(parents=True, exist_ok=True)
    children: list[_Child] = []
    former = signal.signal(signal.SIGTERM, _interrupt)
    # A shell starts what it puts in the background with SIGINT ignored; here it must stop everything all the same.
    former_interrupt = signal.signal(signal.SIGINT, _interrupt)
    try:
        for process in processes:
            children.append(_Child(process, _fresh_log(log_folder / f"{process.name}.log")))
            children[-1].wait_until_ready()
        yield Running(children, tell)
    finally:
        # A second Ctrl-C while stopping would leave children behind; stopping is bounded without it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in reversed(children):
            child.ask_to_stop()
            child.wait_until_stopped()
        signal.signal(signal.SIGINT, former_interrupt)
        signal.signal(signal.SIGTERM, former)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _fresh_log(log: Path) -> Path:
    """An empty log with the one of the run before kept beside it."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log
