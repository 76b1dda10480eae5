"""Timetables for different goals: each keeps the rules, none is worse in everything, and each goal has its way."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.attendance.experience import experience
from schedule.solver.objective import measure
from schedule.solver.problem import Attendee, Placement, Problem, Session, Weights
from schedule.solver.tradeoffs.goals import GOALS, weights_for
from schedule.solver.tradeoffs.search import GoalTimetable, find_tradeoffs, undominated
from schedule.solver.verify import violations
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, at_morning, problem_of

TERMS = ("wish_clashes", "moved_times", "track_rooms", "person_gaps")


def torn() -> Problem:
    """Ann's two sessions: back to back for her, at the same time as those that their audience wishes for as well."""
    sessions = (
        Session("A1", "A1", 60, people=frozenset({"ann"}), track="red"),
        Session("A2", "A2", 60, people=frozenset({"ann"}), track="red"),
        Session("B1", "B1", 60, fixed_start=MORNING, fixed_room="B"),
        Session("B2", "B2", 60, fixed_start=MORNING + 60, fixed_room="B"),
    )
    attendees = (Attendee((("A1", 2), ("B2", 1))), Attendee((("A2", 2), ("B2", 1))))
    return problem_of(sessions, attendees=attendees, weights=Weights(empty_seats=0))


def test_each_goal_has_its_timetable_and_none_is_worse_in_everything() -> None:
    problem = torn()
    published = (
        at_morning("A1", "C", MORNING + 120),
        at_morning("A2", "A", MORNING),
        at_morning("B1", "B", MORNING),
        at_morning("B2", "B", MORNING + 60),
    )
    warm()  # a search that has to load what it was compiled to first would be over before it begins
    found = {one.goal: one for one in find_tradeoffs(problem, seconds=4, seed=1, published=published).found}
    assert all(violations(problem, one.timetable) == [] for one in found.values())
    for one in found.values():
        assert one.terms == measure(problem, one.timetable, previous=published)
        assert one.attendance == experience(problem, one.timetable)
    figures = {goal: one.figures for goal, one in found.items()}
    # Clashes, moves, rooms of the theme beyond the first, idle minutes.
    assert figures["moves"] == (0, 0, 1, 60)
    assert figures["clashes"][0] == 0
    assert figures["compact"][3] == 0
    assert figures["compact"][0] > 0
    for first, second in product(figures.values(), repeat=2):
        assert first == second or any(a < b for a, b in zip(first, second, strict=True))


def test_without_what_is_published_nothing_is_compared_with_it() -> None:
    found = find_tradeoffs(torn(), seconds=3, seed=1).found
    assert found
    assert {one.goal for one in found} <= set(GOALS) - {"moves"}


def test_where_there_is_no_timetable_the_first_search_says_so() -> None:
    problem = problem_of((Session("X", "X", 600),))
    ended = find_tradeoffs(problem, seconds=4)
    assert (ended.result.feasible, ended.found) == (False, ())


def test_goals_change_what_they_are_about_and_nothing_else() -> None:
    own = Weights(wish_clashes=900, empty_seats=3, person_gaps=70)
    assert weights_for("clashes", own) == own
    assert weights_for("compact", own) == own
    assert weights_for("walks", own) == Weights(wish_clashes=900, empty_seats=3, person_gaps=70, track_rooms=1000)
    moved = Weights(wish_clashes=900, empty_seats=3, person_gaps=70, moved_times=1000, moved_rooms=500)
    assert weights_for("moves", own) == moved


def made(*figures: int) -> GoalTimetable:
    terms = dict(zip(TERMS, figures, strict=True)) | {"moved_rooms": 0}
    problem = problem_of((Session("X", "X", 60),))
    return GoalTimetable("clashes", (Placement("X", 0, 60, "A"),), terms, experience(problem, ()))


@settings(deadline=None)
@given(st.lists(st.integers(0, 3**4 - 1), max_size=6))
def test_what_is_left_out_is_no_better_than_something_kept(numbers: list[int]) -> None:
    rows = [(number // 27, number // 9 % 3, number // 3 % 3, number % 3) for number in numbers]
    kept = [one.figures for one in undominated([made(*row) for row in rows])]
    assert len(kept) == len(set(kept))
    for row in rows:
        assert any(all(a <= b for a, b in zip(one, row, strict=True)) for one in kept)
    for one, other in product(kept, repeat=2):
        assert one == other or any(a < b for a, b in zip(one, other, strict=True))
