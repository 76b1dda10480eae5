"""What organizers see of the outbox."""

from __future__ import annotations

from django.db.models import Count

from notifications.models import Message
from notifications.models.messages import MessageQuerySet
from schedule.models import Conference


def outbox_rows(conference: Conference, *, state: str | None = None, kind: str | None = None) -> MessageQuerySet:
    """Messages of a conference, the newest first, with recipient and session loaded; slice before use.

    `state` and `kind` narrow the rows; values that do not exist give no rows.
    """
    rows = Message.objects.for_conference(conference)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("participant", "user", "person", "registration", "signup__session").order_by("-id")


def outbox_counts(conference: Conference) -> dict[str, int]:
    """How many messages are in each state; every state is named, also with none. One query."""
    rows = Message.objects.for_conference(conference).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Message.State.values, 0) | dict(rows)
