"""Why not here? The answer agrees with the verifier and the measure about the timetable with that one move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.explain.why_not import Questions, why_not
from schedule.solver.objective import measure
from schedule.solver.problem import Attendee, Placement, Problem, Session
from schedule.solver.verify import violations
from tests.schedule.solver.brute import MORNING, SLOT, at_morning, placements, problem_of, problems


def test_why_not_names_rules_and_costs() -> None:
    problem = problem_of(
        (Session("X", "X", 60, seats_needed=20), Session("Y", "Y", 60, seats_needed=20, after=frozenset({"X"}))),
        attendees=(Attendee((("X", 3), ("Y", 2))),),
    )
    timetable = (at_morning("X", "B"), at_morning("Y", "B", MORNING + 60))
    found = why_not(problem, timetable, "Y", MORNING, "B")
    assert [wrong.rule for wrong in found.rules] == ["order", "room_double"]
    assert (found.costs, found.cost) == ({"wish_clashes": 2}, 20)
    free = why_not(problem, timetable, "Y", MORNING + 90, "A")
    assert (free.rules, free.costs, free.cost) == ((), {"empty_seats": 30}, 30)


def test_why_not_here_where_it_is_already() -> None:
    problem = problem_of((Session("X", "X", 60),))
    found = why_not(problem, (at_morning("X", "A"),), "X", MORNING, "A")
    assert (found.rules, found.costs, found.cost) == ((), {}, 0)


def test_why_not_where_no_day_is_open() -> None:
    """All days may be deleted while sessions still have times."""
    problem = problem_of((Session("X", "X", 60, people=frozenset({"ann"}), track="green"),), windows=())
    found = why_not(problem, (at_morning("X", "A"),), "X", MORNING + 90, "C")
    assert ([wrong.rule for wrong in found.rules], found.costs, found.cost) == (["hours"], {}, 0)


def test_a_session_without_a_place_costs_what_it_adds_and_others_without_one_count_nowhere() -> None:
    sessions = tuple(Session(code, code, 60) for code in ("X", "Y", "Z"))
    problem = problem_of(sessions, attendees=(Attendee((("X", 3), ("Y", 2), ("Z", 1))),))
    found = why_not(problem, (at_morning("X", "A"),), "Y", MORNING, "A")
    costs = {"wish_clashes": 2, "empty_seats": 49}
    assert ([wrong.rule for wrong in found.rules], found.costs, found.cost) == (["room_double"], costs, 69)
    free = why_not(problem, (at_morning("X", "A"),), "Y", MORNING + 60, "A")
    assert (free.rules, free.costs, free.cost) == ((), {"empty_seats": 49}, 49)


@pytest.mark.parametrize(("session", "room"), [("Z", "A"), ("X", "Z")])
def test_why_not_unknown_code(session: str, room: str) -> None:
    problem = problem_of((Session("X", "X", 60),))
    with pytest.raises(KeyError, match="Z"):
        why_not(problem, (at_morning("X", "A"),), session, MORNING, room)


@settings(max_examples=60, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_why_not_agrees_with_verifier_and_measure(problem: Problem, random: object) -> None:
    choices = [placements(problem, session) for session in problem.sessions]
    if not all(choices):
        return
    timetable = tuple(random.choice(options) for options in choices)  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    session = problem.sessions[0]
    start = MORNING + SLOT * random.randint(0, 6)  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    room = random.choice(problem.rooms).code  # type: ignore[attr-defined]  # hypothesis types its Random loosely
    found = Questions(problem, timetable).against(session.code, start, room)
    place = Placement(session.code, start, start + session.duration, room)
    moved = tuple(place if p.session == session.code else p for p in timetable)
    mine = [wrong for wrong in violations(problem, moved) if session.code in wrong.sessions]
    assert {w.rule for w in found.rules} == {w.rule for w in mine}
    pairs = {"order", "room_double", "person_twice", "body_twice", "not_parallel", "blocks_all"}
    assert [w for w in found.rules if w.rule in pairs] == [w for w in mine if w.rule in pairs]
    before, after = measure(problem, timetable), measure(problem, moved)
    assert found.cost == problem.weights.total(after) - problem.weights.total(before)
    assert replace(found, rules=()).costs == {n: after[n] - before[n] for n in after if after[n] != before[n]}
