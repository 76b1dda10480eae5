"""Every message of the solver has its sentence in both languages, with names and local times in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schedule.solver.exact.counting import Shortage
from schedule.solver.explain.causes import causes
from schedule.solver.explain.infeasible_subset import rule_keys
from schedule.solver.explain.subjects import Subjects
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Body, Interval, Person, Pin, Problem, Room, Rules, Session, Weights, Window, only
from schedule.solver.relaxations.of_resources import equipped, left_out, longer_days, more_room
from schedule.solver.relaxations.of_rules import softened
from schedule.solver.sentences.message import CodedMessage, from_json, length, message, rooms, sessions, terms
from schedule.solver.sentences.templates import TEMPLATES, TERMS
from schedule.solver.sentences.words import ENGLISH, Names, ProblemNames, SolverWords, names_of
from tests.schedule.solver.speaking import english, korean, korean_catalogue

AWAY = (Interval(600, 660), Interval(720, 780))


def everything() -> Problem:
    """A problem with every kind of rule."""

    def one(code: str, **fields: Any) -> Session:
        texts = (("en", f"Title {code}"), ("ko", f"제목 {code}"))
        return replace(Session(code, f"Title {code}", 60, kind="talk", titles=texts), **fields)

    both = {"people": frozenset({"kim"}), "bodies": ("team",), "needs_interpreters": True}
    return Problem(
        origin=datetime(2017, 9, 14, tzinfo=ZoneInfo("Asia/Seoul")),
        timezone="Asia/Seoul",
        rules=Rules(
            15, 15, 10, 20, interpreter_teams=1, max_parallel_open_sessions=1, max_parallel_by_kind=(("talk", 1),)
        ),
        windows=(Window(date(2017, 9, 14), Interval(540, 1080)),),
        rooms=(
            Room("HALL", "Hall", 30, features=frozenset({"booth"}), closed=AWAY, open=(Interval(540, 900),)),
            Room("ATTIC", "Attic", 10, distance_group="up"),
            Room("LOBBY", "Lobby", 99, breaks_only=True),
        ),
        people=(Person("kim", "Kim", AWAY, (("ko", "김"),)),),
        bodies=(Body("team", "Team", single_team=True, away=AWAY),),
        sessions=(
            one("A", **both, seats_needed=20, required_features=frozenset({"booth"})),
            one("B", **both, after=frozenset({"A"}), not_before=600, not_after=1000),
            one("C", fixed_start=607, fixed_room="HALL", not_parallel_with=frozenset({"A"}), blocks_all=True),
            one("D", duration=900, required_features=frozenset({"nothing"})),
            one("E", seats_needed=5000),
        ),
        pins=(Pin("A", start=600, room="HALL"),),
        same_time=(frozenset("AB"),),
        same_room=(frozenset("CD"),),
    )


def said() -> Iterator[CodedMessage]:
    """All that is ever said about such a problem."""
    problem = everything()
    keys = rule_keys(problem)
    for part, rules in (
        (problem, keys),
        (problem, [("not_parallel", "A", other) for other in "BCDE"]),
        (problem, [("room_too_small", "D")]),  # no room has what it needs
        (replace(problem, windows=()), [("hours", "A")]),
        (replace(only(problem, "E"), rooms=()), [("hours", "E")]),
    ):
        for cause in causes(part, rules):
            yield from cause.messages
    for short in (
        Shortage(("person_twice", "kim"), ("A", "B"), (), 120, 60, whole=False),
        Shortage(("room_double",), ("A", "B"), ("HALL",), 2, 1, whole=True),
    ):
        for cause in causes(problem, keys, short)[:1]:
            yield from cause.messages
    subjects = Subjects(problem)
    for found in (
        softened(subjects, keys),
        longer_days(subjects),
        more_room(subjects, problem.sessions[:1], {"A": 20}),
        more_room(subjects, problem.sessions[1:2], {"B": 0}),
        equipped(subjects, problem.sessions),
        left_out(subjects, "A", SeatDemand(problem)),
    ):
        for relaxation in found:
            yield from (step.message for step in relaxation.steps)
    yield message("alternative.elsewhere", count=1, all=2, sessions=sessions("A"))
    yield message("alternative.compared", terms=terms({"unseated": 4}, {"unseated": 1}, {"unseated": 1}))


def test_every_message_has_a_sentence_in_both_languages_and_every_sentence_is_said() -> None:
    problem, codes = everything(), set()
    for one in said():
        codes.add(one.code)
        assert from_json(json.loads(json.dumps(one.as_json()))) == one
        texts = english(problem, one), korean(problem, one)
        assert not re.search(r"[가-힣]", texts[0])
        assert re.search(r"[가-힣]", texts[1])
        assert not re.search(r"Title|[{}]", texts[1])
    assert codes == set(TEMPLATES)


def test_every_term_has_a_name_in_both_languages() -> None:
    assert set(TERMS) == set(Weights.__dataclass_fields__)
    value = terms(dict.fromkeys(TERMS, 2), dict.fromkeys(TERMS, 1), dict.fromkeys(TERMS, 1))
    words = [SolverWords(names_of(everything()), catalogue).value(value) for catalogue in (ENGLISH, korean_catalogue())]
    assert words[0].startswith("wishes that overlap 2 → 1, people without a seat 2 → 1, ")
    assert words[1].startswith("시간이 겹치는 희망 세션 2 → 1, 자리가 없는 사람 2 → 1, ")


@pytest.mark.parametrize(
    ("minutes", "in_english", "in_korean"),
    [(60, "1:00 hours", "1시간"), (65, "1:05 hours", "1시간 5분"), (630, "10:30 hours", "10시간 30분")],
)
def test_lengths(minutes: int, in_english: str, in_korean: str) -> None:
    words = [SolverWords(names_of(everything()), catalogue) for catalogue in (ENGLISH, korean_catalogue())]
    assert [one.value(length(minutes)) for one in words] == [in_english, in_korean]


def test_times_are_said_as_the_clocks_show_them() -> None:
    words = [SolverWords(names_of(everything()), catalogue) for catalogue in (ENGLISH, korean_catalogue())]
    within, over = (
        ["2017-09-14T09:00+09:00", "2017-09-14T10:30+09:00"],
        ["2017-09-14T23:00+09:00", "2017-09-15T01:00+09:00"],
    )
    assert [one.value({"spans": [within, over]}) for one in words] == [
        "Thu 14 Sep 09:00 to 10:30, Thu 14 Sep 23:00 to Fri 15 Sep 01:00",
        "9월 14일(목) 09:00부터 10:30까지, 9월 14일(목) 23:00부터 9월 15일(금) 01:00까지",
    ]


def test_many_titles_are_counted_and_equal_ones_have_their_codes() -> None:
    titles = {code: f"Title {code}" for code in "ABCDEFGH"} | {"I": "Title A"}
    words = SolverWords(ProblemNames(titles, {}, {}, {}))
    assert words.value(sessions("AB")) == "“Title A” (A), “Title B”"
    assert words.value(sessions("BCDEFGH")) == ", ".join(f"“Title {code}”" for code in "BCDEFGH")
    assert words.value(sessions("BCDEFGHI")) == ", ".join(f"“Title {code}”" for code in "BCDEFG") + " and 2 more"


def test_names_are_data_and_who_is_gone_is_called_by_their_code() -> None:
    names: Names = ProblemNames({"A": "{0} {room} %s"}, {}, {}, {})
    said = SolverWords(names).say(message("cause.fixed_room", session=sessions(["A"]), room=rooms(["CELLAR"])))
    assert said == "“{0} {room} %s” is fixed to CELLAR."
