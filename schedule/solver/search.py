"""Solve a problem: first any timetable that keeps every hard rule, then a better one until the time is over."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ortools.sat.python import cp_model

from . import results
from .budget import WORK_PER_SECOND, Deadline, ShouldStop, new_solver, stoppable
from .goals import quality
from .model import LINEARIZATION, TimetableModel, UnplaceableError
from .objective import Demand, Weights, measure
from .problem import Problem, Timetable
from .results import OnProgress, Progress
from .verify import violations

SMALL = 80
"""With more sessions CP-SAT finds nothing that the local search does not find sooner."""

FIRST_SHARE = 0.3
LOCAL_SHARE = 0.4
"""Of the seconds given: for a first timetable (usually far less is used), and for the local search."""


class Result(results.Result[Timetable]):
    """A `results.Result` whose solution is a timetable."""

    __slots__ = ()

    @property
    def timetable(self) -> Timetable | None:
        return self.solution


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
        problem=problem,
        deadline=Deadline(seconds, should_stop),
        seed=seed,
        workers=workers,
        previous=start,
        weights=weights or Weights(),
        on_progress=on_progress,
        demand=Demand(problem),
    ).run()


@dataclass(kw_only=True)
class _Search:
    problem: Problem
    deadline: Deadline
    seed: int
    workers: int
    previous: Timetable | None
    weights: Weights
    on_progress: OnProgress | None
    demand: Demand
    best: Timetable | None = None
    best_cost: int = 0
    first: float | None = None
    iterations: int = 0

    @property
    def large(self) -> bool:
        return len(self.problem.sessions) > SMALL

    def run(self) -> Result:
        """Any timetable; then local search if wishes clash; then CP-SAT, which can prove, if the problem is small."""
        if self.previous is not None and not violations(self.problem, self.previous):
            self.offer(self.previous, "start")
        try:
            model = TimetableModel(self.problem)
        except UnplaceableError:
            return self.result(feasible=False, status="INFEASIBLE")
        if self.best is None and self.find_first(model) == cp_model.INFEASIBLE:
            return self.result(feasible=False, status="INFEASIBLE")
        if self.best is None or self.large or self.demand.clash:
            self.improve_locally(model, 1.0 if self.large else LOCAL_SHARE)
        if self.best is None:
            return self.result(feasible=None, status="STOPPED" if self.deadline.stopped else "UNKNOWN")
        bound, proved = (self.floor(model), False) if self.large else self.improve_exactly(model, self.best)
        return self.result(feasible=True, status="OPTIMAL" if proved else "FEASIBLE", bound=bound)

    def find_first(self, model: TimetableModel) -> cp_model.CpSolverStatus:
        """Any timetable, hard rules only: the light model finds, the tight one refuses (see `model`)."""
        seconds = self.deadline.seconds * FIRST_SHARE
        status = self._find_first(model, seconds if self.large else seconds / 3)
        if status == cp_model.UNKNOWN and not self.large and not self.deadline.stopped:
            status = self._find_first(TimetableModel(self.problem, tight=True), seconds)
        return status

    def _find_first(self, model: TimetableModel, seconds: float) -> cp_model.CpSolverStatus:
        if self.previous is not None:
            model.hint(self.previous)
        solver = self._solver(model, seconds)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        self.iterations += solver.num_branches
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.offer(model.timetable(solver), "first")
        return status

    def _solver(self, model: TimetableModel, seconds: float) -> cp_model.CpSolver:
        """One worker gets `seconds` worth of work and all the time that is left; several can only be timed.

        With many sessions the clock holds too: the local search must have its turn, even on a busy machine.
        """
        by_work = self.workers == 1 and not self.large
        limit = self.deadline.left if by_work else min(seconds, self.deadline.left)
        work = seconds * WORK_PER_SECOND
        solver = new_solver(seconds=limit, seed=self.seed, workers=self.workers, work=work)
        if model.tight:
            solver.parameters.linearization_level = LINEARIZATION
        return solver

    def improve_locally(self, model: TimetableModel, share: float) -> None:
        """Annealing from the best timetable, or from anything if there is none."""
        if self.deadline.left <= 0 or self.deadline.stopped:
            return
        # Loading numba takes half a second (the first time ever, compiling some more): only where it is used.
        from .local import Arrays, anneal_rounds

        self.iterations += anneal_rounds(
            Arrays(model, self.demand, self.weights, self.previous),
            self.best,
            seconds=self.deadline.seconds * share,
            seed=self.seed,
            deadline=self.deadline,
            report=lambda timetable: self.offer(timetable, "local"),
        )

    def improve_exactly(self, model: TimetableModel, best: Timetable) -> tuple[int, bool]:
        """CP-SAT on the goals from the best timetable so far: a bound, and whether the best is proved best."""
        if self.deadline.left <= 0 or self.deadline.stopped:
            return self.floor(model), False
        if self.demand.clash:
            model = TimetableModel(self.problem, tight=True)
        model.hint(best)
        model.cp.minimize(quality(model, self.demand, self.weights, self.previous))
        share = 1 - LOCAL_SHARE - FIRST_SHARE
        solver = self._solver(model, self.deadline.seconds * share)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp, _Listener(self, model))
        self.iterations += solver.num_branches
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self.offer(model.timetable(solver), "cp-sat")
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return self.floor(model), False
        bound = math.ceil(solver.best_objective_bound - 1e-6)
        return max(self.floor(model), bound), status == cp_model.OPTIMAL

    def floor(self, model: TimetableModel) -> int:
        """A bound without search: every session alone in its cheapest room."""
        weights = self.weights
        return sum(
            min(
                weights.unseated * self.demand.unseated(session, model.domains.rooms[code])
                + weights.empty_seats * self.demand.empty_seats(session, model.domains.rooms[code])
                for code in model.domains.options[session.code].starts
            )
            for session in self.problem.sessions
        )

    def offer(self, timetable: Timetable, phase: str) -> None:
        """Keep `timetable` if it is better than the best. Raises WrongTimetableError if it breaks a rule."""
        wrong = violations(self.problem, timetable)
        if wrong:
            raise WrongTimetableError(f"{phase}: {wrong[0]}")
        terms = self.measure(timetable)
        cost = self.weights.total(terms)
        if self.best is not None and cost >= self.best_cost:
            return
        self.best, self.best_cost = tuple(sorted(timetable)), cost
        if self.first is None:
            self.first = self.deadline.elapsed
        if self.on_progress is not None:
            self.on_progress(Progress(self.deadline.elapsed, phase, cost, terms))

    def measure(self, timetable: Timetable) -> dict[str, int]:
        return measure(self.problem, timetable, demand=self.demand, previous=self.previous)

    def result(self, *, feasible: bool | None, status: str, bound: int | None = None) -> Result:
        return Result(
            feasible=feasible,
            status=status,
            solution=self.best,
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
