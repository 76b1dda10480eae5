"""Several answers: right, near in quality, far in time; and when there are no more, that is so."""

from __future__ import annotations

from itertools import combinations, islice

import pytest
from hypothesis import given, settings

from schedule.solver.alternatives import APART_PERCENT, MOVED_MINUTES, WITHIN_PERCENT, Alternatives, find_alternatives
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import measure
from schedule.solver.problem import Attendee, Problem, Session, Timetable, Weights
from schedule.solver.verify import violations
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, all_timetables, problem_of, problems
from tests.schedule.solver.speaking import english, korean
from tests.schedule.solver.test_solve import with_demand
from tests.schedule.solver.variants import INFEASIBLE, forum


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No search waits for the compiler: each has little time."""
    warm()


def moved(problem: Problem, first: Timetable, second: Timetable) -> set[str]:
    breaks = {session.code for session in problem.sessions if session.is_break}
    at = {one.session: one.start for one in first}
    return {p.session for p in second if abs(p.start - at[p.session]) >= MOVED_MINUTES} - breaks


def least(problem: Problem) -> int:
    """How many sessions have to be elsewhere."""
    starts = {code: one.all_starts for code, one in TimetableModel(problem).domains.options.items()}
    can = [s for s in problem.sessions if not s.is_break and starts[s.code][-1] - starts[s.code][0] >= MOVED_MINUTES]
    return max(1, -(-len(can) * APART_PERCENT // 100))


def assert_true(problem: Problem, found: Alternatives) -> None:
    best = found.answers[0]
    for one in found.answers:
        assert violations(problem, one.timetable) == []
        assert one.terms == measure(problem, one.timetable)
        assert one.objective == problem.weights.total(one.terms)
        assert best.objective <= one.objective <= best.objective + max(0, best.objective) * WITHIN_PERCENT // 100
        assert set(one.elsewhere) == moved(problem, best.timetable, one.timetable)
    for first, second in combinations(found.answers, 2):
        assert len(moved(problem, first.timetable, second.timetable)) >= least(problem)


@pytest.mark.slow
def test_the_forum_has_three_answers_with_wishes() -> None:
    problem = with_demand(forum(), 100)
    found = find_alternatives(problem, answers=3, seconds=10, seed=1)
    assert (len(found.answers), found.exhausted) == (3, False)
    assert_true(problem, found)


def test_the_forum_has_two_answers_without_wishes() -> None:
    problem = forum()
    found = find_alternatives(problem, answers=2, seconds=20, seed=1)
    assert (len(found.answers), found.exhausted) == (2, False)
    assert_true(problem, found)
    other = found.answers[1]
    assert f"{len(other.elsewhere)} of 21 sessions are at another time: “" in english(problem, *other.messages)
    assert f"세션 21개 중 {len(other.elsewhere)}개의 시간이 다릅니다: ‘" in korean(problem, *other.messages)


def test_there_are_no_more_than_there_are() -> None:
    """One hour in three hours of one room, at 9 or at 11 only; rooms A and C are no other answer."""
    problem = problem_of(
        (Session("X", "Tea", 60), Session("Y", "Lunch", 60, fixed_start=MORNING + 60, blocks_all=True)),
        weights=Weights(empty_seats=0),
    )
    found = find_alternatives(problem, answers=5, seconds=10)
    assert (len(found.answers), found.exhausted) == (2, True)
    assert_true(problem, found)
    assert english(problem, *found.answers[1].messages) == "1 of 1 sessions are at another time: “Tea”."


def test_what_costs_too_much_is_no_answer() -> None:
    """At any other time the two wished sessions would overlap."""
    problem = problem_of(
        (Session("X", "Tea", 90, fixed_start=MORNING), Session("Y", "Cake", 90)),
        attendees=(Attendee((("X", 1), ("Y", 1))),),
        weights=Weights(empty_seats=0),
    )
    found = find_alternatives(problem, answers=2, seconds=6)
    assert (len(found.answers), found.exhausted) == (1, True)


def test_without_a_timetable_there_is_no_answer() -> None:
    found = find_alternatives(INFEASIBLE["state_violence_in_209_210"][0](forum()), answers=3, seconds=5)
    assert (found.result.feasible, found.answers) == (False, ())


def test_one_seed_gives_the_same_answers() -> None:
    problem = problem_of(
        tuple(Session(f"S{n}", f"S{n}", 60) for n in range(4)),
        attendees=(Attendee((("S0", 3), ("S1", 2), ("S2", 1))), Attendee((("S1", 2), ("S3", 1)))),
    )
    first, second = (find_alternatives(problem, answers=3, seconds=4, seed=5).answers for _ in range(2))
    assert first == second


@settings(max_examples=12, deadline=None)
@given(problems())
def test_answers_are_true_and_so_is_that_there_are_no_more(problem: Problem) -> None:
    found = find_alternatives(problem, answers=3, seconds=2)
    if not found.answers:
        assert found.result.feasible is False
        return
    assert_true(problem, found)
    everything = list(islice(all_timetables(problem), 3000))
    if found.exhausted and len(everything) < 3000:
        most = found.answers[0].objective + max(0, found.answers[0].objective) * WITHIN_PERCENT // 100
        further = [
            one
            for one in everything
            if problem.weights.total(measure(problem, one)) <= most
            and all(len(moved(problem, answer.timetable, one)) >= least(problem) for answer in found.answers)
        ]
        assert further == []
