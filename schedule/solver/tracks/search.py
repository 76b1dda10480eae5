"""Solve a conference of tracks: pack it, then anneal for as long as there is time."""

from __future__ import annotations

import threading
from collections import defaultdict

import numpy as np

from ..budget import Deadline, ShouldStop
from ..results import OnProgress, Progress, Result
from .annealing import Annealer
from .arrays import Contents, data_of, floor, schedule_of, state_of
from .check import check
from .instance import Instance, Schedule
from .kernel import Data
from .packing import Packing, pack

TRIES_PER_SECOND = 250_000
"""Moves that an ordinary core tries in a second, with a margin: see `schedule.solver.budget`."""

TRIES_PER_CALL = 10_000
"""Between two looks at the clock and at `should_stop`: less than a tenth of a second."""

PACKING_SHARE = 0.25
"""Of the seconds given, at most, for fitting everything in; usually far less is used."""

ROUNDS = (0.15, 0.25, 0.6)
"""Shares of the annealing: each round begins hot, and from the start."""

COLDEST = 0.1
"""The last temperature, for a smallest weight of 1: hardly a worse state is accepted."""


class WrongScheduleError(RuntimeError):
    """The search produced a schedule the checker refuses: a defect of the solver, never of the instance."""


def solve(
    problem: Instance,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Result[Schedule]:
    """Find an acceptable schedule and improve it for `seconds`.

    One seed gives one result with one worker (see `schedule.solver.budget`). Every schedule has passed `check`.
    """
    return _Search(problem, Deadline(seconds, should_stop), seed, workers, on_progress).run()


class _Search:
    def __init__(
        self, instance: Instance, deadline: Deadline, seed: int, workers: int, on_progress: OnProgress | None
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.seed = seed
        self.workers = workers
        self.on_progress = on_progress
        self.data = data_of(instance)
        self.bound = floor(self.data)
        self.best: Schedule | None = None
        self.best_cost = 0
        self.terms: dict[str, int] = {}
        self.first: float | None = None
        self.iterations = 0

    def run(self) -> Result[Schedule]:
        possible, packing = pack(
            self.instance, self.deadline, seconds=PACKING_SHARE * self.deadline.seconds, seed=self.seed
        )
        if packing is not None:
            start = spread(self.instance, packing, self.seed)
            self.offer(schedule_of(self.instance, state_of(self.data, start)), "first")
            self.anneal(start)
        return self.result(possible)

    def anneal(self, start: Contents) -> None:
        if not self.wait_for_kernel():
            return
        began, available = self.deadline.elapsed, self.deadline.left
        start_cost = self.best_cost
        tries = max(TRIES_PER_CALL, int(TRIES_PER_SECOND * self.deadline.seconds))
        until = began
        for number, share in enumerate(ROUNDS):
            until += share * available
            self.round(start, start_cost, tries=int(share * tries), until=until, seed=self.seed * 1000 + number)

    def round(self, start: Contents, start_cost: int, *, tries: int, until: float, seed: int) -> None:
        """Cool down in `tries` moves, or faster if the clock would not allow so many."""
        annealer = Annealer(self.data, start, start_cost, seed)
        hottest = annealer.hottest
        began, done = self.deadline.elapsed, 0
        while done < tries and self.best_cost > self.bound:
            if self.deadline.stopped or self.deadline.elapsed >= until:
                return
            by_clock = (self.deadline.elapsed - began) / max(1e-9, until - began)
            temperature = hottest * (COLDEST / hottest) ** max(done / tries, by_clock)
            amount = min(TRIES_PER_CALL, tries - done)
            annealer.run(amount, temperature, (COLDEST / hottest) ** (1 / tries))
            done += amount
            self.iterations += amount
            if annealer.best_cost < self.best_cost:
                self.offer(schedule_of(self.instance, annealer.best), "annealing", annealer.best_cost)

    def wait_for_kernel(self) -> bool:
        """Import the compiled search, which the first time ever compiles it; False if told to stop meanwhile."""
        ready = threading.Thread(target=_load_kernel, args=(self.data,), daemon=True)
        ready.start()
        while ready.is_alive():
            ready.join(0.05)
            if self.deadline.stopped or self.deadline.left <= 0:
                return False
        return True

    def offer(self, schedule: Schedule, phase: str, cost: int | None = None) -> None:
        """Keep `schedule` if it is better than the best. Raises WrongScheduleError if `check` does not agree."""
        report = check(self.instance, schedule)
        if not report.acceptable:
            raise WrongScheduleError(f"{phase}: {report.violations[0]}")
        if cost is not None and report.objective != cost:
            raise WrongScheduleError(f"{phase}: costs {report.objective}, not {cost}")
        if self.best is not None and report.objective >= self.best_cost:
            return
        self.best, self.best_cost, self.terms = schedule, report.objective, report.terms
        if self.first is None:
            self.first = self.deadline.elapsed
        if self.on_progress is not None:
            self.on_progress(Progress(self.deadline.elapsed, phase, self.best_cost, self.terms, self.bound))

    def result(self, possible: bool | None) -> Result[Schedule]:
        status = "STOPPED" if self.deadline.stopped else "UNKNOWN"
        if possible is False:
            status = "INFEASIBLE"
        elif self.best is not None:
            status = "OPTIMAL" if self.best_cost <= self.bound else "FEASIBLE"
        return Result(
            feasible=possible,
            status=status,
            solution=self.best,
            objective=None if self.best is None else self.best_cost,
            terms=self.terms,
            bound=None if possible is False else self.bound,
            seconds=self.deadline.elapsed,
            seconds_to_first=self.first,
            iterations=self.iterations,
        )


def spread(instance: Instance, packing: Packing, seed: int) -> Contents:
    """Put the packed cells at random where cells of their length are."""
    random = np.random.default_rng(seed)
    rooms = len(instance.rooms)
    free: dict[int, list[int]] = defaultdict(list)
    for s, session in enumerate(instance.sessions):
        free[session.slots].extend(range(s * rooms, (s + 1) * rooms))
    for cells in free.values():
        random.shuffle(cells)
    found: Contents = {}
    waiting: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in sorted(range(len(instance.submissions)), key=lambda i: -instance.submissions[i].order):
        submission = instance.submissions[i]
        waiting[submission.track, submission.slots].append(i)
    for track, cells_of_track in enumerate(packing.cells):
        for length, sizes in cells_of_track:
            found[free[length].pop()] = [waiting[track, size].pop() for size in sizes]
    return found


def _load_kernel(data: Data) -> None:
    Annealer(data, {}, 0, 0).run(0, 1.0, 1.0)
