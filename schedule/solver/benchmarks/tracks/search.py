"""Solve a conference of tracks: pack it, then anneal for as long as there is time, while a bound is proved."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from schedule.solver.benchmarks.tracks.annealing.kernel import HEAD, SUB_COSTS, TRACK_COSTS, TracksData, TracksState
from schedule.solver.benchmarks.tracks.joint.proof import news_of
from schedule.solver.benchmarks.tracks.joint.prover import ProofQuestion
from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.results import OnProgress, Result, SearchProgress

from .arrays import Contents, contents_of, data_of, floor, schedule_of, state_of
from .check import check
from .instance import Schedule, TracksInstance
from .packing import Packing, pack

if TYPE_CHECKING:
    from schedule.solver.benchmarks.tracks.annealing.annealer import TracksAnnealer

TRIES_PER_SECOND = 1_500_000
"""Moves that an ordinary core tries in a second, with a margin: see `schedule.solver.budget`."""

TRIES_PER_CALL = 40_000
"""Between two looks at the clock and at `should_stop`: less than a tenth of a second."""

PACKING_SHARE = 0.25
"""Of the seconds given, at most, for fitting everything in; usually far less is used."""

BOUND_SHARE = 0.2
"""Of the seconds left, for the bound, where there is only one worker; with two it has one for itself."""

COLDEST = 0.1
"""The last temperature, for a smallest weight of 1: hardly a worse state is accepted."""

WIDE_SHARE = 0.3
"""Of the annealing, for the first round, which cools from where nothing is forbidden. The second has the rest: it
goes on with the best of the first, from a temperature half way down (on a scale of magnitudes)."""


POLISH_SHARE = 0.5
"""Of the seconds left, with two workers, for cool rounds, also from the schedule that comes with the bound."""

POLISH_SECONDS = 10
"""Of work in one such round."""

POLISH_HOT = 0.7
"""Their first temperature: now and then the smallest weight is given up, hardly more."""

LAST_SHARE = 0.05
"""Of the seconds left, after the last word of the prover."""


class WrongScheduleError(RuntimeError):
    """The search produced a schedule the checker refuses: a defect of the solver, never of the instance."""


def solve(
    problem: TracksInstance,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    start: Schedule | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Result[Schedule]:
    """Find an acceptable schedule and improve it for `seconds`.

    With `start` the result is never worse than it, if it is acceptable. One seed gives one result with one worker
    (see `schedule.solver.budget`). Every schedule has passed `check`.
    """
    return _TracksSearch(problem, Deadline(seconds, should_stop), seed, workers, on_progress).run(start)


class _TracksSearch:
    def __init__(
        self, instance: TracksInstance, deadline: Deadline, seed: int, workers: int, on_progress: OnProgress | None
    ) -> None:
        self.instance = instance
        self.deadline = deadline
        self.seed = seed
        self.workers = workers
        self.on_progress = on_progress
        self.data = data_of(instance)
        self.bound = floor(self.data)
        self.best: Schedule | None = None
        self.best_state: TracksState | None = None
        self.best_cost = 0
        self.terms: dict[str, int] = {}
        self.first: float | None = None
        self.iterations = 0
        self.planned: Contents | None = None

    def run(self, start: Schedule | None) -> Result[Schedule]:
        kernel = threading.Thread(target=compile_kernel, daemon=True)
        kernel.start()
        possible = self.begin(start)
        if self.best_state is not None:
            if self.workers == 1:
                self.anneal(self.best_state, kernel, 1 - BOUND_SHARE)
                self.prove(self.deadline, seconds=self.deadline.left)
            else:
                self.anneal_and_prove(self.best_state, kernel)
        return self.result(possible)

    def begin(self, start: Schedule | None) -> bool | None:
        """The schedule to begin with: the given one, or else a packed one. Is there any? None if that is open."""
        if start is not None and check(self.instance, start).acceptable:
            self.best_state = state_of(self.data, contents_of(start))
            self.offer(start, "start")
            # Without the empty slots that stood before submissions.
            self.offer(schedule_of(self.instance, self.best_state), "start")
            return True
        seconds = PACKING_SHARE * self.deadline.seconds
        possible, packing = pack(self.instance, self.deadline, seconds=seconds, seed=self.seed)
        if packing is not None:
            self.best_state = state_of(self.data, spread(self.instance, packing, self.seed))
            self.offer(schedule_of(self.instance, self.best_state), "first")
        return possible

    def anneal_and_prove(self, start: TracksState, kernel: threading.Thread) -> None:
        done = threading.Event()
        ours = Deadline(self.deadline.left, lambda: done.is_set() or self.deadline.stopped)
        with ThreadPoolExecutor(1) as pool:
            proof = pool.submit(self.prove, ours, seconds=(1 - LAST_SHARE) * ours.left)
            try:
                self.anneal(start, kernel, 1 - POLISH_SHARE)
                self.polish(kernel)
            finally:
                done.set()
            proof.result()

    def prove(self, deadline: Deadline, *, seconds: float) -> None:
        """Raise the bound until the deadline, or until it cannot be raised; a plan may come with it."""
        question = ProofQuestion(self.instance, seconds, self.best_cost, self.seed)
        for news in news_of(question, deadline):
            if news.contents is not None:
                self.planned = news.contents
            if news.bound > self.bound:
                self.bound = news.bound
                self.say("bound")

    def anneal(self, start: TracksState, kernel: threading.Thread, share: float) -> None:
        """Two rounds: `share` of the work that the seconds given allow, or of the time left, if that is less."""
        if not self.wait_for(kernel):
            return
        # Loading numba takes half a second: not before it is needed.
        from schedule.solver.benchmarks.tracks.annealing.annealer import TracksAnnealer

        available = share * self.deadline.left
        until = self.deadline.elapsed + available
        tries = int(TRIES_PER_SECOND * share * self.deadline.seconds)
        wide = TracksAnnealer(self.data, start, self.cost_of(start), self.seed)
        hottest = wide.hottest
        self.cool(wide, hottest, tries=int(WIDE_SHARE * tries), until=until - (1 - WIDE_SHARE) * available)
        best = self.best_state or start
        narrow = TracksAnnealer(self.data, best, self.cost_of(best), self.seed + 1)
        self.cool(narrow, math.sqrt(hottest * COLDEST), tries=tries - int(WIDE_SHARE * tries), until=until)

    def polish(self, kernel: threading.Thread) -> None:
        """Cool rounds as long as there is time, by turns from what was planned and from the best."""
        if not self.wait_for(kernel):
            return
        # Loading numba takes half a second: not before it is needed.
        from schedule.solver.benchmarks.tracks.annealing.annealer import TracksAnnealer

        tries = TRIES_PER_SECOND * POLISH_SECONDS
        for number in count():
            start = self.best_state if self.planned is None or number % 2 else state_of(self.data, self.planned)
            if start is None or self.best_cost <= self.bound or self.deadline.stopped or self.deadline.left <= 0:
                return
            until = self.deadline.elapsed + min(2 * POLISH_SECONDS, self.deadline.left)
            annealer = TracksAnnealer(self.data, start, self.cost_of(start), self.seed + 2 + number)
            self.cool(annealer, POLISH_HOT, tries=tries, until=until)

    def cost_of(self, state: TracksState) -> int:
        return check(self.instance, schedule_of(self.instance, state)).objective

    def cool(self, annealer: TracksAnnealer, hot: float, *, tries: int, until: float) -> None:
        """Cool down from `hot` in `tries` moves, or faster if the clock would not allow so many."""
        began, done = self.deadline.elapsed, 0
        while done < tries and self.best_cost > self.bound:
            now = self.deadline.elapsed
            if self.deadline.stopped or now >= until:
                return
            temperature = hot * (COLDEST / hot) ** max(done / tries, (now - began) / (until - began))
            amount = min(TRIES_PER_CALL, tries - done)
            annealer.run(amount, temperature, (COLDEST / hot) ** (1 / tries))
            done += amount
            self.iterations += amount
            if annealer.best_cost < self.best_cost:
                self.best_state = annealer.best
                self.offer(schedule_of(self.instance, annealer.best), "annealing", annealer.best_cost)

    def wait_for(self, kernel: threading.Thread) -> bool:
        """Wait for the compiled search, which the first time ever takes long; False if told to stop meanwhile."""
        while kernel.is_alive():
            kernel.join(0.05)
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
        self.say(phase)

    def say(self, phase: str) -> None:
        if self.on_progress is not None:
            self.on_progress(SearchProgress(self.deadline.elapsed, phase, self.best_cost, self.terms, self.bound))

    def result(self, possible: bool | None) -> Result[Schedule]:
        if possible is False:
            status = "INFEASIBLE"
        elif self.best is not None:
            status = "OPTIMAL" if self.best_cost <= self.bound else "FEASIBLE"
        else:
            status = "STOPPED" if self.deadline.stopped else "UNKNOWN"
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


def spread(instance: TracksInstance, packing: Packing, seed: int) -> Contents:
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


def compile_kernel() -> None:
    """Import the compiled search and call it once, which compiles it if nobody has."""
    # Loading numba takes half a second: not before it is needed.
    from schedule.solver.benchmarks.tracks.annealing.annealer import TracksAnnealer

    data = TracksData(
        *(np.zeros(shape, np.int64) for shape in (len(HEAD), (0, SUB_COSTS), (0, TRACK_COSTS), 0, (2, 0)))
    )
    TracksAnnealer(data, state_of(data, {}), 0, 0).run(0, 1.0, 1.0)
