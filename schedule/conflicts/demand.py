"""From what people want to how many of them want two sessions together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from schedule.conflicts.plan import PairCounts
from schedule.solver.problem import Attendee


def wanted_together(attendees: Iterable[Attendee]) -> PairCounts:
    """For every pair of sessions how many people wish for both, whatever the weight; pairs nobody wants are left out.

    Keys are sorted pairs of codes. Costs the sum of the squared numbers of wishes, so keep it with the draft.
    """
    together: Counter[tuple[str, str]] = Counter()
    for attendee in attendees:
        together.update(combinations(sorted({session for session, _ in attendee.wishes}), 2))
    return together
