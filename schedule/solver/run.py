"""One run of the search: its limits, its best timetable, and what it tells while it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock

from ortools.sat.python import cp_model

from .budget import WORK_PER_SECOND, Deadline, new_solver
from .objective import SeatDemand, measure
from .problem import Problem, Timetable, Weights
from .results import OnProgress, SearchProgress
from .verify import violations

SMALL = 80
"""With more sessions CP-SAT finds nothing that the local search does not find sooner."""


class WrongTimetableError(RuntimeError):
    """The search produced a timetable the verifier refuses: a defect of the solver, never of the problem."""


@dataclass(kw_only=True)
class Run:
    """What the phases of a search share."""

    problem: Problem
    deadline: Deadline
    seed: int
    workers: int
    previous: Timetable | None
    weights: Weights
    on_progress: OnProgress | None
    demand: SeatDemand
    best: Timetable | None = None
    best_cost: int = 0
    bound: int | None = None
    first: float | None = None
    iterations: int = 0
    lock: RLock = field(default_factory=RLock)

    @property
    def large(self) -> bool:
        return len(self.problem.sessions) > SMALL

    @property
    def over(self) -> bool:
        return self.deadline.left <= 0 or self.deadline.stopped

    def offer(self, timetable: Timetable, phase: str) -> None:
        """Keep `timetable` if it is better than the best; several threads may. Raises WrongTimetableError if wrong."""
        wrong = violations(self.problem, timetable)
        if wrong:
            raise WrongTimetableError(f"{phase}: {wrong[0]}")
        cost = self.weights.total(self.measure(timetable))
        with self.lock:
            if self.best is not None and cost >= self.best_cost:
                return
            self.best, self.best_cost = tuple(sorted(timetable)), cost
            if self.first is None:
                self.first = self.deadline.elapsed
            self.tell(phase)

    def raise_bound(self, bound: int) -> None:
        """Remember a proved bound, if it says more than the last."""
        if self.bound is None or bound > self.bound:
            self.bound = bound
            if self.best is not None:
                self.tell("bound")

    def tell(self, phase: str) -> None:
        if self.on_progress is not None and self.best is not None:
            terms = self.measure(self.best)
            self.on_progress(SearchProgress(self.deadline.elapsed, phase, self.best_cost, terms, self.bound))

    def measure(self, timetable: Timetable) -> dict[str, int]:
        return measure(self.problem, timetable, demand=self.demand, previous=self.previous)

    def solver(self, seconds: float, *, workers: int | None = None) -> cp_model.CpSolver:
        """One worker gets `seconds` worth of work and all the time that is left; several can only be timed.

        With many sessions the clock holds too: the local search must have its turn, even on a busy machine. `workers`
        are all there are where nothing is said.
        """
        workers = workers or self.workers
        by_work = workers == 1 and not self.large
        limit = self.deadline.left if by_work or self.deadline.by_work else min(seconds, self.deadline.left)
        return new_solver(seconds=limit, seed=self.seed, workers=workers, work=seconds * WORK_PER_SECOND)
