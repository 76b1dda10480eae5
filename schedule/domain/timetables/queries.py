"""Reads of the programme that several pages and exports share."""

from __future__ import annotations

from django.db.models import QuerySet

from schedule.models import Conference, Release, ReleasedPlacement, Room


def newest_release(conference: Conference) -> Release | None:
    """The release the public sees; None before the first. One query."""
    return Release.objects.filter(conference=conference).order_by("-number").first()


def newest_releases(conferences: QuerySet[Conference]) -> list[Release]:
    """The release the public sees of each of these conferences, by their addresses. One query."""
    rows = Release.objects.filter(conference__in=conferences).select_related("conference")
    return list(rows.order_by("conference__slug", "-number").distinct("conference__slug"))


def last_published_in(room: Room) -> list[int]:
    """Keys of the sessions whose newest release that had them has them in this room. One query."""
    newest = ReleasedPlacement.objects.filter(session__conference_id=room.conference_id)
    newest = newest.order_by("session_id", "-release__number").distinct("session_id")
    rows = ReleasedPlacement.objects.filter(pk__in=newest.values("pk"), room=room)
    return sorted(rows.values_list("session_id", flat=True))
