"""Changing places with another session: exactly those exchanges in which both keep every rule, and what they cost."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.objective import measure
from schedule.solver.places.exchanges import exchanges
from schedule.solver.places.finder import PlaceFinder
from schedule.solver.problem import Attendee, Placement, Problem, Session, Timetable
from schedule.solver.verify import violations_of
from tests.schedule.solver.brute import MORNING, SLOT, at_morning, problem_of, problems


def by_trying(problem: Problem, timetable: Timetable, code: str) -> dict[str, dict[str, int]]:
    """The others that can change places with a session, and the terms that change then."""
    at = {placement.session: placement for placement in timetable}
    lengths = {session.code: session.duration for session in problem.sessions}
    before = measure(problem, timetable)
    found = {}
    for other in at.keys() - {code}:
        here, there = at[code], at[other]
        if (here.start, here.room) == (there.start, there.room):
            continue
        moved = at | {
            code: Placement(code, there.start, there.start + lengths[code], there.room),
            other: Placement(other, here.start, here.start + lengths[other], here.room),
        }
        then = tuple(moved.values())
        if not violations_of(problem, then, code) and not violations_of(problem, then, other):
            after = measure(problem, then)
            found[other] = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    return found


@settings(max_examples=150, deadline=None)
@given(problems(most=5), st.randoms(use_true_random=False))
def test_exchanges_are_those_that_trying_finds(problem: Problem, chance: random.Random) -> None:
    timetable = tuple(
        Placement(one.code, start, start + one.duration, chance.choice(problem.rooms).code)
        for one in problem.sessions
        for start in [MORNING + SLOT * chance.randint(0, 4)]
        if chance.random() < 0.9
    )
    finder = PlaceFinder(problem, timetable)
    for placement in timetable:
        found = exchanges(finder, placement.session, most=None)
        assert {one.second.session: one.costs for one in found} == by_trying(problem, timetable, placement.session)
        assert exchanges(finder, placement.session, most=2) == found[:2]
        assert [one.cost for one in found] == sorted(problem.weights.total(one.costs) for one in found)
    # What was tried is taken back.
    assert {finder.where.at(one.session) for one in timetable} == set(timetable)


def test_the_best_exchange_comes_first() -> None:
    sizes = {"X": 45, "Y": 15, "Z": 18}
    sessions = tuple(Session(code, code, 60, seats_needed=seats) for code, seats in sizes.items())
    problem = problem_of(sessions, attendees=(Attendee((("X", 1), ("Y", 3), ("Z", 2))),))
    timetable = (at_morning("X", "A", MORNING + 60), at_morning("Y", "A"), at_morning("Z", "B"))
    finder = PlaceFinder(problem, timetable)
    found = exchanges(finder, "Y")
    assert [(one.second.session, one.costs, one.cost) for one in found] == [
        ("X", {"wish_clashes": -1}, -10),
        ("Z", {}, 0),
    ]
    assert exchanges(finder, "Y", most=1) == found[:1]
    finder.where.take("Y")
    assert exchanges(finder, "Y") == []
