"""How much memory a problem takes to solve. What would eat the machine is refused before anything is built."""

from __future__ import annotations

from schedule.solver.problem import Problem

from .reading.finding import refuse

LIMIT = 6 * 10**9
"""Bytes. 1,500 sessions in 60 rooms on 14 days of 5 minutes need 0.7 GB; 4 GB where every room has its own hours."""

# Bytes measured (2026-11): for each minute of the grid, in the arrays of the local search...
_PER_ROOM = 1
_PER_SESSION = 16
# ...for each start within the opening hours, in the lists that the model is made of...
_PER_START = 64
_PER_START_IN_ROOM_WITH_HOURS = 24
# ...and for each two sessions.
_PER_PAIR = 32


def bytes_needed(problem: Problem) -> int:
    """About what a search maps beyond the libraries it loads."""
    sessions, slot = len(problem.sessions), problem.rules.slot_minutes
    grid = max((window.hours.end for window in problem.windows), default=0) // problem.step + 1
    starts = sum((window.hours.end - window.hours.start) // slot for window in problem.windows)
    with_hours = sum(1 for room in problem.rooms if room.closed or room.open)
    return sessions * (
        grid * (_PER_SESSION + _PER_ROOM * len(problem.rooms))
        + starts * (_PER_START + _PER_START_IN_ROOM_WITH_HOURS * with_hours)
        + sessions * _PER_PAIR
    )


def check_size(problem: Problem) -> None:
    """Raises FileRefused, which says how much is too much."""
    needed = bytes_needed(problem)
    if needed > LIMIT:
        refuse(
            "too_large_to_schedule",
            sessions=len(problem.sessions),
            rooms=len(problem.rooms),
            slot=problem.rules.slot_minutes,
            needed=f"{needed / 10**9:.1f}",
            limit=f"{LIMIT / 10**9:.1f}",
        )
