"""Who sends what: claiming due messages and writing down what became of them. Each function is one statement.

A claim is a lease. A worker that dies keeps its claims until the lease runs out; then anybody may claim the messages
again. One that it was in the middle of sending may have arrived: it becomes `unknown`, and what is sent once more
carries the same Message-ID. Every step compares what it expects with what is there, so a worker that comes too late
sends nothing that another has taken over, whatever clocks say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from notifications.delivery.retry_schedule import CUT_OFFS
from notifications.models import Attempt, Message

# Longer than one mail can take (smtp.MAIL_SECONDS), and short enough that a dead worker's messages go within a minute.
LEASE = timedelta(seconds=30)
State = Message.State
# The state of a message that is put back untried: what had been cut off before may still have arrived.
UNTRIED = Case(When(cut_offs__gt=0, then=Value(State.UNKNOWN)), default=Value(State.QUEUED))

# A message about a place waits until every older one about the same place is settled: calendars take the last mail
# they get, not the newest. The same holds for what a person of the programme is told about a session, and for what a
# registration itself is told.
# What was due when it was made stays due when the clock is set back, and a lease longer than any is none.
_CLAIM = """
WITH due AS (
    SELECT message.id FROM notifications_message message
    WHERE message.state IN ('queued', 'claimed', 'unknown') AND message.queue = %(queue)s
      AND (message.due_at <= %(now)s OR message.due_at <= message.created_at)
      AND (message.state <> 'claimed' OR message.claimed_until < %(now)s OR message.claimed_until > %(never)s)
      AND message.cut_offs < %(cut_offs)s
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE older.signup_id = message.signup_id AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s)
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE older.person_id = message.person_id AND older.session_id = message.session_id
            AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s)
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE message.signup_id IS NULL AND message.magic_link_id IS NULL
            AND older.signup_id IS NULL AND older.magic_link_id IS NULL
            AND older.registration_id = message.registration_id AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s)
    ORDER BY message.due_at, message.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE notifications_message message SET state = 'claimed', claimed_until = %(until)s FROM due
WHERE message.id = due.id RETURNING message.id, message.cut_offs > 0
"""
# One statement is one transaction: whatever happens next, the server's answer is kept. The answer of a server counts
# also when it comes after the lease, unless somebody else is sending the message at this moment.
_SETTLED = """
settled AS (
    UPDATE notifications_message SET
        state = %(state)s, claimed_until = NULL, attempts = attempts + 1, due_at = coalesce(%(due_at)s, due_at),
        cut_offs = cut_offs + %(cut_offs)s, sent_at = %(sent_at)s, subject = %(subject)s,
        calendar_method = %(method)s, calendar_sequence = %(sequence)s, last_answer = %(answer)s
    WHERE id = %(id)s AND (claimed_until = %(until)s AND state IN ('claimed', 'sending')
                           OR %(final)s AND state IN ('claimed', 'unknown'))
    RETURNING id
), noted AS (
    INSERT INTO notifications_attempt (message_id, at, outcome, answer)
    SELECT id, %(at)s, %(outcome)s, %(answer)s FROM notifications_message WHERE id = %(id)s
)
"""
# What it does to the calendar is noted before it is done: if no answer comes, a CANCEL must still be able to follow.
_BEGUN = """
UPDATE notifications_message SET
    state = 'sending', claimed_until = %(next_until)s,
    calendar_method = CASE WHEN %(next_method)s = '' THEN calendar_method ELSE %(next_method)s END
WHERE id = %(next_id)s AND state = 'claimed' AND claimed_until = %(claimed_until)s RETURNING id
"""
_LOST = """
WITH lost AS (
    UPDATE notifications_message SET
        state = 'unknown', claimed_until = NULL, cut_offs = cut_offs + 1, attempts = attempts + 1, due_at = %(now)s,
        last_answer = %(answer)s
    WHERE state = 'sending' AND (claimed_until < %(now)s OR claimed_until > %(never)s) RETURNING id
)
INSERT INTO notifications_attempt (message_id, at, outcome, answer) SELECT id, %(now)s, 'unknown', %(answer)s FROM lost
"""
LOST_ANSWER = "the worker ended before the server answered"


@dataclass
class Lease:
    """Messages one worker may send until `until`. `doubtful` ones may have arrived already."""

    ids: tuple[int, ...]
    doubtful: frozenset[int]
    until: datetime
    # What is being sent at this moment, and until when; at most one message.
    begun: dict[int, datetime] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Next:
    """The message whose turn it is, and what it will do to its reader's calendar."""

    message_id: int
    method: str = ""


def claim(queue: str, limit: int, *, now: datetime) -> Lease:
    """Claim up to `limit` due messages, those due first first. Safe beside any number of others doing the same."""
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "queue": queue,
                "limit": limit,
                "now": now,
                "until": until,
                "never": now + 2 * LEASE,
                "cut_offs": CUT_OFFS,
            },
        )
        rows = sorted(cursor.fetchall())
    return Lease(tuple(pk for pk, _ in rows), frozenset(pk for pk, doubtful in rows if doubtful), until)


def note_lost(*, now: datetime) -> int:
    """Find what dead workers were in the middle of sending: it may have arrived. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"now": now, "never": now + 2 * LEASE, "answer": LOST_ANSWER})
        return int(cursor.rowcount)


def begin(claimed: Lease, following: Next, *, now: datetime) -> bool:
    """Say that a message is being sent from now on; False when somebody else has taken it over."""
    return _execute(claimed, _BEGUN, {}, following, now)


def settle(claimed: Lease, settlement: Settlement, following: Next | None = None) -> bool:
    """Write down the outcome of one try and, in the same statement, `begin` the following message.

    The outcome is not written when somebody else has taken the message over; the try is noted anyway. Returns whether
    the following message has begun.
    """
    values: dict[str, Any] = {
        "id": settlement.message_id,
        "until": claimed.begun.pop(settlement.message_id, claimed.until),
        "state": settlement.state,
        "outcome": settlement.outcome,
        "at": settlement.at,
        "sent_at": settlement.at if settlement.state == State.SENT else None,
        "answer": settlement.answer,
        "due_at": settlement.due_at,
        "cut_offs": int(settlement.outcome == State.UNKNOWN),
        "final": settlement.state in (State.SENT, State.FAILED),
        "subject": settlement.subject,
        "method": settlement.method,
        "sequence": settlement.sequence,
    }
    sql = f"WITH {_SETTLED} {'SELECT 1' if following is None else _BEGUN}"
    return _execute(claimed, sql, values, following, settlement.at)


def _execute(claimed: Lease, sql: str, values: dict[str, Any], following: Next | None, now: datetime) -> bool:
    """Run a statement; returns whether it has begun the `following` message, which the claim then remembers."""
    if following is not None:
        values |= {
            "next_id": following.message_id,
            "next_method": following.method,
            "next_until": now + LEASE,
            "claimed_until": claimed.until,
        }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if following is None or cursor.fetchone() is None:
            return False
    claimed.begun[following.message_id] = now + LEASE
    return True


def supersede(claimed: Lease, ids: Collection[int], *, sequence: int | None = None) -> None:
    """Drop messages that say nothing true or new any more. `sequence` is what their reader knows without being told."""
    changes: dict[str, Any] = {} if sequence is None else {"calendar_sequence": sequence}
    _held(claimed, ids).update(state=State.SUPERSEDED, claimed_until=None, **changes)


def withhold(claimed: Lease, ids: Collection[int], *, suppression_id: int, answer: str) -> None:
    """Keep messages back whose address takes no mail."""
    _held(claimed, ids).update(
        state=State.WITHHELD, claimed_until=None, suppression_id=suppression_id, last_answer=answer
    )


def postpone(claimed: Lease, turns: Mapping[int, datetime]) -> None:
    """Put messages back, at least one, whose provider takes no more at this moment; each has a turn of its own.

    No try was made.
    """
    whens = [When(pk=pk, then=Value(turn)) for pk, turn in turns.items()]
    _held(claimed, turns).update(state=UNTRIED, claimed_until=None, due_at=Case(*whens))


def put_back(claimed: Lease, *, method: str) -> None:
    """Undo `begin` for a message that the server was never given. `method` is what its reader was sent before."""
    for pk, until in claimed.begun.items():
        begun = Message.objects.filter(pk=pk, state=State.SENDING, claimed_until=until)
        begun.update(state=State.CLAIMED, claimed_until=claimed.until, calendar_method=method)
    claimed.begun.clear()


def give_back(claimed: Lease, *, now: datetime, answer: str | None = None) -> int:
    """Return what is still claimed to the queue, as if it had never been claimed. Returns how many.

    What was begun and never settled may have arrived; that is noted.
    """
    for pk, until in claimed.begun.items():
        begun = Message.objects.filter(pk=pk, state=State.SENDING, claimed_until=until)
        if begun.update(
            state=State.UNKNOWN,
            claimed_until=None,
            cut_offs=F("cut_offs") + 1,
            attempts=F("attempts") + 1,
            due_at=now,
            last_answer=LOST_ANSWER,
        ):
            Attempt.objects.create(message_id=pk, at=now, outcome=State.UNKNOWN, answer=LOST_ANSWER)
    claimed.begun.clear()
    changes: dict[str, Any] = {} if answer is None else {"last_answer": answer}
    return _held(claimed, claimed.ids).update(state=UNTRIED, claimed_until=None, **changes)


def _held(claimed: Lease, ids: Collection[int]) -> QuerySet[Message]:
    """Which of these messages are still this worker's."""
    return Message.objects.filter(pk__in=ids, state=State.CLAIMED, claimed_until=claimed.until)
