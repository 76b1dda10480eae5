"""The two sweeps every check rests on. Both are O(n log n) plus the size of what they find."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from operator import attrgetter

from schedule.solver.problem import Interval, Placement

in_time = attrgetter("start", "end", "session")
"""The order of time; ties by end, then session code."""


def close_pairs(placements: Iterable[Placement], *, gap: int = 0) -> Iterator[tuple[Placement, Placement]]:
    """Pairs (earlier, later) that overlap or have less than `gap` minutes between them, each pair once."""
    active: list[Placement] = []
    for later in sorted(placements, key=in_time):
        limit = later.start - gap
        # What is dropped here is dropped for good and what stays is a pair, so the work is linear in the answer.
        active = [earlier for earlier in active if earlier.end > limit]
        for earlier in active:
            yield earlier, later
        active.append(later)


def crowds(placements: Iterable[Placement], *, limit: int) -> Iterator[tuple[tuple[Placement, ...], Interval]]:
    """Every maximal set of more than `limit` placements that share a moment, with the time all of them share."""
    active: dict[str, Placement] = {}
    ends: list[tuple[int, str]] = []
    grown = False
    latest = 0
    for placement in sorted(placements, key=in_time):
        while ends and ends[0][0] <= placement.start:
            # A set is maximal exactly when somebody leaves it right after somebody joined.
            if grown and len(active) > limit:
                yield tuple(active.values()), Interval(latest, ends[0][0])
            grown = False
            del active[heapq.heappop(ends)[1]]
        active[placement.session] = placement
        heapq.heappush(ends, (placement.end, placement.session))
        latest, grown = placement.start, True
    if grown and len(active) > limit:
        yield tuple(active.values()), Interval(latest, ends[0][0])
