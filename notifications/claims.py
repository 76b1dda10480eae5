"""Who sends what: claiming due messages and writing down what became of them. Each function is one statement.

A claim is a lease. A worker that dies keeps its claims until the lease runs out; then anybody may claim the messages
again, and what they send carries the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from notifications.models import Message

LEASE = timedelta(seconds=120)
State = Message.State

# A message about a place waits until every older one about the same place is settled: calendars take the last mail
# they get, not the newest. `taken_over` tells a message whose first claim ran out: it may have been sent already.
_CLAIM = """
WITH due AS (
    SELECT message.id, message.state FROM notifications_message message
    WHERE message.state IN ('queued', 'claimed') AND message.queue = %(queue)s AND message.due_at <= %(now)s
      AND (message.state = 'queued' OR message.claimed_until < %(now)s)
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE older.signup_id = message.signup_id AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed'))
    ORDER BY message.due_at, message.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE notifications_message message SET state = 'claimed', claimed_until = %(until)s FROM due
WHERE message.id = due.id RETURNING message.id, due.state = 'claimed'
"""
# One statement is one transaction: whatever happens next, the server's answer is kept.
_SETTLE = """
WITH settled AS (
    UPDATE notifications_message SET
        state = %(state)s, claimed_until = NULL, attempts = attempts + 1, due_at = coalesce(%(due_at)s, due_at),
        sent_at = %(sent_at)s, subject = %(subject)s, calendar_method = %(method)s, calendar_sequence = %(sequence)s,
        last_answer = %(answer)s
    WHERE id = %(id)s AND state = 'claimed' AND claimed_until = %(until)s RETURNING id
)
INSERT INTO notifications_attempt (message_id, at, outcome, answer)
SELECT id, %(at)s, %(outcome)s, %(answer)s FROM notifications_message WHERE id = %(id)s
"""


@dataclass
class Claim:
    """Messages one worker may send until `until`.

    `doubtful` ones may have been sent, by a worker that died or by this one if it fails before it notes the answer.
    """

    ids: tuple[int, ...]
    doubtful: set[int]
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of one message that was tried. Subject, method and sequence are what the recipient was sent."""

    message_id: int
    state: str
    outcome: str
    at: datetime
    answer: str = ""
    due_at: datetime | None = None
    subject: str = ""
    method: str = ""
    sequence: int | None = None


def claim(queue: str, limit: int, *, now: datetime) -> Claim:
    """Claim up to `limit` due messages, those due first first. Safe beside any number of others doing the same."""
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"queue": queue, "limit": limit, "now": now, "until": until})
        rows = sorted(cursor.fetchall())
    return Claim(tuple(pk for pk, _ in rows), {pk for pk, was_claimed in rows if was_claimed}, until)


def settle(claimed: Claim, settlement: Settlement) -> None:
    """Write down the outcome of one try, unless somebody else has taken the message over; the try is noted anyway."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE,
            {
                "id": settlement.message_id,
                "until": claimed.until,
                "state": settlement.state,
                "outcome": settlement.outcome,
                "at": settlement.at,
                "sent_at": settlement.at if settlement.state == State.SENT else None,
                "answer": settlement.answer,
                "due_at": settlement.due_at,
                "subject": settlement.subject,
                "method": settlement.method,
                "sequence": settlement.sequence,
            },
        )


def supersede(claimed: Claim, ids: Collection[int], *, method: str = "", sequence: int | None = None) -> None:
    """Drop messages that say nothing true or new any more.

    `method` is what a doubtful one may have carried; `sequence` is the state its reader knows without being told.
    """
    if not ids:
        return
    changes: dict[str, Any] = {"state": State.SUPERSEDED, "claimed_until": None}
    if method:
        changes["calendar_method"] = method
    if sequence is not None:
        changes["calendar_sequence"] = sequence
    Message.objects.filter(pk__in=ids, state=State.CLAIMED, claimed_until=claimed.until).update(**changes)


def give_back(claimed: Claim, *, answer: str = "") -> int:
    """Return what is still claimed to the queue, as if it had never been claimed. Returns how many."""
    held = Message.objects.filter(pk__in=claimed.ids, state=State.CLAIMED, claimed_until=claimed.until)
    doubtful = held.filter(pk__in=claimed.doubtful)
    # A doubtful message stays claimed, with a lease that has run out: the next to claim it must know.
    doubtful.update(claimed_until=F("created_at"), last_answer=answer)
    return held.exclude(pk__in=claimed.doubtful).update(state=State.QUEUED, claimed_until=None, last_answer=answer)
