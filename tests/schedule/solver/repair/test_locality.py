"""The bound asked of few sessions is that of all: equal counts, on small random problems and on a full house."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from schedule.solver.budget import new_solver
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.problem import Interval, Placement, Problem, Room, Rules, Session, Timetable, Window
from schedule.solver.repair import locality
from schedule.solver.repair.bound import ChangeBound
from schedule.solver.repair.choices import RepairChoices
from schedule.solver.repair.listing import Lister
from schedule.solver.repair.locality import least_changes
from schedule.solver.repair.minimal_change import repair
from schedule.solver.verify import violations
from tests.schedule.solver.brute import FIRST_DAY, MORNING, all_timetables, at_morning, problem_of, problems


class Unhurried:
    """Time enough, and nothing found so far."""

    known = None
    left = 20.0

    def watch(self, _stop: Callable[[], None]) -> AbstractContextManager[None]:
        return nullcontext()

    def solver(self, _share: float) -> cp_model.CpSolver:
        return new_solver(seconds=20, seed=0, workers=1)


def closed(problem: Problem, code: str, during: Interval) -> Problem:
    rooms = (replace(room, closed=(*room.closed, during)) if room.code == code else room for room in problem.rooms)
    return replace(problem, rooms=tuple(rooms))


def of_all(problem: Problem, old: Timetable) -> tuple[int, int]:
    """The counts of the bound asked of all sessions at once."""
    TimetableModel(problem)  # raises UnplaceableError
    choices, sessions = RepairChoices(problem), {session.code: session for session in problem.sessions}
    lister = Lister(choices, old)
    listed = {p.session: lister.all_in_own_room(sessions[p.session], p, anywhere=False) for p in old}
    bound = ChangeBound(problem, old, choices=choices, listed=listed, hinders=lambda _: 0)
    plan = bound.plan(Unhurried(), 1)
    assert plan.placed
    return plan.times, plan.rooms


@settings(max_examples=40, deadline=None)
@given(problems(most=5), st.sampled_from(["A", "B", "C"]), st.integers(0, 5))
def test_least_changes_of_few_sessions_are_those_of_all(problem: Problem, room: str, half_hours: int) -> None:
    old = next(all_timetables(problem), None)
    if old is None:
        return
    lost = closed(problem, room, Interval(MORNING, MORNING + 30 * (1 + half_hours)))
    broken = frozenset(code for wrong in violations(lost, old) for code in wrong.sessions)
    try:
        everything = of_all(lost, old)
    except UnplaceableError:
        return
    plan = next(least_changes(lost, old, broken, Unhurried()))
    assert (plan.times, plan.rooms) == everything
    assert plan.options.keys() <= {session.code for session in lost.sessions}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(problems(most=4), st.randoms(use_true_random=False))
def test_stretches_never_ask_for_more_changes_than_are_needed(
    monkeypatch: pytest.MonkeyPatch, problem: Problem, random: Random
) -> None:
    """From places drawn at random: the bound is one, and what is proved minimal is."""
    monkeypatch.setattr(locality, "MOST_ROUNDS", 0)
    old = tuple(
        Placement(session.code, start, start + session.duration, random.choice(["A", "B", "AB", "C"]))
        for session in problem.sessions
        for start in [random.choice(range(MORNING, MORNING + 180, 30))]
    )
    distances = [changes(old, new) for new in islice(all_timetables(problem), 2000)]
    if not distances or len(distances) == 2000:
        return
    broken = frozenset(code for wrong in violations(problem, old) for code in wrong.sessions)
    for plan in least_changes(problem, old, broken, Unhurried()):
        assert (plan.times, plan.rooms) <= min(distances)
    found = repair(problem, old, seconds=5)
    assert found.timetable is not None
    assert found.proved_minimal
    assert changes(old, found.timetable) == min(distances)


def changes(old: Timetable, new: Timetable) -> tuple[int, int]:
    """Sessions at another time, and in another room."""
    at = {placed.session: placed for placed in new}
    times = sum(at[placed.session].start != placed.start for placed in old)
    return times, sum(at[placed.session].room != placed.room for placed in old)


@pytest.mark.parametrize(("days_lost", "expected"), [(1, (3, 0)), (2, (6, 6))])
def test_repair_of_full_rooms_is_proved_stretch_by_stretch(
    monkeypatch: pytest.MonkeyPatch, days_lost: int, expected: tuple[int, int]
) -> None:
    """Two rooms are full for half an hour a day. Of every two sessions one goes: to the other day, or from A to B."""
    monkeypatch.setattr(locality, "MOST_ROUNDS", 0)
    days = [MORNING, 24 * 60 + MORNING]
    windows = tuple(Window(FIRST_DAY + timedelta(days=n), Interval(day, day + 180)) for n, day in enumerate(days))
    old = tuple(
        Placement(f"{room} at {start}", start, start + 10, room)
        for room in "AB"
        for day in days
        for start in range(day, day + 30, 10)
    )
    problem = problem_of(
        tuple(Session(placed.session, placed.session, 10) for placed in old),
        rooms=tuple(Room(code, code, 50) for code in "AB"),
        windows=windows,
        rules=Rules(slot_minutes=10),
    )
    lost = closed(problem, "A", Interval(MORNING, days[days_lost - 1] + 180))
    found = repair(lost, old, seconds=20)
    assert found.timetable is not None
    assert found.proved_minimal
    assert changes(old, found.timetable) == expected


def test_repair_passes_a_lost_room_on_from_session_to_session() -> None:
    """X fits only where Y is: two change their room, which X alone does not say."""
    problem = problem_of((Session("X", "X", 60, seats_needed=30), Session("Y", "Y", 60)))
    lost = closed(problem, "A", Interval(MORNING, MORNING + 180))
    found = repair(lost, (at_morning("X", "A"), at_morning("Y", "C")), seconds=5)
    assert found.timetable == (at_morning("X", "C"), at_morning("Y", "B"))
    assert (found.changes_by_kind, found.proved_minimal) == ({"time": 0, "room": 2, "both": 0}, True)


def test_repair_bound_knows_that_sessions_share_a_room() -> None:
    """X loses its room, and with it Y, which would have had its own room still."""
    problem = problem_of((Session("X", "X", 60), Session("Y", "Y", 60)), same_room=(frozenset({"X", "Y"}),))
    lost = closed(problem, "A", Interval(MORNING, MORNING + 60))
    old = (at_morning("X", "A"), at_morning("Y", "A", MORNING + 60))
    plan = next(least_changes(lost, old, frozenset({"X"}), Unhurried()))
    assert (plan.times, plan.rooms) == of_all(lost, old) == (0, 2)


def test_repair_bound_knows_how_far_people_walk() -> None:
    """Ann cannot be in C, which is far, right before she is in B: there is one more to change than X alone says."""
    problem = problem_of(
        (
            Session("X", "X", 60, people=frozenset({"ann"}), seats_needed=30),
            Session("Y", "Y", 60, people=frozenset({"ann"})),
        ),
        rules=Rules(slot_minutes=30, person_gap_other_group_minutes=10),
    )
    lost = closed(problem, "A", Interval(MORNING, MORNING + 180))
    old = (at_morning("X", "A"), at_morning("Y", "B", MORNING + 60))
    plan = next(least_changes(lost, old, frozenset({"X"}), Unhurried()))
    assert (plan.times, plan.rooms) == of_all(lost, old) == (0, 2)


def test_repair_bound_counts_who_makes_way_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """X fits into A alone, which is lost on its day and taken on the other: Y, who is not asked at first, goes to B."""
    monkeypatch.setattr(locality, "MOST_ROUNDS", 0)
    days = [MORNING, 24 * 60 + MORNING]
    problem = problem_of(
        (Session("X", "X", 60, seats_needed=30), Session("W", "W", 60), Session("Y", "Y", 60)),
        rooms=(Room("A", "A", 50), Room("B", "B", 20)),
        windows=tuple(Window(FIRST_DAY + timedelta(days=n), Interval(day, day + 60)) for n, day in enumerate(days)),
    )
    lost = closed(problem, "A", Interval(MORNING, MORNING + 60))
    old = (at_morning("X", "A"), at_morning("W", "B"), at_morning("Y", "A", days[1]))
    plans = list(least_changes(lost, old, frozenset({"X"}), Unhurried()))
    assert [(plan.times, plan.rooms, plan.moved) for plan in plans] == [(1, 0, frozenset()), (1, 1, frozenset({"Y"}))]
    found = repair(lost, old, seconds=5)
    assert (found.changes_by_kind, found.proved_minimal) == ({"time": 1, "room": 1, "both": 0}, True)
