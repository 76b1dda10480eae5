"""Where there is no timetable: which changes give one, a single one or, where none does, a few together.

A change can only help if it softens something in the fight, so few are tried; each is answered by solving the changed
problem, in its mildest strength that suffices.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from schedule.solver.explain.causes import rank
from schedule.solver.explain.feasibility import SECONDS_PER_QUESTION, Asker, Feasibility
from schedule.solver.explain.infeasible_subset import Explanation

from .changes import Relaxation
from .outcome import Help, Remedy, Tried, remedy, tried
from .several import several
from .task import Task, checked
from .trying import Find, candidates, mildest

_IN_PARTS = {"person_away", "body_away", "room_closed"}
"""Rules softened in parts and as a whole: where a part helps, nobody asks for the whole."""


def enable(task: Task, why: Explanation) -> Help:
    """Try every change that softens what fights, the most telling first: quickly at first, then what is left at length.

    Where a change helps, a timetable is mostly found at once; that there is none may take long to prove. Where none
    helps at once, several together are looked for before that.
    """
    asker = Asker(task.deadline)
    left = _in_turn(candidates(task, why))
    found: list[Remedy] = []
    in_vain: list[Tried] = []
    left = _try(task, asker.find_soon, left, found, in_vain)
    together = [] if found else several(task, why, asker)
    left = _try(task, lambda problem: asker.find(problem, frozenset(), SECONDS_PER_QUESTION), left, found, in_vain)
    found.sort(key=lambda one: (one.asks, rank(one.subject[0]), one.size, one.subject))
    return Help(
        feasible=False,
        remedies=(*found, *together),
        in_vain=tuple(in_vain),
        undecided=tuple(tried(relaxation) for relaxation in left),
        causes=why.causes,
        seconds=task.deadline.elapsed,
    )


def _try(
    task: Task, find: Find, left: Iterable[Relaxation], found: list[Remedy], in_vain: list[Tried]
) -> list[Relaxation]:
    """Try each once, and say which are still undecided."""
    undecided = []
    for relaxation in left:
        if _has_helped_in_part(relaxation, found):
            continue
        answer, number, timetable = mildest(task, find, relaxation)
        step = relaxation.steps[number]
        if timetable is not None:
            found.append(remedy(relaxation, step, checked(step.problem, timetable)))
        elif answer is Feasibility.IMPOSSIBLE:
            in_vain.append(tried(relaxation))
        else:
            undecided.append(relaxation)
    return undecided


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
