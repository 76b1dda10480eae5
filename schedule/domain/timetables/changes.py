"""What differs between two timetables: releases, drafts, or one of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schedule.models import Draft, Placement, Release, ReleasedPlacement, Session

Timetable = Draft | Release
Placed = Placement | ReleasedPlacement


@dataclass(frozen=True)
class PlacementChange:
    """One session that was added, taken out, moved in time or given another room. `kinds` is empty for neither."""

    session: Session
    old: Placed | None
    new: Placed | None
    kinds: frozenset[str]


def placements_of(timetable: Timetable | None) -> dict[int, Placed]:
    """Where each session is, by its key, with the session and the room. One query."""
    if timetable is None:
        return {}
    placed: Iterable[Placed] = timetable.placements.select_related("session", "room")
    return {row.session_id: row for row in placed}


def places_of(timetable: Timetable) -> dict[int, Placed]:
    """The same with no more of session and room than what they are called and whether the session takes place.

    For many sessions that costs a third. One query.
    """
    own = ("draft", "version") if isinstance(timetable, Draft) else ("release", "room_name")
    wanted = ("start", "end", *own, "session__code", "session__title", "session__state", "room__code", "room__name")
    placed: Iterable[Placed] = timetable.placements.select_related("session", "room").only(*wanted)
    return {row.session_id: row for row in placed}


def changes_between(old: Timetable | None, new: Timetable) -> list[PlacementChange]:
    """Differences from `old` (None: there was nothing) to `new`, by time. Two queries."""
    return changes_among(placements_of(old), placements_of(new))


def changes_among(before: Mapping[int, Placed], after: Mapping[int, Placed]) -> list[PlacementChange]:
    """The same, of placements that were read (`placements_of`). Reads nothing."""
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
