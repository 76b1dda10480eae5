"""Deleting what came of old mails and webhooks: nobody looks at it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from notifications.models import ReceivedMail, WebhookDelivery

KEEP_DELIVERIES = timedelta(days=30)
# A mail that comes again after so long is looked at again; servers give up long before.
KEEP_RECEIVED = timedelta(days=60)


def forget_deliveries(*, now: datetime) -> int:
    """Delete deliveries that ended long ago. Returns how many."""
    ended = WebhookDelivery.objects.filter(created_at__lt=now - KEEP_DELIVERIES, state__in=["delivered", "failed"])
    # One above the position still says that its entry has been told.
    over = ended.filter(Q(journal_entry_id=None) | Q(journal_entry_id__lte=F("subscription__position")))
    return over.delete()[1].get(WebhookDelivery._meta.label, 0)


def forget_received(*, now: datetime) -> int:
    """Delete what is known of mails that were received long ago. Returns how many."""
    return ReceivedMail.objects.filter(first_seen_at__lt=now - KEEP_RECEIVED).delete()[0]
