"""The local search asks often whether to stop, however long a round is."""

from __future__ import annotations

from typing import Any

import pytest

from schedule.solver import local
from schedule.solver.budget import Deadline
from schedule.solver.kernel import Outcome
from schedule.solver.local import CALLS_PER_ROUND, CHECK_SECONDS, Annealer, Arrays, steps_per_second
from schedule.solver.model import TimetableModel
from schedule.solver.objective import Demand, Weights
from schedule.solver.problem import Session

from .brute import problem_of


@pytest.mark.parametrize("steps", [1, 15_000, 1_000_000, 500_000_000])
def test_no_stretch_without_a_question_is_long(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    stretches: list[int] = []
    temperatures: list[tuple[float, float]] = []

    def anneal(*arguments: Any) -> Outcome:
        *_, stretch, hot, cold, _hard_weight = arguments
        stretches.append(stretch)
        temperatures.append((hot, cold))
        return Outcome(0, 0, 0)

    monkeypatch.setattr(local, "anneal", anneal)
    problem = problem_of((Session("X", "X", 60), Session("Y", "Y", 60)))
    arrays = Arrays(TimetableModel(problem), Demand(problem), Weights())
    asked: list[int] = []
    deadline = Deadline(600, lambda: bool(asked.append(len(stretches))))
    annealer = Annealer(arrays, seed=1, deadline=deadline, report=lambda _timetable: None)
    annealer.cool(*arrays.built_state(1), steps=steps, hot=80.0)
    assert max(stretches) <= steps_per_second(2) * CHECK_SECONDS
    assert asked == list(range(len(stretches)))
    assert sum(stretches) == pytest.approx(max(steps, CALLS_PER_ROUND), rel=0.01)
    # The heat falls evenly from the first to the last.
    assert [hot for hot, _ in temperatures[1:]] == pytest.approx([cold for _, cold in temperatures[:-1]])
    assert (temperatures[0][0], temperatures[-1][1]) == pytest.approx((80.0, 2.0))
