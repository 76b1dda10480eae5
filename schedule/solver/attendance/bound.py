"""What no timetable can give: whose first wishes can never all be attended, wherever they are placed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from schedule.solver.exact.domains import Domains
from schedule.solver.problem import Problem

from .experience import FIRST


def most_first_wishes(problem: Problem) -> int:
    """At most so many people can attend all of their first wishes, in whatever timetable that keeps the rules.

    Somebody's few sessions are looked at alone, with the starts that each may have on its own and with what makes
    sessions start together: if no order of them fits, no timetable helps. So it is an upper bound, and it is reached
    where there is room enough for everything else.
    """
    options = Domains(problem).options
    starts = {code: option.all_starts for code, option in options.items()}
    length = {session.code: session.duration for session in problem.sessions}
    together = [group for group in problem.same_time if len(group) > 1]
    known: dict[frozenset[str], bool] = {}
    found = 0
    for attendee in problem.attendees:
        wished = frozenset(code for code, _ in attendee.wishes[:FIRST])
        if not wished:
            continue
        if wished not in known:
            known[wished] = all(len(wished & group) < 2 for group in together) and any(
                _fits([(starts[code], length[code]) for code in order]) for order in permutations(sorted(wished))
            )
        found += known[wished]
    return found


def _fits(order: list[tuple[Sequence[int], int]]) -> bool:
    """Can these run one after the other? Each as early as it may: nothing later leaves more to the next."""
    free = None
    for starts, length in order:
        start = next((start for start in starts if free is None or start >= free), None)
        if start is None:
            return False
        free = start + length
    return True
