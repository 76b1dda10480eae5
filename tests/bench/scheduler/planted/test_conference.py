"""The timetable that a conference was made from is right and costs nothing, by three readings of the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.scheduler.planted.conference import plant
from schedule.solver.annealing.arrays import Arrays
from schedule.solver.annealing.state import empty_state, fill
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand, measure
from schedule.solver.verify import violations

from .oracle import paid, wrong


@pytest.mark.parametrize(("size", "seed", "grid"), [(30, 1, 30), (30, 2, 5), (100, 3, 30)])
def test_the_hidden_timetable_is_right_and_costs_nothing(size: int, seed: int, grid: int) -> None:
    planted = plant(size, seed, grid=grid)
    problem, timetable = planted.problem, planted.timetable
    assert len(problem.sessions) == size
    assert (wrong(problem, timetable), paid(problem, timetable)) == ([], [])
    assert violations(problem, timetable) == []
    assert problem.weights.total(measure(problem, timetable)) == 0
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), problem.weights)
    assert fill(arrays.data, empty_state(arrays.data), *arrays.state(timetable)) == (0, 0)


def test_a_conference_asks_for_everything_there_is() -> None:
    """So that an engine which did not know one of the rules or goals would not find the optimum."""
    problem = plant(100, 1).problem
    sessions = problem.sessions
    asked = {
        "people twice": any(sum(p.code in s.people for s in sessions) > 1 for p in problem.people),
        "away": any(person.away for person in problem.people),
        "closed": any(room.closed for room in problem.rooms),
        "joined": any(room.parts for room in problem.rooms),
        "groups": bool(problem.same_time and problem.same_room),
        "pins": {(pin.start is None, pin.room is None) for pin in problem.pins} == {(True, False), (False, True)},
        "ranks": {weight for one in problem.attendees for _, weight in one.wishes} == {1, 2, 3, 4, 5},
        **{
            field: any(getattr(session, field) for session in sessions)
            for field in (
                "required_features", "needs_interpreters", "blocks_all", "is_break", "not_before", "not_after", "after",
                "not_parallel_with", "capacity_cap", "track", "preferred_times", "preferred_rooms",
            )
        },
    }  # fmt: skip
    assert {name for name, is_asked in asked.items() if not is_asked} == set()


def test_the_same_numbers_give_the_same_conference() -> None:
    assert plant(30, 7) == plant(30, 7)
    assert plant(30, 7) != plant(30, 8)


def test_the_oracle_sees_what_is_wrong_and_what_is_paid_for() -> None:
    """One session late by an hour: the rules or the goals that it breaks are seen as the verifier sees them."""
    planted = plant(30, 1)
    problem = planted.problem
    for index, placed in enumerate(planted.timetable):
        late = (
            *planted.timetable[:index],
            replace(placed, start=placed.start + 60, end=placed.end + 60),
            *planted.timetable[index + 1 :],
        )
        assert bool(wrong(problem, late)) == bool(violations(problem, late))
        assert bool(paid(problem, late)) == (problem.weights.total(measure(problem, late)) > 0)
