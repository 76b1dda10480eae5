"""One timetable for each goal, in parts of the time; what is worse in everything than another one is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schedule.solver.attendance.experience import Experience, experience
from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.objective import SeatDemand, measure
from schedule.solver.problem import Problem, Timetable
from schedule.solver.results import OnProgress
from schedule.solver.solve import Solved, solve

from .goals import FROM_PUBLISHED, GOALS, weights_for


@dataclass(frozen=True)
class GoalTimetable:
    """What was found for a goal: its terms, moves counted against what is published, and what people get."""

    goal: str
    timetable: Timetable
    terms: dict[str, int]
    attendance: Experience

    @property
    def figures(self) -> tuple[int, ...]:
        """What the goals are about: clashes, moves, rooms of a theme beyond the first, idle minutes; less is better."""
        terms = self.terms
        moves = terms["moved_times"] + terms["moved_rooms"]
        return terms["wish_clashes"], moves, terms["track_rooms"], terms["person_gaps"]


@dataclass(frozen=True)
class Tradeoffs:
    """The last search that was made, and the timetables none of which is worse than another in everything."""

    result: Solved
    found: tuple[GoalTimetable, ...]


def find_tradeoffs(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    start: Timetable | None = None,
    published: Timetable | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Tradeoffs:
    """Search for each goal with a part of the time; what one leaves over goes to the next ones.

    `start` is where all begin, but the goal of few moves, which begins with what is `published` and is left out
    without it. Every timetable has passed `verify.violations`. The first search that proves that there is no timetable
    ends it all; so does a stop.
    """
    deadline = Deadline(seconds, should_stop)
    goals = [goal for goal in GOALS if goal != FROM_PUBLISHED or published is not None]
    demand = SeatDemand(problem)
    found: list[GoalTimetable] = []
    for left, goal in zip(range(len(goals), 0, -1), goals, strict=True):
        result = solve(
            replace(problem, weights=weights_for(goal, problem.weights)),
            seconds=max(deadline.left / left, 0.1),
            seed=seed,
            start=published if goal == FROM_PUBLISHED else start,
            on_progress=on_progress,
            should_stop=should_stop,
        )
        if result.timetable is not None:
            terms = measure(problem, result.timetable, demand=demand, previous=published)
            found.append(GoalTimetable(goal, result.timetable, terms, experience(problem, result.timetable)))
        if result.feasible is False or deadline.stopped:
            break
    return Tradeoffs(result, tuple(undominated(found)))


def undominated(found: list[GoalTimetable]) -> Iterator[GoalTimetable]:
    """Those than which no other one is at least as good in every figure; of equal ones the first (Pareto's front)."""
    for index, one in enumerate(found):
        better = (
            other.figures != one.figures or position < index
            for position, other in enumerate(found)
            if other is not one and all(a <= b for a, b in zip(other.figures, one.figures, strict=True))
        )
        if not any(better):
            yield one
