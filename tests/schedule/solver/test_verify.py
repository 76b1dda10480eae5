"""Each rule broken on purpose, alone, and the forum's example timetable, which breaks none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schedule.solver.files.timetables import read_timetable
from schedule.solver.problem import (
    Attendee,
    Body,
    Interval,
    Person,
    Pin,
    Placement,
    Problem,
    Rules,
    Session,
    Timetable,
    Window,
)
from schedule.solver.verify import violations
from tests.schedule.solver.brute import FIRST_DAY, MORNING, problem_of
from tests.schedule.solver.variants import forum

EXAMPLE = Path(__file__).parent / "data" / "example_timetable.json"


def test_violations_example_timetable_has_none() -> None:
    problem = forum()
    assert violations(problem, read_timetable(problem, EXAMPLE)) == []


def at(code: str, start: int, room: str, *, minutes: int = 60) -> Placement:
    return Placement(code, start, start + minutes, room)


def broken(problem: Problem, *timetable: Placement) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(found.rule, found.sessions, found.room) for found in violations(problem, timetable)]


def one(**changes: Any) -> Problem:
    return problem_of((Session("X", "X", 60, **changes),))


@pytest.mark.parametrize(
    ("problem", "placement", "expected"),
    [
        (one(), at("X", MORNING, "A", minutes=30), "length"),
        (one(), at("X", MORNING + 10, "A"), "grid"),
        (one(), at("X", MORNING - 30, "A"), "hours"),
        (one(), at("X", MORNING + 150, "A"), "hours"),
        (one(not_before=MORNING + 30), at("X", MORNING, "A"), "not_before"),
        (one(not_after=MORNING + 30), at("X", MORNING, "A"), "not_after"),
        (one(fixed_start=MORNING + 30), at("X", MORNING, "A"), "fixed_start"),
        (one(fixed_start=MORNING + 42), at("X", MORNING + 30, "A"), "fixed_start"),
        (one(fixed_room="C"), at("X", MORNING, "A"), "fixed_room"),
        (one(seats_needed=51), at("X", MORNING, "A"), "room_too_small"),
        (one(confirmed=51), at("X", MORNING, "A"), "room_too_small"),
        (one(required_features=frozenset({"booth"})), at("X", MORNING, "A"), "room_feature"),
        (one(), at("X", MORNING, "L"), "breaks_only"),
        (one(), at("X", MORNING, "nowhere"), "unknown_room"),
    ],
)
def test_violations_one_session_breaks_one_rule(problem: Problem, placement: Placement, expected: str) -> None:
    assert broken(problem, placement) == [(expected, ("X",), placement.room)]


def test_what_is_fixed_or_pinned_need_not_keep_the_grid_and_days_that_touch_are_one() -> None:
    fixed = one(fixed_start=MORNING + 42)
    pinned = replace(one(), pins=(Pin("X", start=MORNING + 42),))
    touching = (
        Window(FIRST_DAY, Interval(MORNING, MORNING + 60)),
        Window(FIRST_DAY, Interval(MORNING + 60, MORNING + 120)),
    )
    for problem in (fixed, pinned, replace(fixed, windows=touching)):
        assert broken(problem, at("X", MORNING + 42, "A")) == []


@pytest.mark.parametrize("room", ["A", "AB"])
def test_violations_closed_part_closes_the_joined_room(room: str) -> None:
    problem = one()
    rooms = tuple(replace(r, closed=(Interval(0, MORNING + 30),)) if r.code == "A" else r for r in problem.rooms)
    problem = replace(problem, rooms=rooms)
    assert broken(problem, at("X", MORNING, room)) == [("room_closed", ("X",), room)]
    assert broken(problem, at("X", MORNING + 30, room)) == []
    assert broken(problem, at("X", MORNING, "B")) == []


def test_violations_absences_count_for_people_and_single_teams_only() -> None:
    problem = problem_of(
        (Session("X", "X", 60, people=frozenset({"ann"}), bodies=("team", "office")),),
        people=(Person("ann", "Ann", (Interval(MORNING, MORNING + 30),)),),
        bodies=(
            Body("team", "Team", single_team=True, away=(Interval(MORNING + 60, MORNING + 90),)),
            Body("office", "Office", away=(Interval(0, 10_000),)),
        ),
    )
    assert broken(problem, at("X", MORNING, "A")) == [("person_away", ("X",), "A")]
    assert broken(problem, at("X", MORNING + 60, "A")) == [("body_away", ("X",), "A")]
    assert broken(problem, at("X", MORNING + 90, "A")) == []


def test_violations_missing_twice_and_unknown() -> None:
    problem = problem_of((Session("X", "X", 60), Session("Y", "Y", 60)))
    assert broken(problem, at("Y", MORNING, "A"), at("Y", MORNING + 60, "A"), at("Z", MORNING, "C")) == [
        ("missing", ("X",), None),
        ("twice", ("Y",), None),
        ("unknown_session", ("Z",), "C"),
    ]


def two(rules: Rules | None = None, *, x: dict[str, Any] | None = None, y: dict[str, Any] | None = None) -> Problem:
    return problem_of(
        (Session("X", "X", 60, **(x or {})), Session("Y", "Y", 60, **(y or {}))), rules=rules or Rules(slot_minutes=15)
    )


ANN = {"people": frozenset({"ann"})}
WALK = Rules(slot_minutes=15, person_gap_same_group_minutes=15, person_gap_other_group_minutes=30)
SAME_TIME: Timetable = (at("X", MORNING, "A"), at("Y", MORNING + 45, "C"))


@pytest.mark.parametrize(
    ("problem", "timetable", "expected"),
    [
        (two(), (at("X", MORNING, "A"), at("Y", MORNING + 45, "A")), [("room_double", "A")]),
        (two(), (at("X", MORNING, "A"), at("Y", MORNING + 45, "AB")), [("room_double", "A")]),
        (two(), (at("X", MORNING, "A"), at("Y", MORNING, "B")), []),
        (
            two(Rules(slot_minutes=15, room_changeover_minutes=15)),
            (at("Y", MORNING, "AB"), at("X", MORNING + 60, "B")),
            [("room_double", "B")],
        ),
        (
            two(Rules(slot_minutes=15, room_changeover_minutes=15)),
            (at("Y", MORNING, "AB"), at("X", MORNING + 75, "B")),
            [],
        ),
        (two(x={"is_break": True}, y={"is_break": True}), (at("X", MORNING, "L"), at("Y", MORNING, "L")), []),
        (two(x=ANN, y=ANN), SAME_TIME, [("person_twice", None)]),
        (two(WALK, x=ANN, y=ANN), (at("X", MORNING, "A"), at("Y", MORNING + 75, "C")), [("person_twice", None)]),
        (two(WALK, x=ANN, y=ANN), (at("X", MORNING, "A"), at("Y", MORNING + 90, "C")), []),
        (two(WALK, x=ANN, y=ANN), (at("X", MORNING, "A"), at("Y", MORNING + 60, "B")), [("person_twice", None)]),
        (two(WALK, x=ANN, y=ANN), (at("X", MORNING, "A"), at("Y", MORNING + 60, "AB")), []),
        (two(x={"bodies": ("team",)}, y={"bodies": ("team",)}), SAME_TIME, [("body_twice", None)]),
        (two(x={"bodies": ("office",)}, y={"bodies": ("office",)}), SAME_TIME, []),
        (two(x={"not_parallel_with": frozenset({"Y"})}), SAME_TIME, [("not_parallel", None)]),
        (two(y={"not_parallel_with": frozenset({"X"})}), SAME_TIME, [("not_parallel", None)]),
        (two(x={"blocks_all": True}), SAME_TIME, [("blocks_all", None)]),
        (two(y={"after": frozenset({"X"})}), SAME_TIME, [("order", None)]),
        (two(x={"after": frozenset({"Y"})}), (at("X", MORNING, "A"), at("Y", MORNING + 60, "A")), [("order", None)]),
        (
            two(Rules(interpreter_teams=1), x={"needs_interpreters": True}, y={"needs_interpreters": True}),
            SAME_TIME,
            [("interpreters", None)],
        ),
        (two(Rules(max_parallel_open_sessions=1)), SAME_TIME, [("max_parallel", None)]),
        (two(Rules(max_parallel_open_sessions=1), x={"is_break": True}), SAME_TIME, []),
        (two(Rules(max_parallel_open_sessions=1), x={"counts_as_parallel": False}), SAME_TIME, []),
    ],
)
def test_violations_two_sessions(
    problem: Problem, timetable: Timetable, expected: list[tuple[str, str | None]]
) -> None:
    wanted = [(rule, ("X", "Y"), room) for rule, room in expected]
    assert broken(problem, *timetable) == wanted
    assert broken(problem, *reversed(timetable)) == wanted


def test_violations_attendees_bind_nobody() -> None:
    problem = replace(two(), attendees=(Attendee((("X", 5), ("Y", 5))),))
    assert broken(problem, *SAME_TIME) == []
