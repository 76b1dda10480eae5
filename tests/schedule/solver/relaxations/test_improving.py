"""Where there is a timetable: what gains, by how much, and what only seemed to."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given, settings

from schedule.solver.objective import measure
from schedule.solver.problem import Attendee, Problem, Session, Weights
from schedule.solver.relaxations.outcome import effect
from schedule.solver.relaxations.relax import relax
from schedule.solver.sentences.words import SolverWords, names_of
from schedule.solver.verify import violations
from schedule.solver.warm import warm
from tests.schedule.solver.brute import MORNING, all_timetables, at_morning, problem_of, problems


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """No search waits for the compiler: each has little time."""
    warm()


def crowded() -> Problem:
    """Three and a half hours of sessions in three hours, both wished by three people."""
    return problem_of(
        (Session("X", "Tea", 120, fixed_start=MORNING), Session("Y", "Cake", 90)),
        attendees=(Attendee((("X", 2), ("Y", 1))),) * 3,
        weights=Weights(empty_seats=0),
    )


def test_an_hour_more_ends_a_clash() -> None:
    found = relax(crowded(), seconds=8, seed=1)
    assert (found.feasible, found.objective, found.bound) == (True, 30, 30)
    assert found.terms == {"wish_clashes": 3} | {name: 0 for name in found.terms if name != "wish_clashes"}
    words = SolverWords(names_of(crowded()))
    assert [
        (words.say(one.message), one.gain, one.proved, words.value(effect(found, one) or 0)) for one in found.remedies
    ] == [
        (
            "Open an hour longer: Mon 3 May 09:00 to 13:00 instead of Mon 3 May 09:00 to 12:00.",
            30,
            True,
            "wishes that overlap 3 → 0",
        ),
    ]
    (remedy,) = found.remedies
    assert effect(found, remedy) == {"terms": [["wish_clashes", 3, 0]]}
    assert violations(remedy.problem, remedy.timetable) == []
    assert [wrong.rule for wrong in violations(crowded(), remedy.timetable)] == ["hours"]


def test_a_given_timetable_is_bettered_without_asking_for_anything() -> None:
    """What a better search does is no gain of a change."""
    problem = problem_of(
        (Session("X", "Tea", 60), Session("Y", "Cake", 60)),
        attendees=(Attendee((("X", 2), ("Y", 1))),),
        weights=Weights(empty_seats=0),
    )
    found = relax(problem, seconds=5, start=(at_morning("X", "A"), at_morning("Y", "C")))
    assert (found.feasible, found.objective, found.remedies) == (True, 0, ())


def test_without_time_nothing_is_claimed() -> None:
    found = relax(crowded(), seconds=5, should_stop=lambda: True)
    assert found.remedies == ()
    assert found.feasible in {True, None}


@settings(max_examples=12, deadline=None)
@given(problems())
def test_gains_are_true(problem: Problem) -> None:
    found = relax(problem, seconds=3, seed=2)
    if not found.feasible or found.timetable is None:
        return
    assert violations(problem, found.timetable) == []
    assert problem.weights.total(found.terms) == found.objective
    costs = [problem.weights.total(measure(problem, one)) for one in islice(all_timetables(problem), 4000)]
    for one in found.remedies:
        assert violations(one.problem, one.timetable) == []
        assert one.objective == problem.weights.total(measure(one.problem, one.timetable))
        assert found.objective is not None
        assert one.gain == found.objective - one.objective > 0
        if one.proved and len(costs) < 4000:
            assert one.objective < min(costs)
