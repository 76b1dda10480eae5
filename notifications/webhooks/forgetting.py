"""Deleting what came of old mails and webhooks: nobody looks at it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q

from notifications.models import ReceivedMail, WebhookDelivery

KEEP_DELIVERIES = timedelta(days=30)
# A mail that comes again after so long is looked at again; servers give up long before.
KEEP_RECEIVED = timedelta(days=60)


def forget(*, now: datetime) -> tuple[int, int]:
    """Delete deliveries that ended, and received mails, of long ago. Returns how many of each."""
    ended = WebhookDelivery.objects.filter(created_at__lt=now - KEEP_DELIVERIES, state__in=["delivered", "failed"])
    # One above the position still says that its entry has been told.
    over = ended.filter(Q(journal_entry_id=None) | Q(journal_entry_id__lte=F("subscription__position")))
    received = ReceivedMail.objects.filter(first_seen_at__lt=now - KEEP_RECEIVED)
    return over.delete()[1].get(WebhookDelivery._meta.label, 0), received.delete()[0]
