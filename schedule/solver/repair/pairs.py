"""Sessions that may be wrong for each other whatever their rooms."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from schedule.solver.problem import Placement, Problem, Room, Session
from schedule.solver.verify import Reader


def bound_pairs(problem: Problem) -> set[tuple[str, str]]:
    """All pairs of sessions that may be wrong for each other in different rooms too, but for limits and groups."""
    found: set[tuple[str, str]] = set()
    single = {body.code for body in problem.bodies if body.single_team}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    codes = [session.code for session in problem.sessions]
    for session in problem.sessions:
        for person in session.people:
            held["person", person].append(session.code)
        for body in single & set(session.bodies):
            held["body", body].append(session.code)
        found.update(_pair(session.code, other) for other in session.not_parallel_with | session.after)
        if session.blocks_all:
            found.update(_pair(session.code, other) for other in codes)
    for theirs in held.values():
        found.update(_pair(a, b) for a, b in combinations(theirs, 2))
    return {(first, second) for first, second in found if first != second}


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


NOWHERE, SOMEWHERE = (Room(code, code, 0) for code in ("nowhere", "somewhere"))
"""Two rooms that share nothing, in one group: what is wrong there is wrong in any two rooms."""


def clash(reader: Reader, a: Session, first: Placement, b: Session, second: Placement) -> bool:
    """Can two sessions not have these times, whatever their rooms? A walk that some rooms spare them is no matter."""
    one, other = (first, a, NOWHERE), (second, b, SOMEWHERE)
    if first.interval.overlaps(second.interval) and any(reader.pair(one, other)):
        return True
    return any(reader.order(one, other))
