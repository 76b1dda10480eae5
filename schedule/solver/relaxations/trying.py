"""Which changes may end a fight, and the mildest form in which one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from schedule.solver.explain.feasibility import Feasibility
from schedule.solver.explain.infeasible_subset import Explanation
from schedule.solver.problem import Problem, Timetable

from .changes import Relaxation
from .of_resources import equipped, left_out, longer_days, more_room
from .of_rules import softened
from .task import Task

_ROOM_RULES = {
    "room_double", "room_too_small", "room_feature", "room_closed", "room_hours", "breaks_only", "changeover",
    "person_gap", "same_room",
}  # fmt: skip
"""Without one of these in the fight, one more room changes nothing."""

Find = Callable[[Problem], tuple[Feasibility, Timetable | None]]
"""Looks for a timetable, with a limit of its own."""


def candidates(task: Task, why: Explanation) -> Iterator[Relaxation]:
    """Every change that softens something in the fight, but for what the task says cannot be changed."""
    return (one for one in _softer(task, why) if one.subject[:2] not in task.given)


def _softer(task: Task, why: Explanation) -> Iterator[Relaxation]:
    kinds = {rule for rule, *_ in why.rules}
    yield from softened(task.subjects, why.rules)
    # Before the first minute and after the last nobody looks for a start, whether or not the opening hours fight.
    yield from longer_days(task.subjects, between="hours" in kinds)
    fighting = [task.subjects.sessions[code] for code in why.sessions]
    if "room_feature" in kinds:
        yield from equipped(task.subjects, fighting)
    if kinds & _ROOM_RULES or not task.problem.rooms:
        # What somebody only wishes needs no seat here.
        seats = {session.code: session.seats for session in fighting}
        yield from more_room(task.subjects, fighting, seats)
    yield from left_out(task.subjects, why.sessions, task.demand)


def mildest(task: Task, find: Find, relaxation: Relaxation) -> tuple[Feasibility, int, Timetable | None]:
    """The number of the mildest step that gives a timetable; if the strongest does not, what is known of that."""

    def ask(number: int) -> tuple[Feasibility, Timetable | None]:
        if task.over:
            return Feasibility.UNKNOWN, None
        step = relaxation.steps[number]
        task.say(step.message)
        # Whether there is a timetable does not depend on what people wish.
        return find(replace(step.problem, attendees=()))

    low, high = 0, len(relaxation.steps) - 1
    answer, timetable = ask(high)
    if timetable is None:
        return answer, high, None
    while low < high:
        middle = (low + high) // 2
        _, milder = ask(middle)
        if milder is None:
            low = middle + 1
        else:
            high, timetable = middle, milder
    return Feasibility.POSSIBLE, high, timetable
