"""Three groups of sessions that would have to go round in a circle do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from schedule.solver.annealing.arrays import Arrays
from schedule.solver.annealing.chains import empty_chain
from schedule.solver.annealing.draws import seeded
from schedule.solver.annealing.state import empty_state, fill
from schedule.solver.annealing.together.rearranging import cuts, rearrange
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Attendee, Problem, Session
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, problem_of

CODES = ("a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3")


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No example waits for the compiler."""
    warm()


def in_a_circle(duration: int) -> Problem:
    """Three groups; somebody wishes for every two of different groups; the third of each is bound to an hour."""
    windows = {"a3": 0, "b3": 1, "c3": 2}
    sessions = tuple(
        Session(
            code,
            code,
            duration,
            not_before=MORNING + 60 * windows[code] if code in windows else None,
            not_after=MORNING + 60 * windows[code] + 60 if code in windows else None,
        )
        for code in CODES
    )
    wishes = tuple(Attendee(((a, 1), (b, 1))) for a in CODES for b in CODES if a[0] < b[0])
    return replace(problem_of(sessions), attendees=wishes)


@pytest.mark.parametrize("duration", [60, 45])
def test_groups_go_round_in_a_circle_at_once(duration: int) -> None:
    """Two of b, c and a are where a, b and c should be; the third, which could not come along, cost there."""
    problem = in_a_circle(duration)
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    hours = {"b": 0, "a3": 0, "c": 1, "b3": 1, "a": 2, "c3": 2}
    slot = np.array([(MORNING + 60 * hours.get(code, hours[code[0]])) // arrays.slot for code in CODES])
    room = np.array([arrays.room_number["ABC"[int(code[1]) - 1]] for code in CODES])
    state = empty_state(arrays.data)
    hard, soft = fill(arrays.data, state, slot, room)
    possible = np.asarray(arrays.data.allowed.any(axis=1))
    assert hard == 0
    assert {int(slot[0]), int(slot[3]), int(slot[6])} <= set(cuts(arrays.data, state, possible).tolist())
    chain, rng = empty_chain(len(CODES)), seeded(1)
    more_hard, change = rearrange(arrays.data, state, chain, rng, possible, 0.15, 100.0)
    anew = empty_state(arrays.data)
    assert fill(arrays.data, anew, state.slot, state.room) == (more_hard, soft + change)
    for kept, counted in zip(state, anew, strict=True):
        np.testing.assert_array_equal(kept, counted)
    at = dict(zip(CODES, state.slot.tolist(), strict=True))
    assert at == {code: (MORNING + 60 * "abc".index(code[0])) // arrays.slot for code in CODES}
    assert (more_hard, rearrange(arrays.data, state, chain, rng, possible, 0.15, 100.0)) == (0, (0, 0))
