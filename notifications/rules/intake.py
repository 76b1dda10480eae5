"""From the journal to the outbox: each entry that calls for a mail makes exactly one message for each recipient.

Which entry makes which message to whom stands in `mail_rules` and `account_mails`; who that is, in `recipients` and
`appearances`; what becomes of unsent messages about the same thing, in `queueing`.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from journal.models import Entry
from journal.retrying import retried
from notifications.models import Message
from notifications.rules.account_mails import messages_about_accounts
from notifications.rules.appearances import people
from notifications.rules.queueing import Queueing
from notifications.rules.recipients import participants
from notifications.wakeup import wake_delivery, wake_later
from values.instants import seconds_between

MAX_BATCHES = 200
# How many messages make another worker worth waking.
PER_WORKER = 50
# What is due within this time is worth a wake-up of its own; the sweep finds the rest.
WAKE_WITHIN = timedelta(seconds=60)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('notifications.rules.intake'))"


def take_in(limit: int = 500, *, now: datetime | None = None) -> int:
    """Handle every unhandled journal entry, `limit` to a transaction; return how many messages they called for.

    A crash loses nothing and doubles nothing: entries are marked as handled in the transaction that makes their
    messages. The number of queries a batch takes does not depend on its size.
    """
    made = 0
    for _ in range(MAX_BATCHES):
        handled, new = _take_in_batch(limit, now or timezone.now())
        made += new
        if handled < limit:
            break
    return made


@retried
@transaction.atomic
def _take_in_batch(limit: int, now: datetime) -> tuple[int, int]:
    """Handle the oldest entries; return how many there were and how many messages they called for."""
    with connection.cursor() as cursor:
        # One at a time: two transactions side by side would put a place's messages into the outbox in the wrong
        # order, and neither would see what the other's messages supersede.
        cursor.execute(_LOCK)
    unhandled = Entry.objects.select_for_update(skip_locked=True).filter(handled_at__isnull=True)
    entries = list(unhandled.order_by("id")[:limit])
    if not entries:
        return 0, 0
    made = messages_about_accounts(entries)
    Message.objects.bulk_create(made, ignore_conflicts=True)
    cases = sorted([*participants(entries), *people(entries)], key=lambda case: case.entry.pk)
    if cases:
        queueing = Queueing(cases, now)
        queueing.save()
        made += queueing.new
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(handled_at=now)
    _wake(made, now)
    return len(entries), len(made)


def _wake(made: list[Message], now: datetime) -> None:
    """Have those woken who deliver what is due now or in a moment; the sweep finds what is due later."""
    queued = [message for message in made if message.state == Message.State.QUEUED]
    for queue, count in Counter(message.queue for message in queued if message.due_at <= now).items():
        transaction.on_commit(partial(wake_delivery, queue, workers=-(-count // PER_WORKER)))
    soon: dict[str, float] = {}
    for message in queued:
        if now < message.due_at <= now + WAKE_WITHIN:
            soon[message.queue] = max(soon.get(message.queue, 0), seconds_between(now, message.due_at))
    for queue, seconds in soon.items():
        transaction.on_commit(partial(wake_later, queue, seconds))
