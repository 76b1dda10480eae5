"""Checks of one session's own time and place: hours, grid, fixed values, limits, length, no place at all."""

from __future__ import annotations

from collections.abc import Iterator

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.kinds import ConflictKind
from schedule.conflicts.plan import Focus, TimetablePlan


def hours_and_grid(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session outside the opening hours, or one that starts off the time grid.

    A problem without any day window has no opening hours to keep; those of days that touch are one stretch. What is
    fixed to its start need not keep the grid.
    """
    index = plan.index
    slot = index.rules.slot_minutes
    for placement in plan.of_focus(focus):
        held = placement.interval
        if index.windows and not any(hours.contains(held) for hours in index.open_hours):
            hours = index.hours_on(index.day_of(placement.start))
            yield plan.conflict(ConflictKind.OUTSIDE_HOURS, placement, when=held, hours=hours)
        if placement.start % slot and placement.start != index.sessions[placement.session].fixed_start:
            yield plan.conflict(ConflictKind.OFF_GRID, placement, when=held, slot=slot)


def fixed_and_limits(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session that has left its fixed start or room, or lies before `not_before` or beyond `not_after`."""
    for placement in plan.of_focus(focus):
        session = plan.index.sessions[placement.session]
        held = placement.interval
        if session.fixed_start is not None and placement.start != session.fixed_start:
            yield plan.conflict(ConflictKind.FIXED_TIME, placement, when=held, start=session.fixed_start)
        if session.fixed_room is not None and placement.room != session.fixed_room:
            yield plan.conflict(ConflictKind.FIXED_ROOM, placement, when=held, room=session.fixed_room)
        if session.not_before is not None and placement.start < session.not_before:
            yield plan.conflict(ConflictKind.TOO_EARLY, placement, when=held, not_before=session.not_before)
        if session.not_after is not None and placement.end > session.not_after:
            yield plan.conflict(ConflictKind.TOO_LATE, placement, when=held, not_after=session.not_after)


def length(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A placement shorter or longer than its session."""
    for placement in plan.of_focus(focus):
        planned = plan.index.sessions[placement.session].duration
        given = placement.end - placement.start
        if given != planned:
            kind = ConflictKind.TOO_SHORT if given < planned else ConflictKind.TOO_LONG
            yield plan.conflict(kind, placement, when=placement.interval, planned=planned, given=given)


def unplaced(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session without a place in this timetable."""
    for code in plan.index.sessions if focus is None else focus:
        if code not in plan.placed:
            yield Conflict(
                kind=ConflictKind.UNPLACED, level=plan.levels[ConflictKind.UNPLACED], sessions=(code,), index=plan.index
            )
