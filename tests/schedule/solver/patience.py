"""Work of CP-SAT that goes on until somebody asks it to stop, and who asks it after so many answers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from ortools.sat.python import cp_model

from schedule.solver.budget import Deadline, ShouldStop, new_solver, stoppable
from schedule.solver.exact.domains import RuleKey
from schedule.solver.explain import infeasible_subset
from schedule.solver.explain.feasibility import Asker, Feasibility
from schedule.solver.problem import Problem

SECONDS = 20.0
"""How long it takes where a stop is not heard."""

SOON = 10.0
"""Less than that, and far more than a stop takes on a busy machine."""


def work(should_stop: ShouldStop, began: Callable[[], None]) -> float:
    """Put pigeons in fewer holes, in vain. Calls `began` once the solver is at it; returns the seconds it took.

    From then on no Python runs in this thread, so `began` is called by the one that watches.
    """
    model = cp_model.CpModel()
    holes = range(40)
    inside = [[model.new_bool_var(f"{pigeon} in {hole}") for hole in holes] for pigeon in range(41)]
    for row in inside:
        model.add_bool_or(row)
    for hole in holes:
        for first in range(41):
            for second in range(first):
                model.add_bool_or(~inside[first][hole], ~inside[second][hole])
    solver = new_solver(seconds=SECONDS, seed=1, workers=1, work=1e9)
    solver.parameters.cp_model_presolve = False
    solver.parameters.symmetry_level = 0
    asked = count()

    def watched() -> bool:
        if next(asked) == 0:
            began()
        return should_stop()

    with stoppable(solver, Deadline(SECONDS, watched)):
        status = solver.solve(model)
    assert status == cp_model.UNKNOWN
    return solver.wall_time


def asked(enough: int, monkeypatch: pytest.MonkeyPatch) -> ShouldStop:
    """Asks to stop once an explanation has had the answers to so many questions.

    Each answer takes a measure of work, not of time, so a busy machine explains as much as an idle one.
    """
    answers: list[Feasibility] = []

    class Counting(Asker):
        def ask(self, problem: Problem, without: frozenset[RuleKey], seconds: float) -> Feasibility:
            answers.append(super().ask(problem, without, seconds))
            return answers[-1]

    monkeypatch.setattr(infeasible_subset, "Asker", Counting)
    return lambda: len(answers) >= enough
