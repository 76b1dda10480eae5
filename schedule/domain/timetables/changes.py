"""What differs between two timetables: releases, drafts, or one of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from schedule.models import Draft, Placement, Release, ReleasedPlacement, Session

Timetable = Draft | Release
Placed = Placement | ReleasedPlacement
Spots = Mapping[int, tuple[datetime, datetime, int]]
"""Start, end and the room's key of each session, by its key."""


@dataclass(frozen=True)
class PlacementChange:
    """One session that was added, taken out, moved in time or given another room. `kinds` is empty for neither."""

    session: Session
    old: Placed | None
    new: Placed | None
    kinds: frozenset[str]


def placements_of(timetable: Timetable | None, sessions: Collection[int]) -> dict[int, Placed]:
    """Where these sessions are, by their keys, with the session and the room. One query."""
    if timetable is None or not sessions:
        return {}
    placed: Iterable[Placed] = timetable.placements.filter(session__in=sessions).select_related("session", "room")
    return {row.session_id: row for row in placed}


def _spots(timetable: Timetable | None) -> Spots:
    """Start, end and the room's key of each session, by its key. One query, and no model is made of a row."""
    if timetable is None:
        return {}
    rows = timetable.placements.order_by().values_list("session_id", "start", "end", "room_id")
    return {session: (start, end, room) for session, start, end, room in rows}


def places_of(timetable: Timetable) -> dict[int, Placed]:
    """The same with no more of session and room than what they are called and whether the session takes place.

    For many sessions that costs a third. One query.
    """
    own = ("draft", "version") if isinstance(timetable, Draft) else ("release", "room_name")
    wanted = ("start", "end", *own, "session__code", "session__title", "session__state", "room__code", "room__name")
    placed: Iterable[Placed] = timetable.placements.select_related("session", "room").only(*wanted)
    return {row.session_id: row for row in placed}


def changes_between(
    old: Timetable | None, new: Timetable, known: tuple[Spots, Spots] | None = None
) -> list[PlacementChange]:
    """Differences from `old` (None: there was nothing) to `new`, by time. Two queries, and two where there are any.

    `known` is where sessions are in both, where somebody has read that: it saves the first two.
    """
    was, now = known or (_spots(old), _spots(new))
    different = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
    return changes_among(placements_of(old, different & was.keys()), placements_of(new, different & now.keys()))


def changes_among(before: Mapping[int, Placed], after: Mapping[int, Placed]) -> list[PlacementChange]:
    """The same, of placements that were read (`places_of`). Reads nothing."""
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        kinds = _kinds(was, now)
        either = now or was
        if kinds and either:
            found.append(PlacementChange(either.session, was, now, kinds))
    return sorted(found, key=lambda change: ((change.new or change.old).start, change.session.code))  # type: ignore[union-attr]  # one of the two is there


def _kinds(was: Placed | None, now: Placed | None) -> frozenset[str]:
    if was is None:
        return frozenset({"added"})
    if now is None:
        return frozenset({"removed"})
    kinds = set()
    if (was.start, was.end) != (now.start, now.end):
        kinds.add("time")
    if was.room_id != now.room_id:
        kinds.add("room")
    return frozenset(kinds)
