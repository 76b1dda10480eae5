"""Where could it go? Every place of the answer agrees with that place asked alone, also while sessions move."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.explain.why_not import Questions
from schedule.solver.places.finder import PlaceFinder
from schedule.solver.problem import Attendee, Placement, Problem, Session, Timetable
from tests.schedule.solver.brute import FIRST_DAY, MORNING, at_morning, problem_of, problems

STARTS = range(MORNING - 30, MORNING + 240, 15)


def agrees(problem: Problem, timetable: Timetable, finder: PlaceFinder, session: str) -> None:
    """The verifier's rules and the measure's costs, for each place alone."""
    questions = Questions(problem, timetable)
    grid = finder.places(session, [*STARTS, 1440 + MORNING])
    for row, start in enumerate(grid.starts):
        for column, room in enumerate(grid.rooms):
            alone, found = questions.against(session, start, room), grid.at(row, column)
            assert found.placement == alone.placement
            assert set(found.rules) == {wrong.rule for wrong in alone.rules} - {"length"}
            assert (found.costs, found.cost) == (alone.costs, alone.cost)
            takers = {code for wrong in alone.rules if wrong.rule == "room_double" for code in wrong.sessions}
            assert (found.taken_by in takers) if takers else found.taken_by is None


@settings(max_examples=60, deadline=None)
@given(problems(most=5), st.randoms(use_true_random=False))
def test_every_place_agrees_with_that_place_asked_alone_while_sessions_move(
    problem: Problem, chance: random.Random
) -> None:
    at: dict[str, Placement] = {}
    finder = PlaceFinder(problem, ())
    for _ in range(2):
        for session in problem.sessions:
            if chance.random() < 0.2:
                at.pop(session.code, None)
                finder.where.take(session.code)
                continue
            start = chance.choice(STARTS)
            end = start + session.duration + chance.choice([0, 0, 15])
            at[session.code] = Placement(session.code, start, end, chance.choice(problem.rooms).code)
            finder.where.put(at[session.code])
        agrees(problem, tuple(at.values()), finder, chance.choice(problem.sessions).code)


@settings(max_examples=30, deadline=None)
@given(problems())
def test_a_day_has_all_starts_on_the_grid_at_which_the_session_is_within_the_hours(problem: Problem) -> None:
    session, room = problem.sessions[0], problem.rooms[0].code
    here = Placement(session.code, MORNING + 5, MORNING + 5 + session.duration, room)
    finder, questions = PlaceFinder(problem, (here,)), Questions(problem, (here,))

    def wrong(start: int) -> set[str]:
        return {found.rule for found in questions.against(session.code, start, room).rules}

    found = [start for day in sorted({w.day for w in problem.windows}) for start in finder.starts(session.code, day)]
    given = {session.fixed_start, *(pin.start for pin in problem.pins if pin.session == session.code), here.start}
    grid = {start for start in range(0, 3 * 1440, problem.rules.slot_minutes) if "hours" not in wrong(start)}
    assert set(found) == grid | {start for start in given if start is not None and "hours" not in wrong(start)}
    assert len(found) == len(set(found))
    assert finder.starts(session.code, FIRST_DAY - timedelta(days=1)) == []


def test_the_best_places_come_first_and_say_what_they_cost() -> None:
    problem = problem_of(
        (Session("X", "X", 60, seats_needed=20), Session("Y", "Y", 60, seats_needed=20)),
        attendees=(Attendee((("X", 3), ("Y", 2))),),
    )
    finder = PlaceFinder(problem, (at_morning("X", "B"), at_morning("Y", "A")))
    grid = finder.of_day("Y", FIRST_DAY)
    assert (len(grid.starts), grid.free) == (5, 16)
    first = grid.best(3)
    assert [(one.placement.start - MORNING, one.placement.room, one.costs, one.cost) for one in first] == [
        (60, "B", {"wish_clashes": -2, "empty_seats": -30}, -50),
        (90, "B", {"wish_clashes": -2, "empty_seats": -30}, -50),
        (120, "B", {"wish_clashes": -2, "empty_seats": -30}, -50),
    ]
    taken = grid.at(0, grid.rooms.index("AB"))
    assert (taken.rules, taken.taken_by, taken.is_free) == (("room_double",), "X", False)
    with pytest.raises(KeyError, match="Z"):
        finder.of_day("Z", FIRST_DAY)
