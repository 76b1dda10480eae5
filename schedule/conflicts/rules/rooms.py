"""Checks about rooms: double use, changeover, seats, closures, features."""

from __future__ import annotations

from collections.abc import Iterator

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.kinds import ConflictKind
from schedule.conflicts.plan import Focus, TimetablePlan, shared_time, touches
from schedule.conflicts.rules.sweep import close_pairs
from schedule.solver.problem import Interval


def room_use(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Two sessions in one room, or in rooms that share a part, at once or without time for the changeover."""
    claims = plan.index.claims
    changeover = plan.index.rules.room_changeover_minutes
    parts = set(plan.uses) if focus is None else {part for p in plan.of_focus(focus) for part in claims[p.room]}
    seen: set[tuple[str, str]] = set()
    for part in parts:
        for first, second in close_pairs(plan.uses[part], gap=changeover):
            pair = (first.session, second.session)
            # Two joined rooms may share several parts; the pair is still one conflict.
            if pair in seen or not touches(focus, first, second):
                continue
            seen.add(pair)
            shared = tuple(sorted(claims[first.room] & claims[second.room]))
            free = second.start - first.end
            if free < 0:
                when = shared_time(first, second)
                yield plan.conflict(ConflictKind.ROOM_DOUBLE_USE, first, second, when=when, shared=shared)
            else:
                when = Interval(first.end, first.end + changeover)
                yield plan.conflict(
                    ConflictKind.ROOM_CHANGEOVER, first, second, when=when, shared=shared, free=free, needed=changeover
                )


def room_fit(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A room that does not suit its session: too few seats, a feature missing, breaks only."""
    for placement in plan.of_focus(focus):
        session = plan.index.sessions[placement.session]
        room = plan.index.rooms[placement.room]
        when = placement.interval
        if session.confirmed > room.capacity:
            yield plan.conflict(
                ConflictKind.ROOM_TOO_SMALL_CONFIRMED,
                placement,
                when=when,
                seats=room.capacity,
                needed=session.confirmed,
            )
        if session.seats_needed > room.capacity:
            yield plan.conflict(
                ConflictKind.ROOM_TOO_SMALL_WANTED,
                placement,
                when=when,
                seats=room.capacity,
                needed=session.seats_needed,
            )
        if missing := session.required_features - room.features:
            yield plan.conflict(ConflictKind.ROOM_FEATURE_MISSING, placement, when=when, missing=tuple(sorted(missing)))
        if room.breaks_only and not session.is_break:
            yield plan.conflict(ConflictKind.ROOM_BREAKS_ONLY, placement, when=when)


def room_closed(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session in a room while the room or one of its parts is closed; once per session, whatever is closed."""
    closures = plan.index.closures
    for placement in plan.of_focus(focus):
        if placement.room not in closures:
            continue
        held = placement.interval
        hits = [(room, closed) for room, closed in closures[placement.room] if closed.overlaps(held)]
        if hits:
            yield plan.conflict(
                ConflictKind.ROOM_CLOSED,
                placement,
                when=held,
                closed_rooms=tuple(dict.fromkeys(room for room, _ in hits)),
                closed=tuple(sorted({closed for _, closed in hits})),
            )
