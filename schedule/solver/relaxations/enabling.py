"""Where there is no timetable: which single changes give one.

A change can only help if it softens something in the fight, so few are tried; each is answered by solving the changed
problem, in its mildest strength that suffices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

from schedule.solver.explain.causes import rank
from schedule.solver.explain.feasibility import SECONDS_PER_QUESTION, Asker, Feasibility
from schedule.solver.explain.infeasible_subset import Explanation
from schedule.solver.problem import Problem, Timetable

from .changes import Relaxation, Step
from .of_resources import equipped, left_out, longer_days, more_room
from .of_rules import softened
from .outcome import Help, Remedy, Tried, remedy, tried
from .task import Task, checked

_ROOM_RULES = {
    "room_double", "room_too_small", "room_feature", "room_closed", "room_hours", "breaks_only", "changeover",
    "person_gap", "same_room",
}  # fmt: skip
"""Without one of these in the fight, one more room changes nothing."""


_Find = Callable[[Problem], tuple[Feasibility, Timetable | None]]

_IN_PARTS = {"person_away", "body_away", "room_closed"}
"""Rules softened in parts and as a whole: where a part helps, nobody asks for the whole."""


def enable(task: Task, why: Explanation) -> Help:
    """Try every change that softens what fights, the most telling first: quickly at first, then what is left at length.

    Where a change helps, a timetable is mostly found at once; that there is none may take long to prove.
    """
    asker = Asker(task.deadline)
    left = _in_turn(_candidates(task, why))
    found: list[Remedy] = []
    in_vain: list[Tried] = []
    for find in (asker.find_soon, lambda problem: asker.find(problem, frozenset(), SECONDS_PER_QUESTION)):
        undecided = []
        for relaxation in left:
            if _has_helped_in_part(relaxation, found):
                continue
            answer, step, timetable = _mildest(task, find, relaxation)
            if timetable is not None:
                found.append(remedy(relaxation, step, checked(step.problem, timetable)))
            elif answer is Feasibility.IMPOSSIBLE:
                in_vain.append(tried(relaxation))
            else:
                undecided.append(relaxation)
        left = undecided
    found.sort(key=lambda one: (one.asks, rank(one.subject[0]), one.size, one.subject))
    return Help(
        feasible=False,
        remedies=tuple(found),
        in_vain=tuple(in_vain),
        undecided=tuple(tried(relaxation) for relaxation in left),
        causes=why.causes,
        seconds=task.deadline.elapsed,
    )


def _in_turn(candidates: Iterable[Relaxation]) -> list[Relaxation]:
    """One of each kind in turn, the most telling kind first, so that none waits for all of another."""
    kinds: dict[str, list[Relaxation]] = {}
    for relaxation in candidates:
        kinds.setdefault(relaxation.subject[0], []).append(relaxation)
    for same in kinds.values():
        same.sort(key=lambda one: one.steps[0].size)
    turns = zip_longest(*(kinds[rule] for rule in sorted(kinds, key=lambda rule: (rank(rule), kinds[rule][0].asks))))
    return [relaxation for turn in turns for relaxation in turn if relaxation is not None]


def _has_helped_in_part(relaxation: Relaxation, found: list[Remedy]) -> bool:
    rule, *whose = relaxation.subject
    return rule in _IN_PARTS and any(one.subject[:2] == (rule, whose[0]) for one in found)


def _candidates(task: Task, why: Explanation) -> Iterator[Relaxation]:
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


def _mildest(task: Task, find: _Find, relaxation: Relaxation) -> tuple[Feasibility, Step, Timetable | None]:
    """The mildest step that gives a timetable; if the strongest does not, what is known about that."""

    def ask(step: Step) -> tuple[Feasibility, Timetable | None]:
        if task.over:
            return Feasibility.UNKNOWN, None
        task.say(step.message)
        # Whether there is a timetable does not depend on what people wish.
        return find(replace(step.problem, attendees=()))

    steps = relaxation.steps
    answer, timetable = ask(steps[-1])
    if timetable is None:
        return answer, steps[-1], None
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        _, milder = ask(steps[middle])
        if milder is None:
            low = middle + 1
        else:
            high, timetable = middle, milder
    return Feasibility.POSSIBLE, steps[high], timetable
