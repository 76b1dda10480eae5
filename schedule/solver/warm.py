"""Compile the local searches and keep the result beside the source: `python -m schedule.solver.warm`.

numba compiles at the first call, which takes several seconds; done once after installing, no timetable waits for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from schedule.solver import results
from schedule.solver.enrolment import itc
from schedule.solver.enrolment.instance import Solution
from schedule.solver.enrolment.search import solve as solve_enrolment
from schedule.solver.problem import Attendee, Interval, Problem, Room, Rules, Session, Window
from schedule.solver.search import Result, solve
from schedule.solver.tracks.search import compile_kernel


def warm() -> Result:
    """Solve the smallest problem that needs the local search: two sessions at one time, and somebody who wants both."""
    problem = Problem(
        origin=datetime(2000, 1, 1, tzinfo=UTC),
        timezone="UTC",
        rules=Rules(slot_minutes=60),
        windows=(Window(date(2000, 1, 1), Interval(0, 60)),),
        rooms=(Room("A", "A", 9), Room("B", "B", 9)),
        people=(),
        bodies=(),
        sessions=(Session("1", "1", 60), Session("2", "2", 60)),
        attendees=(Attendee((("1", 2), ("2", 1))),),
    )
    return solve(problem, seconds=1)


def warm_enrolment() -> results.Result[Solution]:
    """The same for the public formats: two events that share a student."""
    instance = itc.read("2 1 0 1\n1\n1 1\n")
    return solve_enrolment(instance, seconds=1)


if __name__ == "__main__":
    warm()
    warm_enrolment()
    compile_kernel()
