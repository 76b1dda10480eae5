"""What the moves say they changed is what changed, and two stretches of time change places whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.annealing.arrays import Arrays
from schedule.solver.annealing.chains import empty_chain, settle
from schedule.solver.annealing.draws import seeded
from schedule.solver.annealing.moves import anneal
from schedule.solver.annealing.state import empty_state, fill
from schedule.solver.annealing.together.blocks import collect, exchange
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Attendee, Problem, Session
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, problem_of, problems


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No example waits for the compiler."""
    warm()


@settings(max_examples=60, deadline=None)
@given(problems(most=6), st.integers(0, 1000), st.sampled_from([0.5, 5.0, 500.0]), st.sampled_from([0.5, 1000.0]))
def test_the_sums_stay_those_of_the_state(problem: Problem, seed: int, temperature: float, hard_weight: float) -> None:
    """Whatever moved how often, and through however many broken rules: counted anew, all is the same."""
    try:
        model = TimetableModel(problem)
    except UnplaceableError:
        return
    weights = Weights(person_gaps=1, day_imbalance=30)
    arrays = Arrays(model, SeatDemand(problem), weights)
    slot, room = arrays.built_state(seed)
    state = empty_state(arrays.data)
    hard, soft = fill(arrays.data, state, slot, room)
    best = soft if hard == 0 else -1
    outcome = anneal(
        arrays.data,
        state,
        empty_chain(len(slot)),
        hard,
        soft,
        slot,
        room,
        best,
        seeded(seed),
        3000,
        temperature,
        temperature,
        hard_weight,
    )
    anew = empty_state(arrays.data)
    assert fill(arrays.data, anew, state.slot, state.room) == (outcome.hard, outcome.soft)
    for kept, counted in zip(state, anew, strict=True):
        np.testing.assert_array_equal(kept, counted)
    if outcome.best >= 0:
        assert fill(arrays.data, empty_state(arrays.data), slot, room) == (0, outcome.best)


def test_two_stretches_of_time_change_places_but_for_who_may_not() -> None:
    """Nine o'clock and eleven: the sessions of both go over, the one that may not stays and gets another room."""
    sessions = (
        Session("long", "long", 60),
        Session("early", "early", 30),
        Session("later", "later", 30),
        Session("stays", "stays", 60, not_before=MORNING + 120),
        Session("other", "other", 60),
    )
    problem = replace(problem_of(sessions), attendees=(Attendee((("long", 3), ("stays", 2), ("other", 1))),))
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
    at = {"long": (18, "A"), "early": (18, "B"), "later": (19, "B"), "stays": (22, "A"), "other": (22, "C")}
    slot = np.array([at[session.code][0] for session in sessions])
    room = np.array([arrays.room_number[at[session.code][1]] for session in sessions])
    state, chain = empty_state(arrays.data), empty_chain(len(sessions))
    hard, soft = fill(arrays.data, state, slot, room)
    length = collect(arrays.data, state, chain, 18, 22, 2)
    assert [sessions[i].code for i in chain.who[:length]] == ["long", "early", "later", "other"]
    more_hard, change = exchange(arrays.data, state, seeded(1), chain, length)
    settle(arrays.data, state, chain, length)
    assert dict(zip(at, state.slot.tolist(), strict=True)) == {
        "long": 22,
        "early": 22,
        "later": 23,
        "stays": 22,
        "other": 18,
    }
    assert fill(arrays.data, empty_state(arrays.data), state.slot, state.room) == (hard + more_hard, soft + change)
    assert hard + more_hard == 0
