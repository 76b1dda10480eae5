"""Can all that is wanted be had at once? Against trying everything, and on what is known."""

from __future__ import annotations

import resource
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given, settings

from schedule.solver.budget import Deadline
from schedule.solver.exact import bounds
from schedule.solver.exact.ideal_model import IdealModel, most_rules
from schedule.solver.exact.ideal_search import look_for_ideal
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.exact.time_indexed_model import GivenUp
from schedule.solver.objective import SeatDemand, measure
from schedule.solver.problem import Attendee, Interval, Person, Placement, Problem, Rules, Session, Timetable, Weights
from schedule.solver.run import Run
from tests.schedule.solver.brute import MORNING, all_timetables, problem_of, problems

MOST = 1000


def asked(problem: Problem, previous: Timetable | None = None) -> Run:
    """A run in which nothing but this was asked."""
    run = Run(
        problem=problem,
        deadline=Deadline(60, by_work=True),
        seed=1,
        workers=1,
        previous=previous,
        weights=problem.weights,
        on_progress=None,
        demand=SeatDemand(problem),
    )
    look_for_ideal(run, TimetableModel(problem), seconds=10)
    return run


@settings(max_examples=20, deadline=None)
@given(problems())
def test_found_where_there_is_one(problem: Problem) -> None:
    try:
        model = TimetableModel(problem)
    except UnplaceableError:
        return
    least = bounds.floor(model, SeatDemand(problem), problem.weights)
    costs = [problem.weights.total(measure(problem, one)) for one in islice(all_timetables(problem), MOST)]
    run = asked(problem)
    if run.best is not None:
        assert run.best_cost == run.bound == least
    if len(costs) < MOST:
        assert (run.best is not None) is (min(costs, default=None) == least)


TWO_AT_ONCE = (Session("S1", "First", 90), Session("S2", "Second", 90), Session("S3", "Third", 90))
BOTH_WISHED = (Attendee((("S1", 1), ("S2", 1))),)
ONE_DAY = problem_of(TWO_AT_ONCE, attendees=BOTH_WISHED, weights=Weights(empty_seats=0))


@pytest.mark.parametrize(
    ("attendees", "found"),
    [
        (BOTH_WISHED, True),
        # Four hours and a half of sessions nobody can miss, in a morning of three.
        ((Attendee((("S1", 1), ("S2", 1), ("S3", 1))),), False),
    ],
)
def test_what_is_wished_for_is_kept_apart(attendees: tuple[Attendee, ...], found: bool) -> None:
    assert (asked(replace(ONE_DAY, attendees=attendees)).best is not None) is found


@pytest.mark.parametrize(("limit", "found"), [(2, True), (1, False)])
def test_limits_hold(limit: int, found: bool) -> None:
    assert (
        asked(replace(ONE_DAY, rules=Rules(slot_minutes=30, max_parallel_open_sessions=limit))).best is not None
    ) is (found)


def test_nobody_idles() -> None:
    sessions = tuple(Session(f"S{number}", "Talk", 30, people=frozenset({"ann"})) for number in range(3))
    problem = problem_of(sessions, weights=Weights(person_gaps=1))
    run = asked(problem)
    starts = [placement.start for placement in sorted(run.best or (), key=lambda one: one.start)]
    assert [later - starts[0] for later in starts] == [0, 30, 60]


def test_nobody_moves_without_need() -> None:
    problem = problem_of((Session("S1", "First", 60),), weights=Weights(empty_seats=0, moved_times=5, moved_rooms=3))
    before = (Placement("S1", MORNING + 90, MORNING + 150, "C"),)
    run = asked(problem, before)
    assert (run.best, run.bound) == (before, 0)
    # Where it was it may not be any more: the move costs what it must, and is proved to.
    away = replace(
        problem,
        people=(Person("ann", "Ann", away=(Interval(MORNING + 90, MORNING + 120),)),),
        sessions=(replace(problem.sessions[0], people=frozenset({"ann"})),),
    )
    run = asked(away, before)
    assert (run.best_cost, run.bound) == (5, 5)


@pytest.mark.parametrize(
    ("memory", "most"),
    [(resource.RLIM_INFINITY, 2_000_000), (4096 * 2**20, 2_000_000), (1024 * 2**20, 592_177), (2**20, 0)],
)
def test_a_small_process_has_a_small_model(memory: int, most: int) -> None:
    assert most_rules(memory) == most


def test_a_large_model_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedule.solver.exact.ideal_model.MOST_RULES", 20)
    with pytest.raises(GivenUp):
        IdealModel(TimetableModel(ONE_DAY), SeatDemand(ONE_DAY), ONE_DAY.weights, over=lambda: False)
    assert asked(ONE_DAY).best is None
