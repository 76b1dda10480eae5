"""What somebody was mailed and which calendars they subscribed, for the copy of their data."""

from __future__ import annotations

from typing import Any

from notifications.models import FeedToken, Message
from registration.models import Participant


def own_mails(participant: Participant) -> dict[str, Any]:
    """Everything in the tables of the notifications, as JSON can hold it. Two queries."""
    sent = Message.objects.filter(participant=participant).order_by("pk")
    feeds = FeedToken.objects.filter(registration__participant=participant).order_by("pk")
    return {
        "mails": [
            {
                "kind": mail.kind,
                "to": mail.address,
                "subject": mail.subject,
                "state": mail.state,
                "due_at": mail.due_at.isoformat(),
                "sent_at": mail.sent_at.isoformat() if mail.sent_at else None,
            }
            for mail in sent.select_related("participant")
        ],
        "calendars": [{"name": feed.name, "alarm_minutes": feed.alarm_minutes} for feed in feeds],
    }
