"""What differs between two releases."""

from __future__ import annotations

from dataclasses import dataclass

from schedule.models import Release, ReleasedPlacement, Session


@dataclass(frozen=True)
class PlacementChange:
    """One session that was added, taken out, moved in time or given another room. `kinds` is empty for neither."""

    session: Session
    old: ReleasedPlacement | None
    new: ReleasedPlacement | None
    kinds: frozenset[str]


def _placements(release: Release | None) -> dict[int, ReleasedPlacement]:
    if release is None:
        return {}
    return {row.session_id: row for row in release.placements.select_related("session", "room")}


def changes_between(old: Release | None, new: Release) -> list[PlacementChange]:
    """Differences from `old` (None: nothing was published) to `new`, by time. Two queries."""
    before, after = _placements(old), _placements(new)
    found = []
    for key in before.keys() | after.keys():
        was, now = before.get(key), after.get(key)
        kinds = _kinds(was, now)
        either = now or was
        if kinds and either:
            found.append(PlacementChange(either.session, was, now, kinds))
    return sorted(found, key=lambda change: ((change.new or change.old).start, change.session.code))  # type: ignore[union-attr]  # one of the two is there


def _kinds(was: ReleasedPlacement | None, now: ReleasedPlacement | None) -> frozenset[str]:
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
