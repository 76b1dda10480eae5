"""The exact end of a search on a small problem: a proof that nothing is better, or at least a bound."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from contextlib import suppress

from ortools.sat.python import cp_model

from schedule.solver.budget import WORK_PER_SECOND, stoppable
from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Timetable, Weights
from schedule.solver.run import Run

from .domains import Options
from .interval_model import TimetableModel, UnplaceableError
from .objective_terms import quality, room_cost, time_cost
from .time_indexed_model import GivenUp, TimeIndexedModel, grid_moments, stabbing_moments

MOST_LITERALS = 150_000
"""A larger model of moments takes longer to build and to presolve than it can help."""

BOOLEAN_PACE = 2.0
"""How much faster than `WORK_PER_SECOND` CP-SAT's units pass in a model without intervals."""

FASTEST = 10.0
"""No core is so much faster than `WORK_PER_SECOND` says: with so much work the clock decides."""

FREE_SESSIONS = 8
"""How many a step of `_vary` may move: their best places are found in a fraction of a second."""


def floor(model: TimetableModel, demand: SeatDemand, weights: Weights) -> int:
    """A bound without search: every session alone at its cheapest place."""
    days = Days(model.problem)
    found = 0
    for session in model.problem.sessions:
        options = model.domains.options[session.code]
        found += min(room_cost(demand, weights, session, model.domains.rooms[code]) for code in options.starts)
        found += min(time_cost(days, weights, session, start) for start in options.all_starts)
    return found


Near = Callable[[Timetable], None]
"""Looks for right timetables near one that may break rules."""


def improve(run: Run, model: TimetableModel, *, seconds: float, near: Near | None) -> None:
    """Better timetables and better bounds from the best so far, for `seconds` worth of work.

    `near` is asked to make something of the time-indexed model's solution, which sees a timetable at moments only.
    """
    if run.best is None or run.over or run.bound == run.best_cost:
        return
    if run.demand.clash and run.weights.wish_clashes:
        with suppress(GivenUp):
            _by_moments(run, model, near, seconds)
        if not run.weights.person_gaps:  # the one term that moments do not see
            return
    if not run.over and run.bound != run.best_cost:
        _by_intervals(run, model, run.best, seconds)


def prove(run: Run, model: TimetableModel) -> None:
    """All the time that is left by the clock, for the proof that nothing is better, or for what is.

    Returns early where that takes a larger model than can help.
    """
    if not (run.demand.clash and run.weights.wish_clashes) or run.weights.person_gaps:
        if run.best is not None:
            _by_intervals(run, model, run.best, run.deadline.left * FASTEST)
        return
    moments = grid_moments(model, run.problem.rules.slot_minutes)
    if _fits(run, moments):
        with suppress(GivenUp):
            _by_all_moments(run, model, moments, run.deadline.left * FASTEST)


def _by_intervals(run: Run, model: TimetableModel, best: Timetable, seconds: float) -> None:
    """CP-SAT on all goals: quick where no wishes clash."""
    model.hint(best)
    model.cp.minimize(quality(model, run.demand, run.weights, run.previous))
    solver = run.solver(seconds)
    with stoppable(solver, run.deadline):
        status = solver.solve(model.cp, _Listener(run, model))
    run.iterations += solver.num_branches
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        run.offer(model.timetable(solver), "cp-sat")
        run.raise_bound(math.ceil(solver.best_objective_bound - 1e-6))


def _by_moments(run: Run, model: TimetableModel, near: Near | None, seconds: float) -> None:
    """First few moments for a bound, then a timetable like that solution, then its variations, then every moment."""
    wished = {code for pair in run.demand.clash for code in pair}
    coarse = TimeIndexedModel(
        model,
        run.demand,
        run.weights,
        stabbing_moments(model, wished),
        whole=False,
        over=lambda: run.over,
        previous=run.previous,
    )
    if run.best is not None:
        coarse.hint(run.best)
    solver = _solve(run, coarse, seconds * 0.6)
    if solver is not None:
        run.raise_bound(math.ceil(solver.best_objective_bound - 1e-6))
        if near is not None and not run.over:
            near(coarse.timetable(solver))
    moments = grid_moments(model, run.problem.rules.slot_minutes)
    if not _fits(run, moments):
        return
    _vary(run, model, seconds * 0.1)
    _by_all_moments(run, model, moments, seconds * 0.2)


def _fits(run: Run, moments: list[int]) -> bool:
    atoms = sum(len(room.occupies) for room in run.problem.rooms)
    return len(moments) * len(run.problem.sessions) * atoms <= MOST_LITERALS


def _by_all_moments(run: Run, model: TimetableModel, moments: list[int], seconds: float) -> None:
    if run.over or run.best is None or run.bound == run.best_cost:
        return
    whole = _whole(run, model, moments)
    whole.hint(run.best)
    if run.bound is not None:
        whole.cp.add(cp_model.LinearExpr.sum([0, *whole.goal]) >= run.bound)
    solver = _solve(run, whole, seconds, _Listener(run, whole))
    if solver is not None:
        run.raise_bound(math.ceil(solver.best_objective_bound - 1e-6))


def _solve(
    run: Run, model: TimeIndexedModel, seconds: float, listener: cp_model.CpSolverSolutionCallback | None = None
) -> cp_model.CpSolver | None:
    """The solver if it found a solution."""
    if run.over:
        return None
    solver = run.solver(seconds * BOOLEAN_PACE)
    with stoppable(solver, run.deadline):
        status = solver.solve(model.cp, listener)
    run.iterations += solver.num_branches
    return solver if status in {cp_model.OPTIMAL, cp_model.FEASIBLE} else None


def _narrowed(run: Run, options: dict[str, Options], seconds: float) -> float:
    """The best timetable with sessions where `options` allow them, if there is one; returns the work it took."""
    try:
        model = TimetableModel(run.problem, narrowed=options)
    except UnplaceableError:
        return 0.0
    moments = grid_moments(model, run.problem.rules.slot_minutes)
    near = _whole(run, model, moments)
    solver = _solve(run, near, seconds)
    if solver is None:
        return seconds
    run.offer(near.timetable(solver), "moments")
    return solver.response_proto.deterministic_time / WORK_PER_SECOND / BOOLEAN_PACE


def _whole(run: Run, model: TimetableModel, moments: list[int]) -> TimeIndexedModel:
    return TimeIndexedModel(
        model, run.demand, run.weights, moments, whole=True, over=lambda: run.over, previous=run.previous
    )


def _vary(run: Run, model: TimetableModel, seconds: float) -> None:
    """Some sessions at a time, a clash among them, get the best places the others leave them."""
    chance = random.Random(run.seed)  # noqa: S311  # a repeatable search, not a secret
    codes = [session.code for session in run.problem.sessions]
    while seconds > 0 and not run.over and run.best is not None and run.bound != run.best_cost:
        at = {placement.session: placement for placement in run.best}
        clashing = [pair for pair in run.demand.clash if at[pair[0]].interval.overlaps(at[pair[1]].interval)]
        free = set(chance.choice(clashing)) if clashing else set()
        free.update(chance.sample(codes, min(len(codes), FREE_SESSIONS - len(free))))
        pinned = {code: Options({p.room: (p.start,)}) for code, p in at.items() if code not in free}
        seconds -= 0.05 + _narrowed(run, model.domains.options | pinned, min(seconds, 1.0))


class _Listener(cp_model.CpSolverSolutionCallback):
    """Offers every timetable that CP-SAT finds."""

    def __init__(self, run: Run, model: TimetableModel | TimeIndexedModel) -> None:
        super().__init__()
        self._run = run
        self._model = model

    def on_solution_callback(self) -> None:
        self._run.offer(self._model.timetable(self), "cp-sat")
