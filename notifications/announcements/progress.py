"""How far announcements have got."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Count, Value, When

from notifications.delivery.retrying import FAILED
from notifications.models import Announcement, Message

State = Message.State


@dataclass(frozen=True)
class AnnouncementProgress:
    """Numbers of people. `unwritten` have no message yet, `waiting` one that has not left."""

    unwritten: int
    waiting: int
    sent: int
    failed: int
    withheld: int
    dropped: int

    @property
    def total(self) -> int:
        return self.unwritten + self.waiting + self.done

    @property
    def done(self) -> int:
        """For whom nothing more is to come by itself."""
        return self.sent + self.failed + self.withheld + self.dropped


def progress_of(announcements: Collection[Announcement]) -> dict[int, AnnouncementProgress]:
    """The progress of each of these announcements, by key. One query; tests organizers mail themselves do not count."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Message.objects.filter(announcement__in=announcements, registration__isnull=False).order_by()
    ended = rows.annotate(became=Case(When(FAILED, then=Value(State.FAILED)), default="state"))
    for pk, state, count in ended.values_list("announcement_id", "became").annotate(Count("pk")):
        counts[pk][state] = count
    return {one.pk: _progress(one, counts[one.pk]) for one in announcements}


def _progress(announcement: Announcement, counts: dict[str, int]) -> AnnouncementProgress:
    composing = announcement.state == Announcement.State.SENDING and announcement.composed_at is None
    # More may have come to fit since it began than were counted then.
    unwritten = max(announcement.planned - sum(counts.values()), 0) if composing else 0
    return AnnouncementProgress(
        unwritten=unwritten,
        waiting=sum(counts.get(state, 0) for state in Message.OPEN),
        sent=counts.get(State.SENT, 0),
        failed=counts.get(State.FAILED, 0),
        withheld=counts.get(State.WITHHELD, 0),
        dropped=counts.get(State.SUPERSEDED, 0),
    )
