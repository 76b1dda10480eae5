"""Solving the forum: feasible, verified, repeatable, never worse than the start, stoppable."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from schedule.solver import solve as solving
from schedule.solver.budget import Deadline
from schedule.solver.files.timetables import read_timetable
from schedule.solver.objective import SeatDemand, Weights, measure
from schedule.solver.problem import Attendee, Problem, Session, Timetable
from schedule.solver.results import SearchProgress
from schedule.solver.run import WrongTimetableError
from schedule.solver.solve import solve
from schedule.solver.verify import violations
from tests.schedule.solver.brute import MORNING, at_morning, problem_of
from tests.schedule.solver.variants import FEASIBLE, INFEASIBLE, forum

EXAMPLE = Path(__file__).parent / "data" / "example_timetable.json"


def with_demand(problem: Problem, people: int = 300) -> Problem:
    rng = random.Random(7)
    codes = [session.code for session in problem.sessions if not session.is_break]
    return replace(
        problem,
        attendees=tuple(
            Attendee(tuple((code, 5 - rank) for rank, code in enumerate(rng.sample(codes, 5)))) for _ in range(people)
        ),
    )


def test_solve_forum_is_proved_best_without_demand() -> None:
    problem = forum()
    result = solve(problem, seconds=20)
    assert result.timetable is not None
    assert violations(problem, result.timetable) == []
    assert (result.feasible, result.status, result.bound) == (True, "OPTIMAL", result.objective)
    assert result.terms == measure(problem, result.timetable)
    assert result.terms["off_half_hour"] == 0
    assert result.seconds_to_first is not None
    assert result.seconds_to_first <= result.seconds


def test_solve_forum_with_demand_beats_the_example_timetable() -> None:
    problem = with_demand(forum())
    example = Weights().total(measure(problem, read_timetable(problem, EXAMPLE)))
    heard: list[SearchProgress] = []
    result = solve(problem, seconds=3, seed=3, on_progress=heard.append)
    assert result.timetable is not None
    assert violations(problem, result.timetable) == []
    assert result.objective is not None
    assert result.bound is not None
    assert result.bound <= result.objective < example
    assert [progress.objective for progress in heard][-1] == result.objective
    assert heard == sorted(heard, key=lambda progress: (progress.seconds, -progress.objective))
    assert {"first", "local"} <= {progress.phase for progress in heard}


def test_solve_same_seed_same_result() -> None:
    problem = with_demand(forum(), 50)
    # Little work and much time: the clock has no say.
    first, second = (solving._Search(**_search(problem)).run() for _ in range(2))
    assert first.timetable == second.timetable
    assert (first.objective, first.bound, first.iterations) == (second.objective, second.bound, second.iterations)


@pytest.mark.parametrize(("to_the_end", "status"), [(True, "OPTIMAL"), (False, "FEASIBLE")])
def test_what_time_the_clock_leaves_goes_into_the_proof(*, to_the_end: bool, status: str) -> None:
    problem = with_demand(forum(), 8)
    found = solving._Search(**_search(problem, seconds=0.05), to_the_end=to_the_end).run()
    assert found.status == status
    assert (found.bound == found.objective) is to_the_end


def _search(problem: Problem, seconds: float = 1.0) -> dict[str, Any]:
    class SlowClock(Deadline):
        """So many seconds' worth of work on a clock that runs slowly."""

        @property
        def left(self) -> float:
            return 60.0

    return {
        "problem": problem,
        "deadline": SlowClock(seconds),
        "seed": 5,
        "workers": 1,
        "previous": None,
        "weights": Weights(),
        "on_progress": None,
        "demand": SeatDemand(problem),
    }


def test_solve_is_never_worse_than_its_start() -> None:
    problem = with_demand(forum(), 100)
    good = solve(problem, seconds=2, seed=1)
    again = solve(problem, seconds=0.05, seed=2, start=good.timetable)
    assert good.objective is not None
    assert again.objective is not None
    assert again.objective <= good.objective
    assert again.seconds_to_first is not None


def test_solve_ignores_a_start_that_breaks_a_rule() -> None:
    problem = problem_of((Session("X", "X", 60), Session("Y", "Y", 60)))
    wrong: Timetable = (at_morning("X", "A"), at_morning("Y", "A"))
    result = solve(problem, seconds=2, start=wrong)
    assert result.timetable is not None
    assert violations(problem, result.timetable) == []


def test_solve_stability_keeps_the_previous_timetable() -> None:
    problem = problem_of((Session("X", "X", 60, seats_needed=10), Session("Y", "Y", 60, seats_needed=10)))
    previous: Timetable = (at_morning("X", "AB"), at_morning("Y", "C", MORNING + 30))
    free = solve(problem, seconds=2, start=previous)
    assert free.timetable is not None
    assert {placement.room for placement in free.timetable} == {"B"}
    kept = solve(problem, seconds=2, start=previous, weights=Weights(moved_times=500, moved_rooms=500))
    assert kept.timetable == previous
    assert kept.status == "OPTIMAL"


@pytest.mark.parametrize("name", FEASIBLE)
def test_solve_feasible_variants(name: str) -> None:
    for problem in (FEASIBLE[name](forum()), FEASIBLE[name](forum(gap=False))):
        heard: list[SearchProgress] = []
        result = solve(problem, seconds=20, on_progress=heard.append, should_stop=partial(bool, heard))
        assert result.timetable is not None
        assert violations(problem, result.timetable) == []
        assert heard[0].phase == "first"


@pytest.mark.parametrize("name", INFEASIBLE)
def test_solve_infeasible_variants(name: str) -> None:
    result = solve(INFEASIBLE[name][0](forum(gap=False)), seconds=20)
    assert (result.feasible, result.status, result.timetable) == (False, "INFEASIBLE", None)


def test_solve_stops_when_asked() -> None:
    result = solve(with_demand(forum()), seconds=600, should_stop=lambda: True)
    assert result.seconds < 60
    assert result.status in {"STOPPED", "FEASIBLE"}


def test_solve_without_hours_is_infeasible() -> None:
    result = solve(problem_of((Session("X", "X", 60),), windows=()), seconds=2)
    assert (result.feasible, result.timetable) == (False, None)


def many_sessions(number: int) -> Problem:
    """Half hours on two days of ten hours, and wishes of 40 people."""
    sessions = tuple(Session(f"S{n}", f"S{n}", 30, seats_needed=10) for n in range(number))
    base = problem_of(())
    windows = tuple(
        replace(base.windows[0], hours=type(base.windows[0].hours)(day * 1440 + MORNING, day * 1440 + MORNING + 600))
        for day in range(2)
    )
    return with_demand(replace(base, sessions=sessions, windows=windows), 40)


def test_solve_many_sessions_by_local_search() -> None:
    problem = many_sessions(90)
    result = solve(problem, seconds=3)
    assert result.timetable is not None
    assert violations(problem, result.timetable) == []
    assert (result.status, result.bound) == ("FEASIBLE", 90 * 10)


def test_many_sessions_by_work_are_placed_the_same_again() -> None:
    first, second = (solve(many_sessions(90), seconds=0.2, seed=4, by_work=True) for _ in range(2))
    assert first.timetable == second.timetable
    assert (first.objective, first.iterations) == (second.objective, second.iterations)
    with pytest.raises(ValueError, match="one worker"):
        solve(many_sessions(90), seconds=0.2, workers=2, by_work=True)


def test_two_workers_use_the_time_that_is_given() -> None:
    problem = many_sessions(90)
    result = solve(problem, seconds=1, workers=2)
    assert result.timetable is not None
    assert violations(problem, result.timetable) == []
    assert 0.95 < result.seconds < 2


def test_many_sessions_end_as_soon_as_nothing_can_be_better() -> None:
    problem = replace(many_sessions(90), attendees=(), weights=Weights(empty_seats=0))
    result = solve(problem, seconds=60, workers=2)
    assert (result.status, result.objective) == ("OPTIMAL", 0)
    assert result.seconds < 30


def test_search_refuses_a_wrong_timetable() -> None:
    problem = problem_of((Session("X", "X", 60),))
    run = solving._Search(**_search(problem))
    with pytest.raises(WrongTimetableError, match=r"planted: .*missing"):
        run.offer((), "planted")
