"""The forum of 2017: its example timetable keeps every hard rule, and breaking one is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from schedule.conflicts import ConflictKind, Level, find_conflicts
from schedule.solver.files import problems
from schedule.solver.files.timetables import read_timetable
from schedule.solver.problem import Problem, Timetable

FORUM = Path(__file__).parents[3] / "schedule" / "exchange" / "samples" / "whrcf2017.json"
EXAMPLE = Path(__file__).with_name("whrcf2017_example_timetable.json")


@pytest.fixture(scope="module")
def forum() -> Problem:
    return problems.read(FORUM)


@pytest.fixture(scope="module")
def example(forum: Problem) -> Timetable:
    return read_timetable(forum, EXAMPLE)


def test_example_timetable_has_no_conflict_at_all(forum: Problem, example: Timetable) -> None:
    assert len(example) == 30
    assert find_conflicts(forum, example) == []


def test_booking_a_part_of_a_joined_room_in_use_names_both_sessions(forum: Problem, example: Timetable) -> None:
    # Real mistake 6. T9 is in 212+213 on Saturday morning; the expert block E4 stands in 214 at the same time.
    moved = [replace(p, room="R212") if p.session == "E4" else p for p in example]
    double = [c for c in find_conflicts(forum, moved) if c.kind is ConflictKind.ROOM_DOUBLE_USE]
    assert [(c.sessions, c.rooms, c.level) for c in double] == [(("E4", "T9"), ("R212", "R212213"), Level.BLOCK)]
    assert double[0].details == {"shared": ("R212",)}
