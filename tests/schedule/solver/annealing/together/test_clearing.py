"""Who is in the way of a session makes way: into its old time, along with it, or to wherever there is room."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from schedule.solver.annealing.arrays import Arrays
from schedule.solver.annealing.chains import SessionChain, empty_chain, settle, undo
from schedule.solver.annealing.draws import seeded
from schedule.solver.annealing.state import AnnealingState, empty_state, fill
from schedule.solver.annealing.together.clearing import evict, make_way, resettle
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Attendee, Session
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, problem_of

At = dict[str, tuple[int, str]]

PLACES: At = {"all": (20, "A"), "a": (18, "A"), "b": (18, "B"), "c": (19, "B"), "d": (22, "C")}


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No test waits for the compiler."""
    warm()


class Board:
    """A morning of three hours in half hours, the first of which is slot 18."""

    def __init__(self, sessions: tuple[Session, ...], at: At) -> None:
        wishes = tuple(Attendee(((one.code, 2), (two.code, 1))) for one, two in combinations(sessions, 2))
        problem = replace(problem_of(sessions), attendees=wishes)
        self.codes = [session.code for session in sessions]
        self.arrays = Arrays(TimetableModel(problem), SeatDemand(problem), Weights())
        self.state: AnnealingState = empty_state(self.arrays.data)
        self.chain: SessionChain = empty_chain(len(sessions))
        slot = np.array([at[code][0] for code in self.codes])
        room = np.array([self.arrays.room_number[at[code][1]] for code in self.codes])
        self.before = fill(self.arrays.data, self.state, slot, room)

    @property
    def at(self) -> At:
        rooms = {number: code for code, number in self.arrays.room_number.items()}
        return {
            code: (int(self.state.slot[index]), rooms[int(self.state.room[index])])
            for index, code in enumerate(self.codes)
        }

    def resettle(self, length: int) -> tuple[int, int]:
        """Move the chain; what that says it changed is what changed. Returns what it comes to."""
        hard, soft = resettle(self.arrays.data, self.state, seeded(1), self.chain, length)
        settle(self.arrays.data, self.state, self.chain, length)
        anew = empty_state(self.arrays.data)
        counted = fill(self.arrays.data, anew, self.state.slot, self.state.room)
        assert counted == (self.before[0] + hard, self.before[1] + soft)
        for kept, summed in zip(self.state, anew, strict=True):
            np.testing.assert_array_equal(kept, summed)
        return counted


def board(*, at: At = PLACES, **changes: Session) -> Board:
    sessions = {
        "all": Session("all", "all", 60, blocks_all=True),
        "a": Session("a", "a", 60),
        "b": Session("b", "b", 30),
        "c": Session("c", "c", 30),
        "d": Session("d", "d", 60),
    }
    return Board(tuple((sessions | changes).values()), at)


@pytest.mark.parametrize(
    ("start", "insert", "there"),
    [
        (18, True, {"all": (18, "A"), "a": (20, "A"), "b": (20, "B"), "c": (21, "B"), "d": (22, "C")}),
        (18, False, {"all": (18, "A"), "a": (20, "A"), "b": (20, "B"), "c": (21, "B"), "d": (22, "C")}),
        (22, False, {"all": (22, "A"), "a": (18, "A"), "b": (18, "B"), "c": (19, "B"), "d": (20, "C")}),
    ],
)
def test_all_make_way_for_what_nothing_runs_beside(start: int, insert: bool, there: At) -> None:
    made = board()
    length = make_way(made.arrays.data, made.state, made.chain, 0, start, insert, 0.0, 1e9, 0.5)
    assert length == sum(place != PLACES[code] for code, place in there.items())
    assert made.resettle(length)[0] == 0
    assert made.at == there


def test_what_lies_between_moves_along() -> None:
    """The plenary goes from eleven to nine; all that ran before runs an hour later, in its order."""
    at: At = {"all": (22, "A"), "a": (18, "A"), "b": (18, "B"), "c": (20, "B"), "d": (20, "C")}
    made = board(at=at)
    length = make_way(made.arrays.data, made.state, made.chain, 0, 18, True, 0.0, 1e9, 0.5)
    assert made.resettle(length)[0] == 0
    assert made.at == {"all": (18, "A"), "a": (20, "A"), "b": (20, "B"), "c": (22, "B"), "d": (22, "C")}


@pytest.mark.parametrize(
    "d",
    [
        Session("d", "d", 60, fixed_start=MORNING + 120),
        Session("d", "d", 60, after=frozenset({"all"})),
    ],
    ids=["cannot move", "must come later"],
)
def test_nobody_makes_way_who_may_not(d: Session) -> None:
    made = board(d=d)
    assert make_way(made.arrays.data, made.state, made.chain, 0, 22, False, 0.0, 1e9, 0.5) == 0
    assert made.at == PLACES


def test_too_dear_a_way_is_not_gone() -> None:
    made = board()
    assert make_way(made.arrays.data, made.state, made.chain, 0, 22, False, -1e9, 1.0, 0.5) == 0


def test_who_is_in_a_room_makes_way_and_who_does_not_fit_goes_elsewhere() -> None:
    """Session a comes to B at half past ten: d takes its old time in A, and b goes where there is room."""
    at: At = {"all": (23, "C"), "a": (18, "A"), "b": (22, "B"), "c": (18, "C"), "d": (20, "B")}
    made = board(at=at, all=Session("all", "all", 30))
    length = evict(made.arrays.data, made.state, made.chain, 1, 21, made.arrays.room_number["B"], 0.0, 1e9, 0.5)
    assert length == 3
    assert made.resettle(length)[0] == 0
    assert {code: made.at[code] for code in ("a", "c", "all")} == {"a": (21, "B"), "c": (18, "C"), "all": (23, "C")}
    assert {made.at["b"], made.at["d"]} & {at["b"], at["d"]} == set()


def test_undone_all_are_back() -> None:
    made = board()
    length = make_way(made.arrays.data, made.state, made.chain, 0, 18, True, 0.0, 1e9, 0.5)
    resettle(made.arrays.data, made.state, seeded(1), made.chain, length)
    undo(made.arrays.data, made.state, made.chain, length)
    assert made.at == PLACES
