"""Solve a problem: first any timetable that keeps every hard rule, then a better one until the time is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from .budget import Deadline, ShouldStop, new_solver, stoppable
from .goals import quality
from .model import TimetableModel, UnplaceableError
from .objective import Demand, Weights, measure
from .problem import Problem, Timetable
from .verify import violations


@dataclass(frozen=True, slots=True)
class Progress:
    """What `on_progress` hears: a better timetable was found."""

    seconds: float
    phase: str
    objective: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run found.

    `feasible` is True (here is a timetable), False (proved that there is none) or None (not known in the time given).
    `objective` is the weighted sum of `terms`; `bound` is proved: no timetable is better than it. `iterations` counts
    local search moves tried and CP-SAT branches.
    """

    feasible: bool | None
    status: str
    timetable: Timetable | None
    objective: int | None
    terms: dict[str, int] = field(default_factory=dict)
    bound: int | None = None
    seconds: float = 0.0
    seconds_to_first: float | None = None
    iterations: int = 0


class WrongTimetableError(RuntimeError):
    """The search produced a timetable the verifier refuses: a defect of the solver, never of the problem."""


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    workers: int = 1,
    start: Timetable | None = None,
    weights: Weights | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Result:
    """Find a timetable and improve it for `seconds`.

    With `start`, the result is never worse than it (if it keeps the rules), and the stability terms count against
    it. One seed gives one result with one worker (see `budget`). Every timetable has passed `verify.violations`.
    """
    return _Search(
        problem, Deadline(seconds, should_stop), seed, workers, start, weights or Weights(), on_progress
    ).run()


class _Search:
    def __init__(
        self,
        problem: Problem,
        deadline: Deadline,
        seed: int,
        workers: int,
        start: Timetable | None,
        weights: Weights,
        on_progress: OnProgress | None,
    ) -> None:
        self.problem = problem
        self.deadline = deadline
        self.seed = seed
        self.workers = workers
        self.previous = start
        self.weights = weights
        self.on_progress = on_progress
        self.demand = Demand(problem)
        self.best: Timetable | None = None
        self.best_cost = 0
        self.first: float | None = None
        self.iterations = 0

    def run(self) -> Result:
        if self.previous is not None and not violations(self.problem, self.previous):
            self.offer(self.previous, "start")
        try:
            model = TimetableModel(self.problem)
        except UnplaceableError:
            return self.result(False, "INFEASIBLE")
        if self.best is None:
            status = self.find_first(model)
            if status == cp_model.INFEASIBLE:
                return self.result(False, "INFEASIBLE")
            if self.best is None:
                return self.result(None, "STOPPED" if self.deadline.stopped else "UNKNOWN")
        bound, proved = self.improve_exactly(model)
        return self.result(True, "OPTIMAL" if proved else "FEASIBLE", bound)

    def find_first(self, model: TimetableModel) -> cp_model.CpSolverStatus:
        """Any timetable, hard rules only."""
        if self.previous is not None:
            model.hint(self.previous)
        solver = new_solver(seconds=self.deadline.left, seed=self.seed, workers=self.workers)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        self.iterations += solver.num_branches
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.offer(model.timetable(solver), "first")
        return status

    def improve_exactly(self, model: TimetableModel) -> tuple[int, bool]:
        """CP-SAT on the goals from the best timetable so far: a bound, and whether the best is proved best."""
        assert self.best is not None
        model.hint(self.best)
        model.cp.minimize(quality(model, self.demand, self.weights, self.previous))
        if self.deadline.left <= 0 or self.deadline.stopped:
            return 0, False
        solver = new_solver(seconds=self.deadline.left, seed=self.seed, workers=self.workers)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp, _Listener(self, model))
        self.iterations += solver.num_branches
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.offer(model.timetable(solver), "cp-sat")
        return max(0, round(solver.best_objective_bound)), status == cp_model.OPTIMAL

    def offer(self, timetable: Timetable, phase: str) -> None:
        """Keep `timetable` if it is better than the best. Raises WrongTimetableError if it breaks a rule."""
        wrong = violations(self.problem, timetable)
        if wrong:
            raise WrongTimetableError(f"{phase}: {wrong[0]}")
        cost = self.weights.total(self.measure(timetable))
        if self.best is not None and cost >= self.best_cost:
            return
        self.best, self.best_cost = tuple(sorted(timetable)), cost
        if self.first is None:
            self.first = self.deadline.elapsed
        if self.on_progress is not None:
            self.on_progress(Progress(self.deadline.elapsed, phase, cost))

    def measure(self, timetable: Timetable) -> dict[str, int]:
        return measure(self.problem, timetable, demand=self.demand, previous=self.previous)

    def result(self, feasible: bool | None, status: str, bound: int | None = None) -> Result:
        return Result(
            feasible=feasible,
            status=status,
            timetable=self.best,
            objective=None if self.best is None else self.best_cost,
            terms={} if self.best is None else self.measure(self.best),
            bound=bound,
            seconds=self.deadline.elapsed,
            seconds_to_first=self.first,
            iterations=self.iterations,
        )


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, search: _Search, model: TimetableModel) -> None:
        super().__init__()
        self._search = search
        self._model = model

    def on_solution_callback(self) -> None:
        self._search.offer(self._model.timetable(self), "cp-sat")
