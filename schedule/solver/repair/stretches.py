"""Stretches of time that sessions keeping their times in one do not leave: what a loss touches, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

from schedule.solver.problem import Problem, Timetable
from schedule.solver.verify import Reader


def stretches(problem: Problem, old: Timetable, broken: frozenset[str]) -> Iterator[frozenset[str]]:
    """Disjoint sets of sessions, in order of time, that hold all the broken ones.

    Whoever runs, or changes over or walks, at the same time as one of a set is in it, and so is who is in a group with
    a broken one.
    """
    gap = Reader(problem).longest_gap
    found: list[set[str]] = []
    end: int | None = None
    for placed in sorted(old, key=lambda placed: placed.start):
        if end is None or placed.start >= end + gap:
            found.append(set())
        found[-1].add(placed.session)
        end = max(end or placed.end, placed.end)
    found.extend({code} for code in broken - {placed.session for placed in old})
    for group in (*problem.same_time, *problem.same_room):
        if not group & broken:
            continue
        together = [one for one in found if one & group]
        found = [one for one in found if not one & group]
        if together:
            found.append(set().union(*together))
    for one in found:
        if one & broken:
            yield frozenset(one)


def with_groups(problem: Problem, codes: frozenset[str]) -> frozenset[str]:
    """These and all that must start with them or share their room."""
    groups = [*problem.same_time, *problem.same_room]
    while True:
        more = codes.union(*(group for group in groups if group & codes))
        if more == codes:
            return codes
        codes = more
