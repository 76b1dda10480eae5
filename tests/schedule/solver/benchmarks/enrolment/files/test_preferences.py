from __future__ import annotations

import json
from typing import Any

import pytest

from schedule.solver.benchmarks.enrolment.files import preferences
from schedule.solver.benchmarks.enrolment.instance import EnrolmentKind
from schedule.solver.errors import FormatError
from tests.schedule.solver.benchmarks.enrolment.samples import wishes


def test_a_problem_is_read() -> None:
    instance = preferences.read(json.dumps(wishes()))
    assert instance.kind is EnrolmentKind.PREFERENCES
    assert (instance.events, instance.rooms, instance.slots, instance.days) == (3, 3, 8, 1)
    assert instance.attended == ((0, 1, 2),)
    assert instance.suitable.tolist() == [[True] * 3, [True] * 3, [False, False, True]]
    assert [row.nonzero()[0].tolist() for row in instance.available] == [[4, 7], [4], [4, 5, 7]]
    assert instance.precedences == ((0, 2),)
    assert not instance.apart.any()


def test_the_sessions_of_one_speaker_are_kept_apart() -> None:
    instance = preferences.read(json.dumps(wishes(speaker=[1, 2, 1])))
    assert instance.apart.tolist() == [[False, False, True], [False, False, False], [True, False, False]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"format": "other"}, "file: format: must be 'session-scheduling-synthetic-1', not 'other'"),
        ({"sessions": 0}, "sessions: This is “0”; it must be from 1 to 1000000. Correct the number. [out_of_range]"),
        ({"slots": "8"}, "slots: This must be a whole number, not “8”. Correct it. [not_whole]"),
        (
            {"rooms": 10**9},
            "rooms: This is “1000000000”; it must be from 1 to 1000000. Correct the number. [out_of_range]",
        ),
        (
            {"room_capacity": [10, 10]},
            "file: room_capacity: must have one entry for each of the 3 rooms, not 2",
        ),
        (
            {"room_capacity": [10, 10, -1]},
            "file: room_capacity, room 2: must be a whole number from 0 to 1000000, not -1",
        ),
        (
            {"speaker": [1, True, 3]},
            "file: speaker, session 1: must be a whole number from 0 to 1000000, not True",
        ),
        (
            {"suitable_rooms": [[0], [3], [2]]},
            "file: suitable_rooms, session 1: must hold rooms from 0 to 2, not 3",
        ),
        ({"suitable_rooms": [[0], 1, [2]]}, "file: suitable_rooms, session 1: must be a list of rooms"),
        ({"available_slots": [[4], [4, 4], [4]]}, "file: available_slots, session 1: names a slot twice"),
        (
            {"preferences": [[0, 1, 3]]},
            "file: preferences, attendee 0: must hold sessions from 0 to 2, not 3",
        ),
        ({"precedences": [[0, 1, 2]]}, "file: precedences, entry 0: must be two sessions from 0 to 2, not [0, 1, 2]"),
        ({"precedences": [[1, 1]]}, "file: precedences, entry 0: puts session 1 before itself"),
        (
            {"session_features": [[], ["a"], []]},
            "file: session_features, session 1: must hold features from 0 to 1, not 'a'",
        ),
    ],
)
def test_a_broken_problem_is_refused_with_place_and_reason(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError) as error:
        preferences.read(json.dumps(wishes(**changed)))
    assert str(error.value) == message


def test_a_missing_key_is_named() -> None:
    problem = wishes()
    del problem["preferences"]
    with pytest.raises(FormatError) as error:
        preferences.read(json.dumps(problem))
    assert str(error.value) == "preferences: This is missing. Add it. [missing]"


def test_a_timetable_survives_writing_and_reading() -> None:
    instance = preferences.read(json.dumps(wishes()))
    text = '{"slot": [4, -1, 5], "room": [0, -1, 2]}\n'
    solution = preferences.read_timetable(instance, text)
    assert preferences.write_timetable(instance, solution) == text


def test_the_witness_of_a_problem_is_a_timetable() -> None:
    problem = wishes(witness={"slot": [4, 4, 5], "room": [0, 1, 2]})
    instance = preferences.read(json.dumps(problem))
    assert preferences.read_timetable(instance, json.dumps(problem)).slot.tolist() == [4, 4, 5]


@pytest.mark.parametrize(
    ("timetable", "message"),
    [
        ({"slot": [4, 4, 5]}, "room: This is missing. Add it. [missing]"),
        ({"slot": [4, 4], "room": [0, 1]}, "file: slot: must have one entry for each of the 3 sessions, not 2"),
        (
            {"slot": [4, 8, 5], "room": [0, 1, 2]},
            "file: slot, session 1: must be a whole number from -1 to 7, not 8",
        ),
        (
            {"slot": [4, 4, 5], "room": [0, 1, None]},
            "file: room, session 2: must be a whole number from -1 to 2, not None",
        ),
        ({"slot": [4, -1, 5], "room": [0, 1, 2]}, "file: session 1: has slot -1 and room 1; both or none"),
    ],
)
def test_a_broken_timetable_is_refused_with_place_and_reason(timetable: dict[str, Any], message: str) -> None:
    instance = preferences.read(json.dumps(wishes()))
    with pytest.raises(FormatError) as error:
        preferences.read_timetable(instance, json.dumps(timetable))
    assert str(error.value) == message
