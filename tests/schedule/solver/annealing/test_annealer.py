"""The local search asks often whether to stop, however long a round is, and cools as it should."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from schedule.solver.annealing import annealer as annealing
from schedule.solver.annealing.annealer import (
    CALLS_PER_ROUND,
    CHECK_SECONDS,
    COLD_MANY,
    FAST_SHARE,
    HARD_HEATS,
    REHEAT,
    SOFT_HEATS,
    STRETCH,
    Annealer,
    steps_per_second,
)
from schedule.solver.annealing.arrays import FEW, Arrays
from schedule.solver.annealing.moves import AnnealingOutcome
from schedule.solver.budget import Deadline
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Session
from tests.schedule.solver.brute import problem_of
from tests.schedule.solver.test_solve import many_sessions


@pytest.mark.parametrize("steps", [1, 15_000, 1_000_000, 500_000_000])
def test_no_stretch_without_a_question_is_long(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    stretches: list[int] = []
    temperatures: list[tuple[float, float]] = []

    def anneal(*arguments: Any) -> AnnealingOutcome:
        *_, stretch, hot, cold, _hard_weight = arguments
        stretches.append(stretch)
        temperatures.append((hot, cold))
        return AnnealingOutcome(0, 0, 0)

    monkeypatch.setattr(annealing, "anneal", anneal)
    problem = problem_of((Session("X", "X", 60), Session("Y", "Y", 60)))
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(len(stretches))
        return False

    deadline = Deadline(600, should_stop)
    annealer = Annealer(arrays, seed=1, deadline=deadline, report=lambda _timetable: None)
    annealer.cool(*arrays.built_state(1), steps=steps, hot=80.0)
    assert max(stretches) <= steps_per_second(2) * CHECK_SECONDS
    assert asked == list(range(len(stretches)))
    assert sum(stretches) == pytest.approx(max(steps, CALLS_PER_ROUND), rel=0.01)
    # The heat falls evenly from the first to the last.
    assert [hot for hot, _ in temperatures[1:]] == pytest.approx([cold for _, cold in temperatures[:-1]])
    assert (temperatures[0][0], temperatures[-1][1]) == pytest.approx((80.0, 2.0))


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (1, True), (60, True), (1, False), (60, False)])
def test_many_sessions_are_cooled_twice_in_short_stretches(
    monkeypatch: pytest.MonkeyPatch, seconds: int, good: bool
) -> None:
    """At first fast, then slowly from where that found order; a timetable better than that found is only shaken."""
    stretches: list[int] = []
    temperatures: list[float] = []
    slots: list[list[int]] = []

    def anneal(*arguments: Any) -> AnnealingOutcome:
        _, state, _chain, _hard, _soft, _best_slot, _best_room, best, _rng, stretch, hot, cold, _hard_weight = arguments
        assert hot == cold
        stretches.append(stretch)
        temperatures.append(hot)
        slots.append(state.slot.tolist())
        state.slot[:] = 0
        # Order begins at a temperature of 20; from there the avoidable cost falls by the same factor in each degree.
        cost = (best if good else annealer.floor) + math.ceil(math.expm1(min(hot, 20.0)))
        return AnnealingOutcome(0, cost, best)

    monkeypatch.setattr(annealing, "anneal", anneal)
    problem = many_sessions(FEW + 1)
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    annealer = Annealer(arrays, seed=1, deadline=Deadline(600), report=lambda _timetable: None)
    start = annealer.best_slot.tolist()
    annealer.heat = 500.0
    annealer.search(seconds)
    assert set(stretches) == {STRETCH}
    assert sum(stretches) == pytest.approx(seconds * steps_per_second(FEW + 1), abs=2 * STRETCH)
    again = next(
        i for i in range(1, len(slots)) if temperatures[i] != min(temperatures[: i + 1]) or i == len(slots) - 1
    )
    assert temperatures[0] == 500
    assert slots[0] == start
    assert (slots[again] == start) == good
    if seconds == 60:
        assert 10 < temperatures[again] / (REHEAT if good else 1) < 20
        assert temperatures[-1] == pytest.approx(COLD_MANY * arrays.unit, rel=0.05)
        assert again == pytest.approx(FAST_SHARE * len(temperatures), rel=0.05)


@pytest.mark.parametrize(("uneven", "seconds"), [(True, 10), (False, 10), (True, 0.5)])
def test_rules_are_cheap_in_the_first_half_of_the_slow_cooling_where_lengths_are_uneven(
    monkeypatch: pytest.MonkeyPatch, uneven: bool, seconds: float
) -> None:
    """With a rule broken all the time; in half a second there is too little time for it."""
    heats: list[float] = []

    def anneal(*arguments: Any) -> AnnealingOutcome:
        *_, hot, _cold, hard_weight = arguments
        heats.append(hard_weight / hot)
        return AnnealingOutcome(1, annealer.floor + math.ceil(hot), -1)

    monkeypatch.setattr(annealing, "anneal", anneal)
    problem = many_sessions(FEW + 1)
    if uneven:
        first, *rest = problem.sessions
        problem = replace(problem, sessions=(replace(first, duration=60), *rest))
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    annealer = Annealer(arrays, seed=1, deadline=Deadline(600), report=lambda _timetable: None)
    annealer.heat = 500.0
    annealer.search(seconds)
    fast = round(FAST_SHARE * len(heats))
    half = (len(heats) - fast) // 2
    early, late = heats[fast + 1 : fast + half - 1], heats[fast + half + 2 :]
    assert min(heats[:fast] + late) >= HARD_HEATS
    if uneven and seconds == 10:
        assert early == sorted(early)
        assert early[0] == pytest.approx(SOFT_HEATS, rel=0.1)
        assert early[-1] == pytest.approx(HARD_HEATS, rel=0.1)
    else:
        assert min(early) >= HARD_HEATS
