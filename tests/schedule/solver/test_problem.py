"""A problem that names what it does not have cannot be made; less of a problem names less."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from schedule.solver.problem import Attendee, Body, Person, Pin, Problem, ProblemError, Room, Session, only
from tests.schedule.solver.brute import problem_of

NOBODY: Any = frozenset({"NOBODY"})


def rich() -> Problem:
    """A problem in which everything that can be named is."""
    sessions = (
        Session("A", "A", 60, people=frozenset({"P"}), bodies=("B",), fixed_room="WHOLE"),
        Session("B", "B", 60, after=frozenset({"A"}), preferred_rooms=frozenset({"PART"})),
        Session("C", "C", 60, not_parallel_with=frozenset({"A", "B"})),
    )
    return problem_of(
        sessions,
        rooms=(Room("WHOLE", "Whole", 9, parts=frozenset({"PART"})), Room("PART", "Part", 5)),
        people=(Person("P", "P"),),
        bodies=(Body("B", "B"),),
        attendees=(Attendee((("A", 2), ("B", 1))), Attendee((("C", 1),))),
        pins=(Pin("A", room="PART"), Pin("B", start=0)),
        same_time=(frozenset("AB"), frozenset("AC")),
        same_room=(frozenset("BC"),),
    )


def changed(number: int, **fields: Any) -> dict[str, Any]:
    sessions = rich().sessions
    return {"sessions": (*sessions[:number], replace(sessions[number], **fields), *sessions[number + 1 :])}


@pytest.mark.parametrize(
    ("changes", "code", "record", "field", "named"),
    [
        (changed(0, people=NOBODY), "unknown", "session A", "people", "NOBODY"),
        (changed(0, bodies=("NOBODY",)), "unknown", "session A", "bodies", "NOBODY"),
        (changed(0, fixed_room="NOBODY"), "unknown", "session A", "fixed_room", "NOBODY"),
        (changed(1, preferred_rooms=NOBODY), "unknown", "session B", "preferred_rooms", "NOBODY"),
        (changed(1, after=NOBODY), "unknown", "session B", "after", "NOBODY"),
        (changed(2, not_parallel_with=NOBODY), "unknown", "session C", "not_parallel_with", "NOBODY"),
        ({"rooms": (Room("WHOLE", "Whole", 9, parts=NOBODY), Room("PART", "", 1))}, "unknown", "room WHOLE", "parts",
         "NOBODY"),
        ({"attendees": (Attendee(()), Attendee((("NOBODY", 1),)))}, "unknown", "attendee 1", "wishes", "NOBODY"),
        ({"pins": (Pin("NOBODY", start=0),)}, "unknown", "pin", "session", "NOBODY"),
        ({"pins": (Pin("A", room="NOBODY"),)}, "unknown", "pin A", "room", "NOBODY"),
        ({"same_time": (frozenset("AB"), NOBODY)}, "unknown", "group 1", "same_time", "NOBODY"),
        ({"same_room": (NOBODY,)}, "unknown", "group 0", "same_room", "NOBODY"),
        ({"people": (Person("P", "P"), Person("P", "Q"))}, "twice", "person P", "code", "P"),
        ({"bodies": (Body("B", "B"), Body("B", "C"))}, "twice", "body B", "code", "B"),
        ({"origin": datetime(2037, 1, 1)}, "no_zone", "problem", "origin", ""),
    ],
)  # fmt: skip
def test_what_is_named_must_exist_and_only_once(
    changes: dict[str, Any], code: str, record: str, field: str, named: str
) -> None:
    assert replace(rich(), origin=datetime(2037, 1, 1, tzinfo=UTC)).sessions == rich().sessions
    with pytest.raises(ProblemError) as refused:
        replace(rich(), **changes)
    error = refused.value
    assert (error.code, error.record, error.field, error.named) == (code, record, field, named)
    assert str(error) == f"{code}: {record}, {field}: {named}"


def test_less_of_a_problem_names_nobody_who_is_gone() -> None:
    left = only(rich(), ["B", "C"])
    assert [session.code for session in left.sessions] == ["B", "C"]
    assert (left.sessions[0].after, left.sessions[1].not_parallel_with) == (frozenset(), frozenset("B"))
    assert left.attendees == (Attendee((("B", 1),)), Attendee((("C", 1),)))
    assert left.pins == (Pin("B", start=0),)
    assert (left.same_time, left.same_room) == ((frozenset("B"), frozenset("C")), (frozenset("BC"),))
    assert only(rich(), "ABC") == rich()
