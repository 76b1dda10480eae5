"""The worked examples of the format descriptions; their figures were made with the official validators."""

from __future__ import annotations

import json

import pytest

from schedule.solver.benchmarks.enrolment.check import check, faults
from schedule.solver.benchmarks.enrolment.files import itc, preferences
from tests.schedule.solver.benchmarks.enrolment.samples import example, example_2002, wishes

RIGHT = {"room_clashes": 0, "ordering": 0, "unsuitable_slots": 0, "unsuitable_rooms": 0, "student_clashes": 0}


def week(last: int, row: int, single: int) -> dict[str, int]:
    return {"last_slot": last, "more_than_two_in_a_row": row, "single_event": single}


@pytest.mark.parametrize(
    ("timetable", "violations", "distance", "terms", "feasible"),
    [
        ("0 0\n1 0\n2 1\n", RIGHT, 0, week(0, 1, 1), True),
        ("0 0\n1 0\n8 1\n", RIGHT, 0, week(1, 0, 1), True),
        ("0 0\n1 0\n-1 -1\n", RIGHT, 1, week(0, 0, 1), False),
        (
            "1 1\n0 1\n0 1\n",
            {"room_clashes": 1, "ordering": 1, "unsuitable_slots": 1, "unsuitable_rooms": 2, "student_clashes": 1},
            0,
            week(0, 0, 1),
            False,
        ),
    ],
)
def test_the_example_of_2007(
    timetable: str, violations: dict[str, int], distance: int, terms: dict[str, int], *, feasible: bool
) -> None:
    instance = itc.read(example())
    report = check(instance, itc.read_timetable(instance, timetable))
    assert report.violations == violations
    assert report.distance == distance
    assert report.terms == terms
    assert report.objective == sum(terms.values())
    assert report.feasible is feasible


def test_the_example_of_2002() -> None:
    instance = itc.read(example_2002())
    report = check(instance, itc.read_timetable(instance, "0 0\n1 0\n2 1\n"))
    assert report.feasible
    assert report.objective == 2


@pytest.mark.parametrize(("last_blocks", "count"), [(" ".join(["1"] * 45) + "\n0\n", 2), ("", 1)])
def test_the_validator_of_2007_counts_features_and_that_of_2002_rooms(last_blocks: str, count: int) -> None:
    """One event that needs features 1 and 2 of three, in a room that has feature 0 only."""
    instance = itc.read("1 1 3 1\n5\n1\n1 0 0\n0 1 1\n" + last_blocks)
    report = check(instance, itc.read_timetable(instance, "0 0\n"))
    assert report.violations["unsuitable_rooms"] == count
    too_small = itc.read("1 1 3 1\n0\n1\n1 0 0\n0 1 1\n" + last_blocks)
    report = check(too_small, itc.read_timetable(too_small, "0 0\n"))
    assert report.violations["unsuitable_rooms"] == (3 if last_blocks else 1)


def test_runs_do_not_cross_midnight_and_a_long_one_costs_each_time() -> None:
    blocks = "5 5 0 1\n1 1 1 1 1\n1 1 1 1 1\n"
    instance = itc.read(blocks)
    over_night = check(instance, itc.read_timetable(instance, "6 0\n7 0\n8 0\n9 0\n10 0\n"))
    assert over_night.terms == week(1, 1, 0)
    in_a_row = check(instance, itc.read_timetable(instance, "0 0\n1 0\n2 0\n3 0\n4 0\n"))
    assert in_a_row.terms == week(0, 3, 0)
    one_a_day = check(instance, itc.read_timetable(instance, "0 0\n9 0\n18 0\n27 0\n36 0\n"))
    assert one_a_day.terms == week(0, 0, 5)


@pytest.mark.parametrize(("slots", "pairs", "lost"), [([4, 4, 4], 3, 2), ([4, 4, 7], 1, 1)])
def test_the_example_of_preferences(slots: list[int], pairs: int, lost: int) -> None:
    instance = preferences.read(json.dumps(wishes(precedences=[])))
    solution = preferences.read_timetable(instance, json.dumps({"slot": slots, "room": [0, 1, 2]}))
    report = check(instance, solution)
    assert report.feasible
    assert report.terms == {"pair_conflicts": pairs, "lost_preferences": lost}
    assert report.objective == pairs


@pytest.mark.parametrize(
    ("slots", "rooms", "broken"),
    [
        ([4, 4, 7], [0, 0, 2], {"room_clashes": 1}),
        ([7, 4, 5], [0, 1, 2], {"ordering": 1}),
        ([4, 7, 7], [0, 1, 2], {"unsuitable_slots": 1}),
        ([4, 4, 7], [0, 1, 1], {"unsuitable_rooms": 1}),
        ([7, 4, 7], [0, 1, 2], {"speaker_clashes": 1, "ordering": 1}),
    ],
)
def test_each_hard_rule_of_preferences(slots: list[int], rooms: list[int], broken: dict[str, int]) -> None:
    instance = preferences.read(json.dumps(wishes(speaker=[1, 2, 1])))
    report = check(instance, preferences.read_timetable(instance, json.dumps({"slot": slots, "room": rooms})))
    assert {name: count for name, count in report.violations.items() if count} == broken
    assert not report.valid


def test_every_fault_is_named_with_its_place() -> None:
    instance = itc.read(example())
    assert faults(instance, itc.read_timetable(instance, "0 0\n1 0\n2 1\n")) == ()
    assert faults(instance, itc.read_timetable(instance, "1 1\n0 1\n0 1\n")) == (
        {"rule": "unsuitable_room", "events": [0], "room": 1},
        {"rule": "unsuitable_room", "events": [1], "room": 1},
        {"rule": "unsuitable_slot", "events": [2], "slot": 0},
        {"rule": "ordering", "events": [0, 1], "slots": [1, 0]},
        {"rule": "room_clash", "events": [1, 2], "slot": 0, "room": 1},
        {"rule": "student_clash", "events": [1, 2], "slot": 0, "students": 1},
    )
    assert faults(instance, itc.read_timetable(instance, "0 0\n1 0\n-1 -1\n")) == ({"rule": "unplaced", "events": [2]},)


def test_a_speaker_s_two_sessions_are_named() -> None:
    instance = preferences.read(json.dumps(wishes(speaker=[1, 2, 1], precedences=[])))
    solution = preferences.read_timetable(instance, json.dumps({"slot": [4, 4, 4], "room": [0, 1, 2]}))
    assert faults(instance, solution) == ({"rule": "speaker_clash", "events": [0, 2], "slot": 4, "speaker": 1},)
