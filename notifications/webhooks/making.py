"""From the journal to deliveries: each entry makes one row for each subscription that wants it.

Intake for mails marks entries as handled; this one keeps a position instead, a subscription at a time, so that neither
holds the other up. Keys of entries are given out before their transactions end: one with a smaller key may turn up
after one with a greater. The position therefore stops at what is older than every transaction still open; what lies
above it is looked at again, and the unique constraint sees to it that nothing is told twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from journal.models import Entry
from journal.retrying import retried
from notifications.models import WebhookDelivery, WebhookSubscription
from notifications.webhooks.bodies import bodies_of

MAX_BATCHES = 200
# Entries carry the clock of the machine that wrote them; transactions that of the database.
CLOCKS_DIFFER_SECONDS = 60
_WANTED = """
SELECT subscription.id, entry.id FROM notifications_webhooksubscription subscription
JOIN journal_entry entry ON entry.conference_id = subscription.conference_id AND entry.id > subscription.position
    AND entry.at >= subscription.since AND entry.verb = ANY(subscription.verbs)
WHERE subscription.id = ANY(%(subscriptions)s) AND NOT EXISTS (
    SELECT 1 FROM notifications_webhookdelivery delivery
    WHERE delivery.subscription_id = subscription.id AND delivery.journal_entry_id = entry.id)
ORDER BY entry.id, subscription.id LIMIT %(limit)s
"""
# Sessions of other users of the server show no start; ours all belong to one.
_SETTLED = """
SELECT coalesce(max(entry.id), 0) FROM journal_entry entry WHERE entry.id > %(position)s AND entry.at < (
    SELECT least(%(now)s, min(xact_start)) - make_interval(secs => %(margin)s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid())
"""


def make_deliveries(limit: int = 500, *, now: datetime | None = None) -> int:
    """Write the deliveries that are due; return how many. Safe beside any number of others doing the same.

    A crash loses nothing and doubles nothing: rows and position are written together.
    """
    made = 0
    for _ in range(MAX_BATCHES):
        new = _make_batch(limit, now or timezone.now())
        made += new
        if new < limit:
            break
    return made


@retried
@transaction.atomic
def _make_batch(limit: int, now: datetime) -> int:
    """One batch for the subscriptions nobody else is working for. At most nine queries, whatever its size."""
    active = WebhookSubscription.objects.filter(state=WebhookSubscription.State.ACTIVE).order_by("pk")
    subscriptions = {
        one.pk: one
        for one in active.select_related("conference").select_for_update(of=("self",), skip_locked=True, no_key=True)
    }
    if not subscriptions:
        return 0
    with connection.cursor() as cursor:
        # Asked before the entries are: whatever ends between the two is looked at again.
        lowest = min(one.position for one in subscriptions.values())
        cursor.execute(_SETTLED, {"position": lowest, "now": now, "margin": CLOCKS_DIFFER_SECONDS})
        (settled,) = cursor.fetchone()
        cursor.execute(_WANTED, {"subscriptions": list(subscriptions), "limit": limit})
        wanted = cursor.fetchall()
    _write(wanted, subscriptions, now)
    if len(wanted) < limit:
        WebhookSubscription.objects.filter(pk__in=list(subscriptions), position__lt=settled).update(position=settled)
    return len(wanted)


def _write(wanted: list[tuple[int, int]], subscriptions: dict[int, WebhookSubscription], now: datetime) -> None:
    if not wanted:
        return
    by_entry: dict[int, list[int]] = defaultdict(list)
    for subscription, entry in wanted:
        by_entry[entry].append(subscription)
    entries = Entry.objects.in_bulk(list(by_entry))
    conferences = {one.conference_id: one.conference for one in subscriptions.values()}
    bodies = bodies_of(entries.values(), conferences)
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(
                subscription_id=subscription,
                journal_entry_id=entry,
                verb=entries[entry].verb,
                body=bodies[entry],
                due_at=now,
                created_at=now,
            )
            for entry, those in by_entry.items()
            for subscription in those
        ]
    )
