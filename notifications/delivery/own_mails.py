"""What somebody was mailed and which calendars they subscribed, for the copy of their data."""

from __future__ import annotations

from typing import Any

from notifications.delivery.suppression import listed
from notifications.models import FeedToken, Message, Suppression
from registration.models import Participant


def own_mails(participant: Participant) -> dict[str, Any]:
    """Everything in the tables of the notifications, as JSON can hold it. Three queries."""
    sent = Message.objects.filter(participant=participant).order_by("pk")
    refused = Suppression.objects.filter(address=listed(participant.email)).order_by("pk")
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
        "calendars": [
            {
                "name": feed.name,
                "conference": feed.registration.conference.slug,
                "alarm_minutes": feed.alarm_minutes,
                "with_conference": feed.with_conference,
                "made_at": feed.created_at.isoformat(),
                "revoked_at": feed.revoked_at.isoformat() if feed.revoked_at else None,
                "last_read_on": feed.last_read_on.isoformat() if feed.last_read_on else None,
            }
            for feed in feeds.select_related("registration__conference")
        ],
        "mails_come_back": [
            {
                "since": one.created_at.isoformat(),
                "lifted_at": one.lifted_at.isoformat() if one.lifted_at else None,
                "reason": one.reason,
                "answer": one.answer,
            }
            for one in refused
        ],
    }
