"""Time limits that give the same result twice.

CP-SAT and the local search count their work in units that do not depend on how busy the machine is. A budget in
seconds is therefore turned into work at a rate an ordinary core beats; the clock only stops what is slower than
that. So one seed gives one result, unless the machine is so slow that the clock has to step in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic

from ortools.sat.python import cp_model

WORK_PER_SECOND = 0.3
"""CP-SAT's deterministic units in a second of one worker: measured 0.42 to 0.55 on the forum (docs/solver.md)."""

LONGEST = 1e9
"""Seconds left where the clock does not count."""

ShouldStop = Callable[[], bool]


class Deadline:
    """The seconds given to one run, counted from its creation.

    `by_work`: the clock never ends it, so what a run does follows from its seconds alone on every machine.
    """

    def __init__(self, seconds: float, should_stop: ShouldStop | None = None, *, by_work: bool = False) -> None:
        self.began = monotonic()
        self.seconds = seconds
        self.should_stop = should_stop
        self.by_work = by_work

    @property
    def elapsed(self) -> float:
        return monotonic() - self.began

    @property
    def left(self) -> float:
        return LONGEST if self.by_work else max(0.0, self.seconds - self.elapsed)

    @property
    def stopped(self) -> bool:
        return self.should_stop is not None and self.should_stop()


def new_solver(*, seconds: float, seed: int, workers: int, work: float | None = None) -> cp_model.CpSolver:
    """A CP-SAT solver limited to `seconds` by the clock and, with one worker, to `work` deterministic units."""
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = workers
    parameters.random_seed = seed
    parameters.catch_sigint_signal = False  # it would take the caller's handler away for good
    parameters.max_time_in_seconds = max(0.01, seconds)
    if workers == 1:
        parameters.max_deterministic_time = max(0.01, work if work is not None else seconds * WORK_PER_SECOND)
    return solver


@contextmanager
def watched(stop: Callable[[], None], deadline: Deadline) -> Iterator[None]:
    """While inside, `deadline.should_stop` is asked every 50 ms; if it says so, `stop` is called, perhaps often."""
    if deadline.should_stop is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            if deadline.stopped:
                stop()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def stoppable(solver: cp_model.CpSolver, deadline: Deadline) -> AbstractContextManager[None]:
    """While inside, `deadline.should_stop` stops the solver."""
    return watched(solver.stop_search, deadline)
