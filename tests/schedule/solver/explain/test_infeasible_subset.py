"""Why there is no timetable: each infeasible variant of the forum names the rule and the sessions at fault."""

from __future__ import annotations

from typing import Any

import pytest

from schedule.solver.exact.domains import RuleKey
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.explain import feasibility
from schedule.solver.explain.causes import Cause
from schedule.solver.explain.infeasible_subset import Explanation, explain, rule_keys
from schedule.solver.problem import Session
from schedule.solver.sentences.message import message
from tests.schedule.solver.brute import MORNING, problem_of
from tests.schedule.solver.patience import asked
from tests.schedule.solver.speaking import english, korean
from tests.schedule.solver.variants import INFEASIBLE, forum, session

COUNTED = {"changeover_half_an_hour", "one_interpreter_team", "roundtable_two_hours"}
# With the questions that suffice: the proof that there is none, and some of the way to what fights.
SLOW = {
    "two_open_sessions_at_once": 6,
    "booths_only_in_the_halls": 9,
    "halls_closed_and_no_booth_in_209_210": 11,
}


def check(name: str, found: Explanation) -> None:
    problem = INFEASIBLE[name][0](forum(gap=False))
    _, rules, sessions = INFEASIBLE[name]
    assert (found.feasible, found.proved) == (False, True)
    named = {cause.rule for cause in found.causes}
    assert rules <= named
    cause = next(cause for cause in found.causes if cause.rule in rules)
    assert sessions & set(cause.sessions)
    titles = [dict(session(problem, code).titles) for code in cause.sessions]
    if cause.rule != "room_closed":  # that sentence names the room and the times
        assert any(title["en"] in english(problem, *cause.messages) for title in titles)
        assert any(title["ko"] in korean(problem, *cause.messages) for title in titles)


@pytest.mark.parametrize("name", sorted(INFEASIBLE.keys() - SLOW.keys()))
def test_explain_infeasible_variant_names_its_cause(name: str) -> None:
    found = explain(INFEASIBLE[name][0](forum(gap=False)), seconds=30)
    check(name, found)
    assert found.minimal is (name not in COUNTED)


@pytest.mark.parametrize("name", sorted(SLOW))
def test_explain_slow_variant_names_its_cause(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(name, explain(INFEASIBLE[name][0](forum(gap=False)), seconds=120, should_stop=asked(SLOW[name], monkeypatch)))


def test_explain_feasible_problem_has_no_causes() -> None:
    found = explain(forum(), seconds=20)
    assert (found.feasible, found.proved, found.minimal, found.causes) == (True, False, False, ())


def test_explain_without_time_knows_nothing() -> None:
    found = explain(INFEASIBLE["one_interpreter_team"][0](forum()), seconds=30, should_stop=lambda: True)
    assert found.feasible in {None, False}  # presolve may prove before it is asked to stop
    assert not found.minimal


def test_explain_builds_no_tight_model_once_it_is_asked_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[bool] = []

    class Noted(TimetableModel):
        def __init__(self, *args: Any, tight: bool = False, **kwargs: Any) -> None:
            built.append(tight)
            super().__init__(*args, tight=tight, **kwargs)

    monkeypatch.setattr(feasibility, "TimetableModel", Noted)
    found = explain(INFEASIBLE["two_open_sessions_at_once"][0](forum()), seconds=30, should_stop=lambda: True)
    assert (found.feasible, built) == (None, [False])


def test_explain_words() -> None:
    problem = INFEASIBLE["state_violence_in_209_210"][0](forum())
    found = explain(problem, seconds=10)
    violence, hall = {"sessions": ["T9"]}, {"rooms": ["R209210"]}
    small: dict[str, Any] = {"session": violence, "seats": 180, "rooms": hall, "capacities": {"list": [170]}}
    assert found.causes == (
        Cause("fixed_room", ("T9",), ("R209210",), (), (message("cause.fixed_room", session=violence, room=hall),)),
        Cause("room_too_small", ("T9",), ("R209210",), (), (message("cause.room_too_small", **small),)),
    )
    assert [english(problem, *cause.messages) for cause in found.causes] == [
        "“State Violence and Human Rights” is fixed to Room 209+210.",
        "“State Violence and Human Rights” needs 180 seats; too small: Room 209+210 (170 seats).",
    ]
    assert [korean(problem, *cause.messages) for cause in found.causes] == [
        "‘국가폭력과 인권’의 장소가 209+210호(으)로 고정되어 있습니다.",
        "‘국가폭력과 인권’에는 180석이 필요합니다. 좌석이 모자란 곳: 209+210호(170석).",
    ]


def test_explain_session_longer_than_the_conference() -> None:
    problem = problem_of((Session("X", "Marathon", 600),))
    found = explain(problem, seconds=5)
    assert (found.feasible, found.proved, found.minimal) == (False, True, True)
    assert [cause.rule for cause in found.causes] == ["hours"]
    assert english(problem, *found.causes[0].messages) == (
        "Opening hours are Mon 3 May 09:00 to 12:00. “Marathon” lasts 10:00 hours, longer than it is open in one piece."
    )


def test_explain_no_rooms() -> None:
    problem = problem_of((Session("X", "Tea", 30),), rooms=())
    found = explain(problem, seconds=5)
    said = [(cause.rule, english(problem, *cause.messages)) for cause in found.causes]
    assert said == [("no_rooms", "There are no rooms.")]


def test_a_fixed_start_off_the_grid_is_no_cause() -> None:
    found = explain(problem_of((Session("X", "Tea", 30, fixed_start=MORNING + 10),)), seconds=5)
    assert (found.feasible, found.causes) == (True, ())


def test_explain_no_hours() -> None:
    problem = problem_of((Session("X", "Tea", 30),), windows=())
    found = explain(problem, seconds=5)
    assert (found.feasible, found.proved) == (False, True)
    assert english(problem, *found.causes[-1].messages) == "The conference has no opening hours."


def test_rule_keys_are_those_the_model_asks_for() -> None:
    problem = forum()
    noted: set[RuleKey] = set()

    def note(key: RuleKey) -> bool:
        noted.add(key)
        return True

    TimetableModel(problem, note)
    assert noted <= set(rule_keys(problem))
