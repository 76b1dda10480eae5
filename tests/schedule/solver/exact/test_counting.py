"""Counting: what it finds short, in numbers, and that it never speaks of a problem that has a timetable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from schedule.solver.budget import Deadline
from schedule.solver.exact.counting import Shortage, shortage
from schedule.solver.exact.domains import Domains, RuleKey
from schedule.solver.explain.feasibility import SECONDS_PER_QUESTION, Asker, Feasibility
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.problem import Body, Interval, Person, Problem, Room, Rules, Session, Window
from schedule.solver.solve import solve
from tests.schedule.solver.brute import FIRST_DAY, MORNING, SLOT, all_timetables, problem_of, problems
from tests.schedule.solver.speaking import english
from tests.schedule.solver.variants import forum

ROOMS: RuleKey = ("room_double",)
HALL = (Room("A", "Room A", 50),)


def several(count: int, duration: int = 30, **fields: Any) -> tuple[Session, ...]:
    return tuple(Session(f"S{number}", f"Talk {number}", duration, **fields) for number in range(count))


def codes(count: int) -> tuple[str, ...]:
    return tuple(f"S{number}" for number in range(count))


def windows(*hours: tuple[int, int]) -> tuple[Window, ...]:
    """A window each day, in minutes after nine."""
    return tuple(
        Window(FIRST_DAY + timedelta(days=day), Interval(day * 1440 + MORNING + start, day * 1440 + MORNING + end))
        for day, (start, end) in enumerate(hours)
    )


ANN = frozenset({"ann"})
AWAY = (Person("ann", "Ann", away=(Interval(MORNING, MORNING + 60),)), Person("bo", "Bo"))
TWO_HALLS = (*HALL, Room("C", "Room C", 9))
PLENARY = Session("P", "Plenary", 30, blocks_all=True, fixed_room="C")
ONE_TALK = Rules(slot_minutes=SLOT, max_parallel_by_kind=(("talk", 1),))
# What just suffices, what is one too many, and what counting says of that.
VARIANTS: dict[str, tuple[Problem, Problem, Shortage]] = {
    "more talks than slots": (
        problem_of(several(6), rooms=HALL),
        problem_of(several(7), rooms=HALL),
        Shortage(ROOMS, codes(7), ("A",), 210, 180, whole=False),
    ),
    "too many for the two rooms joined": (
        problem_of(several(3, 60, seats_needed=60)),
        problem_of(several(4, 60, seats_needed=60)),
        Shortage(ROOMS, codes(4), ("A", "B"), 480, 360, whole=False),
    ),
    "no room left by the changeover": (
        problem_of(several(2, 60), rooms=HALL, rules=Rules(slot_minutes=SLOT, room_changeover_minutes=15)),
        problem_of(several(3, 60), rooms=HALL, rules=Rules(slot_minutes=SLOT, room_changeover_minutes=15)),
        Shortage(ROOMS, codes(3), ("A",), 270, 210, whole=False),
    ),
    "one hour a day, whatever is left of it": (
        problem_of(several(2, 60), rooms=HALL, rules=Rules(slot_minutes=10), windows=windows((0, 100), (0, 100))),
        problem_of(several(3, 60), rooms=HALL, rules=Rules(slot_minutes=10), windows=windows((0, 100), (0, 100))),
        Shortage(ROOMS, codes(3), ("A",), 3, 2, whole=True),
    ),
    "equipment in one room only": (
        problem_of(several(3, 60, required_features=frozenset({"booth"}))),
        problem_of(several(4, 60, required_features=frozenset({"booth"}))),
        Shortage(ROOMS, codes(4), ("B",), 240, 180, whole=False),
    ),
    "all of them early": (
        problem_of(several(3, 30, not_after=MORNING + 90), rooms=HALL),
        problem_of(several(4, 30, not_after=MORNING + 90), rooms=HALL),
        Shortage(ROOMS, codes(4), ("A",), 120, 90, whole=False),
    ),
    "a plenary that nothing runs beside": (
        problem_of((*several(5, fixed_room="A"), PLENARY), rooms=TWO_HALLS),
        problem_of((*several(6, fixed_room="A"), PLENARY), rooms=TWO_HALLS),
        Shortage(ROOMS, (*codes(6), "P"), ("A",), 210, 180, whole=False),
    ),
    "a person in more than the day has": (
        problem_of(several(3, 60, people=ANN)),
        problem_of(several(4, 60, people=ANN)),
        Shortage(("person_twice", "ann"), codes(4), (), 240, 180, whole=False),
    ),
    "a person who is there too little": (
        problem_of(several(2, 60, people=ANN), people=AWAY),
        problem_of(several(3, 60, people=ANN), people=AWAY),
        Shortage(("person_twice", "ann"), codes(3), (), 180, 120, whole=False),
    ),
    "a team with too much to run": (
        problem_of(several(3, 60, bodies=("team",))),
        problem_of(several(4, 60, bodies=("team",))),
        Shortage(("body_twice", "team"), codes(4), (), 240, 180, whole=False),
    ),
    "one interpretation team": (
        problem_of(several(3, 60, needs_interpreters=True), rules=Rules(slot_minutes=SLOT, interpreter_teams=1)),
        problem_of(several(4, 60, needs_interpreters=True), rules=Rules(slot_minutes=SLOT, interpreter_teams=1)),
        Shortage(("interpreters",), codes(4), (), 240, 180, whole=False),
    ),
    "two at once, of ninety minutes": (
        problem_of(several(4, 90), rules=Rules(slot_minutes=SLOT, max_parallel_open_sessions=2)),
        problem_of(several(5, 90), rules=Rules(slot_minutes=SLOT, max_parallel_open_sessions=2)),
        Shortage(("max_parallel",), codes(5), (), 450, 360, whole=False),
    ),
    "one of a kind at a time": (
        problem_of(several(2, 60, kind="talk"), rules=ONE_TALK, windows=windows((0, 150))),
        problem_of(several(3, 60, kind="talk"), rules=ONE_TALK, windows=windows((0, 150))),
        Shortage(("kind_parallel", "talk"), codes(3), (), 180, 150, whole=False),
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_counting_says_what_is_short(name: str) -> None:
    enough, too_much, short = VARIANTS[name]
    assert Asker(Deadline(60)).ask(enough, frozenset(), SECONDS_PER_QUESTION) is Feasibility.POSSIBLE
    assert shortage(Domains(enough)) is None
    assert shortage(Domains(too_much)) == short
    found = solve(too_much, seconds=60)
    assert (found.feasible, found.status, found.iterations) == (False, "INFEASIBLE", 0)
    why = explain(too_much, seconds=60)
    assert (why.feasible, why.proved, why.causes[0].rule, why.sessions) == (False, True, short.rule[0], short.sessions)


def test_the_count_is_told_with_what_it_is_of() -> None:
    _, too_much, _ = VARIANTS["equipment in one room only"]
    talks = "“Talk 0”, “Talk 1”, “Talk 2”, “Talk 3”."
    assert [english(too_much, *cause.messages) for cause in explain(too_much, seconds=60).causes] == [
        f"Room B: one session at a time. 4 sessions need 4:00 hours together; there are 3:00 hours: {talks}",
        "Rooms with booth: Room B. Needed by “Talk 0”, “Talk 1”, “Talk 2”, “Talk 3”.",
        "Opening hours are Mon 3 May 09:00 to 12:00.",
    ]
    _, too_much, _ = VARIANTS["one hour a day, whatever is left of it"]
    assert english(too_much, *explain(too_much, seconds=60).causes[0].messages) == (
        "Room A: one session at a time. There is room for 2 of these 3 sessions: “Talk 0”, “Talk 1”, “Talk 2”."
    )


def test_who_is_short_is_told_and_nobody_else() -> None:
    """Ten others have room enough, and people that are free."""
    _, too_much, short = VARIANTS["a person who is there too little"]
    others = tuple(Session(f"X{number}", "Other", 30, people=frozenset({"bo"})) for number in range(6))
    found = shortage(Domains(replace(too_much, sessions=(*too_much.sessions, *others))))
    assert found == short


def test_what_may_share_a_room_is_never_short() -> None:
    foyer = (Room("L", "Lobby", 100, allows_parallel_use=True),)
    assert shortage(Domains(problem_of(several(40), rooms=foyer))) is None


def test_a_start_off_the_grid_leaves_no_gap_that_is_counted() -> None:
    """With all starts on the half hour, 45 minutes keep a room for an hour; one at a quarter past changes that."""
    free = several(3, 45)
    fixed = replace(free[0], fixed_start=MORNING + 45)
    rules = Rules(slot_minutes=15)
    hours = windows((0, 135))
    assert shortage(Domains(problem_of((fixed, *free[1:]), rooms=HALL, rules=rules, windows=hours))) is None
    short = shortage(Domains(problem_of(free, rooms=HALL, rules=Rules(slot_minutes=30), windows=hours)))
    assert short == Shortage(ROOMS, codes(3), ("A",), 180, 150, whole=False)


def test_the_forum_is_not_short_of_anything() -> None:
    assert shortage(Domains(forum())) is None


def test_a_team_that_may_split_is_not_counted() -> None:
    teams = (Body("team", "Team"), Body("office", "Office"))
    assert shortage(Domains(problem_of(several(4, 60, bodies=("team",)), bodies=teams))) is None


@settings(max_examples=400, deadline=None)
@given(problems(most=4))
def test_where_counting_speaks_trying_everything_finds_nothing(problem: Problem) -> None:
    if shortage(Domains(problem)) is not None:
        assert next(all_timetables(problem), None) is None
