"""What the local search reads of a problem: no starts that a fixed session forbids, and the least step of the cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from schedule.solver.annealing.arrays import Arrays
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Problem, Session
from tests.schedule.solver.brute import MORNING, problem_of

FIXED = MORNING + 60


def starts(problem: Problem, code: str) -> list[int]:
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    open_ = arrays.data.allowed[arrays.number[code]].any(axis=0)
    return [int(slot) * arrays.slot - MORNING for slot in np.flatnonzero(open_)]


@pytest.mark.parametrize(
    ("fixed", "other", "left"),
    [
        ({}, {}, [0, 30, 60, 90, 120]),
        ({"blocks_all": True}, {}, [0, 120]),
        ({"people": frozenset({"ann"})}, {"people": frozenset({"ann"})}, [0, 120]),
        ({}, {"after": frozenset({"fixed"})}, [120]),
        ({"after": frozenset({"other"})}, {}, [0]),
        ({"blocks_all": True}, {"not_before": MORNING + 30, "not_after": MORNING + 150}, [30, 60, 90]),
    ],
)
def test_nothing_starts_where_a_fixed_session_forbids_it(
    fixed: dict[str, object], other: dict[str, object], left: list[int]
) -> None:
    """The last: nowhere to go, so it keeps what it had, and a rule is broken wherever it is."""
    first = replace(Session("fixed", "fixed", 60, fixed_start=FIXED), **fixed)  # type: ignore[arg-type]  # of one field
    second = replace(Session("other", "other", 60), **other)  # type: ignore[arg-type]  # of a few fields
    assert starts(problem_of((first, second)), "other") == left


def test_those_who_start_with_a_fixed_session_start_with_it() -> None:
    sessions = (Session("fixed", "fixed", 60, fixed_start=FIXED), Session("other", "other", 30))
    problem = problem_of(sessions, same_time=(frozenset({"fixed", "other"}),))
    assert starts(problem, "other") == [60]


@pytest.mark.parametrize(
    ("weights", "unit"),
    [
        (Weights(), 10),
        (Weights(person_gaps=1), 5),
        (Weights(track_rooms=4), 2),
        (Weights(track_rooms=7), 1),
    ],
)
def test_every_difference_in_cost_is_a_multiple_of_the_unit(weights: Weights, unit: int) -> None:
    """Rooms of 50, 20, 30 and 80 seats for one of 20, half hours, tracks; idle minutes count with 45 of a talk."""
    sessions = (Session("a", "a", 45, seats_needed=20, track="x"), Session("b", "b", 30, seats_needed=20))
    problem = problem_of(sessions)
    problem = replace(problem, rules=replace(problem.rules, slot_minutes=5))
    assert Arrays(TimetableModel(problem), SeatDemand(problem), weights).unit == unit
