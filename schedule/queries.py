"""Reads of the programme that several pages and exports share."""

from __future__ import annotations

from schedule.models import Conference, Release


def newest_release(conference: Conference) -> Release | None:
    """The release the public sees; None before the first. One query."""
    return Release.objects.filter(conference=conference).order_by("-number").first()
