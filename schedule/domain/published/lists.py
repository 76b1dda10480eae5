"""Pages of a list of sessions, filtered in the database, for programs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from schedule.domain.published.reading import placed_by, published_room, read
from schedule.domain.published.values import PublishedSession
from schedule.models import Conference, Release, ReleasedPlacement


def placements_of(release: Release) -> QuerySet[ReleasedPlacement]:
    """All of a release, in order of time, with what `read_rows` looks at.

    Whoever filters them by a detail of the session adds `with_open_details()`, or the filter tells what is not shown.
    """
    rows = ReleasedPlacement.objects.filter(release=release).select_related("session", "room")
    return rows.order_by("start", "room__position", "session__code")


def read_rows(conference: Conference, rows: Iterable[ReleasedPlacement] | None) -> list[PublishedSession]:
    """The public view of these placements of the newest release. Three queries."""
    rows = list(rows or ())
    rooms = {row.room_id: published_room(conference, row.room) for row in rows}
    return read(conference, placed_by(rows, rooms))
