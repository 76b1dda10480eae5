"""The first question of a search: is there a timetable in which nothing costs more than it must?"""

from __future__ import annotations

from ortools.sat.python import cp_model

from schedule.solver.budget import stoppable
from schedule.solver.run import Run

from .bounds import BOOLEAN_PACE
from .ideal_model import IdealModel, NotIdealError
from .interval_model import TimetableModel
from .time_indexed_model import GivenUp

BOOLEANS_ALONE = 0
"""CP-SAT's linearization_level: a linear relaxation of rules alone says nothing that its clauses do not. Its presolve
would take longer than the search does after it, and as much memory again."""


def look_for_ideal(run: Run, model: TimetableModel, *, seconds: float) -> None:
    """Offer one, proved best, if so much work of one worker finds it; it may prove instead that there is none."""
    try:
        ideal = IdealModel(model, run.demand, run.weights, over=lambda: run.over, previous=run.previous)
    except (NotIdealError, GivenUp):
        return
    if run.over:
        return
    solver = run.solver(seconds * BOOLEAN_PACE, workers=1)
    solver.parameters.linearization_level = BOOLEANS_ALONE
    solver.parameters.cp_model_presolve = False
    with stoppable(solver, run.deadline):
        status = solver.solve(ideal.cp)
    run.iterations += solver.num_branches
    if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        run.raise_bound(ideal.cost)
        run.offer(ideal.timetable(solver), "moments")
