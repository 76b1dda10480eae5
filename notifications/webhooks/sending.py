"""Sending the deliveries that are due, some at once, and writing down what became of each try.

A claim is a lease, as for mails: a worker that dies keeps its claims until the lease runs out, then anybody sends them
again, with the same id. Order is not kept, neither between subscriptions nor within one: whatever failed comes later.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.retry_schedule import next_try
from notifications.facts import WebhookDisabled
from notifications.models import WebhookDelivery, WebhookSubscription, WebhookTry
from notifications.webhooks.posting import ReceiverResponse, post
from notifications.webhooks.signing import headers_of

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
AT_ONCE = 8
# One subscription gets at most this many of a batch, and one at a time while its receiver fails.
PER_SUBSCRIPTION = 4
# A round begins nothing new after this; other work waits for the worker.
ROUND_SECONDS = 5.0
# A subscription that nothing has been delivered to for so long is switched off, and its organizers are told.
DISABLE_AFTER = timedelta(days=3)
State = WebhookDelivery.State
_CLAIM = """
WITH due AS (
    SELECT mine.id FROM notifications_webhooksubscription subscription CROSS JOIN LATERAL (
        SELECT delivery.id FROM notifications_webhookdelivery delivery
        WHERE delivery.subscription_id = subscription.id AND delivery.state IN ('queued', 'claimed')
          AND delivery.due_at <= %(now)s AND (delivery.state = 'queued' OR delivery.claimed_until < %(now)s)
        ORDER BY delivery.due_at, delivery.id
        LIMIT CASE WHEN subscription.failing_since IS NULL THEN %(each)s ELSE 1 END FOR UPDATE SKIP LOCKED
    ) mine
    WHERE subscription.state = 'active' LIMIT %(limit)s
)
UPDATE notifications_webhookdelivery delivery SET state = 'claimed', claimed_until = %(until)s FROM due
WHERE delivery.id = due.id RETURNING delivery.id
"""


@dataclass
class Sent:
    """What a round did. `more` says that something was left that is due."""

    delivered: int = 0
    failed: int = 0
    more: bool = False


def send_due(*, seconds: float = ROUND_SECONDS) -> Sent:
    """Send what is due until nothing is, or the round has lasted `seconds`. Any number of workers may do this."""
    result, began = Sent(), monotonic()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while monotonic() - began < seconds:
            until, claimed = _claim(timezone.now())
            if not claimed:
                result.more = False
                break
            result.more = True
            _send_batch(pool, claimed, until, result)
    return result


def _claim(now: datetime) -> tuple[datetime, list[WebhookDelivery]]:
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "until": until, "each": PER_SUBSCRIPTION, "limit": AT_ONCE})
        keys = [pk for (pk,) in cursor.fetchall()]
    rows = WebhookDelivery.objects.filter(pk__in=keys).select_related("subscription").order_by("pk")
    return until, list(rows) if keys else []


def _send_batch(pool: ThreadPoolExecutor, claimed: list[WebhookDelivery], until: datetime, result: Sent) -> None:
    """The requests run side by side; what they came to is written down here, on this thread's connection."""
    now = timezone.now()
    running = {
        pool.submit(
            post,
            one.subscription.url,
            one.body,
            headers_of(one, one.subscription, now=now),
            local=settings.WEBHOOKS_LOCAL,
        ): one
        for one in claimed
    }
    for done in as_completed(running):
        if _settle(running[done], done.result(), until, now):
            result.delivered += 1
        else:
            result.failed += 1


@retried
@transaction.atomic
def _settle(delivery: WebhookDelivery, answer: ReceiverResponse, until: datetime, now: datetime) -> bool:
    """Write one try down, unless somebody else has taken the delivery over; the try is noted anyway."""
    if not WebhookDelivery.objects.select_for_update(no_key=True).filter(pk=delivery.pk).exists():
        return answer.is_taken  # deleted with its webhook while it was on its way
    WebhookTry.objects.create(
        delivery=delivery,
        at=now,
        url=delivery.subscription.url,
        status=answer.status,
        answer=answer.text,
        milliseconds=answer.milliseconds,
    )
    again = None if answer.is_taken else next_try(delivery.attempts, now)
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state=State.CLAIMED, claimed_until=until)
    if answer.is_taken:
        mine.update(state=State.DELIVERED, delivered_at=now, claimed_until=None, attempts=F("attempts") + 1)
    elif again is not None:
        mine.update(state=State.QUEUED, due_at=again, claimed_until=None, attempts=F("attempts") + 1)
    else:
        mine.update(state=State.FAILED, claimed_until=None, attempts=F("attempts") + 1)
    _note_health(delivery.subscription, answer, now)
    return answer.is_taken


def _note_health(subscription: WebhookSubscription, answer: ReceiverResponse, now: datetime) -> None:
    """Remember since when a receiver fails; switch its subscription off when that is long, or when it asks for it."""
    here = WebhookSubscription.objects.filter(pk=subscription.pk)
    if answer.is_taken:
        here.filter(failing_since__isnull=False).update(failing_since=None)
        return
    here.update(failing_since=Coalesce("failing_since", now))
    active = here.filter(state=WebhookSubscription.State.ACTIVE)
    failing = active if answer.is_gone else active.filter(failing_since__lte=now - DISABLE_AFTER)
    if failing.update(state=WebhookSubscription.State.DISABLED):
        reason = "gone" if answer.is_gone else "failing"
        fact = WebhookDisabled(conference_id=subscription.conference_id, subject_id=subscription.pk, reason=reason)
        record(fact, actor=SYSTEM)
        logger.warning("Webhook %s is switched off: %s.", subscription.uid, reason)
