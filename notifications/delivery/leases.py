"""Who sends what: claiming due messages and writing down what became of them. A function is one statement, or two.

A claim is a lease. A worker that dies keeps its claims until the lease runs out; then anybody may claim the messages
again. One that it was in the middle of sending may have arrived: it becomes `unknown`, and what is sent once more
carries the same Message-ID. Every step compares what it expects with what is there, so a worker that comes too late
sends nothing that another has taken over, whatever clocks say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from notifications.delivery.retry_schedule import CUT_OFFS
from notifications.models import Attempt, Message
from notifications.rules.together import WAIT

# Longer than one mail can take (smtp.MAIL_SECONDS), and short enough that a dead worker's messages go within a minute.
LEASE = timedelta(seconds=30)
State = Message.State
# The state of a message that is put back untried: what had been cut off before may still have arrived.
UNTRIED = Case(When(cut_offs__gt=0, then=Value(State.UNKNOWN)), default=Value(State.QUEUED))

# A message about a place waits until every older one about the same place is settled: calendars take the last mail
# they get, not the newest. The same holds for what a person of the programme is told about a session, and for what a
# registration itself is told.
# Of what may be told in one mail to a reader, only the oldest that is due is claimed; `_JOIN` claims the others for the
# same worker. So no two workers tell one reader side by side what one mail could have told.
# What was due when it was made stays due when the clock is set back, and a lease longer than any is none.
# These statements must run well before the planner knows how much there is: an announcement queues thousands of
# messages at once. So what is older is looked up for each message that is claimed (OFFSET 0 keeps it a question of its
# own, asked on the index by whose it is), never joined; and `coalesce` leads to no index, as "IS NULL" does, which is
# not rare here.
_NO_OLDER_OF_READER = """
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE message.joins AND older.joins AND older.{reader} = message.{reader} AND older.queue = message.queue
            AND (older.journal_entry_id, older.id) < (message.journal_entry_id, message.id)
            AND older.cut_offs < %(cut_offs)s
            AND (older.state IN ('claimed', 'sending')
                 OR older.state IN ('queued', 'unknown')
                 AND (older.due_at <= %(now)s OR older.due_at <= older.created_at))
          OFFSET 0)"""
_CLAIM = f"""
WITH due AS (
    SELECT message.id FROM notifications_message message
    WHERE message.state IN ('queued', 'claimed', 'unknown') AND message.queue = %(queue)s
      AND (message.due_at <= %(now)s OR message.due_at <= message.created_at)
      AND (message.state <> 'claimed' OR message.claimed_until < %(now)s OR message.claimed_until > %(never)s)
      AND message.cut_offs < %(cut_offs)s
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE older.signup_id = message.signup_id AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s
          OFFSET 0)
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE older.person_id = message.person_id AND older.session_id = message.session_id
            AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s
          OFFSET 0)
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE message.signup_id IS NULL AND message.magic_link_id IS NULL
            AND coalesce(older.signup_id, older.magic_link_id) IS NULL
            AND older.registration_id = message.registration_id AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s
          OFFSET 0)
      {_NO_OLDER_OF_READER.format(reader="registration_id")}
      {_NO_OLDER_OF_READER.format(reader="person_id")}
    ORDER BY message.due_at, message.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE notifications_message message SET state = 'claimed', claimed_until = %(until)s
WHERE message.id = ANY (ARRAY(SELECT id FROM due)) RETURNING message.id, message.cut_offs > 0, message.joins
"""  # noqa: S608  # only names of our own columns are put in
# What is due, or will be in a moment, and may be told with what is claimed. A mail that may have arrived is sent once
# more as it was: whatever was in it, and nothing else.
_JOIN = """
WITH joining AS (
    SELECT message.id FROM notifications_message message
    JOIN notifications_message first ON first.registration_id = message.registration_id
                                     OR first.person_id = message.person_id
    WHERE first.id = ANY(%(ids)s) AND first.joins AND message.joins AND message.id <> ALL(%(ids)s)
      AND message.queue = %(queue)s AND (
          message.state IN ('queued', 'unknown')
          OR message.state = 'claimed' AND (message.claimed_until < %(now)s OR message.claimed_until > %(never)s))
      AND (message.due_at <= %(soon)s OR message.due_at <= message.created_at)
      AND message.cut_offs < %(cut_offs)s
      AND CASE WHEN first.cut_offs = 0 THEN message.cut_offs = 0
               ELSE message.cut_offs > 0 AND message.mail_uid = first.mail_uid END
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message older
          WHERE (older.signup_id = message.signup_id
                 OR older.person_id = message.person_id AND older.session_id = message.session_id)
            AND older.journal_entry_id < message.journal_entry_id
            AND older.state IN ('queued', 'claimed', 'sending', 'unknown') AND older.cut_offs < %(cut_offs)s
          OFFSET 0)
    FOR UPDATE OF message SKIP LOCKED
)
UPDATE notifications_message message SET state = 'claimed', claimed_until = %(until)s
WHERE message.id = ANY (ARRAY(SELECT id FROM joining)) RETURNING message.id, message.cut_offs > 0
"""
# One statement is one transaction: whatever happens next, the server's answer is kept. The answer of a server counts
# also when it comes after the lease, unless somebody else is sending the message at this moment.
_SETTLED = """
told AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(sequences)s::int[], %(methods)s::text[]) AS row (id, sequence, method)
), settled AS (
    UPDATE notifications_message message SET
        state = %(state)s, claimed_until = NULL, attempts = attempts + 1, due_at = coalesce(%(due_at)s, due_at),
        cut_offs = cut_offs + %(cut_offs)s, sent_at = %(sent_at)s, subject = %(subject)s,
        calendar_method = told.method, calendar_sequence = told.sequence, last_answer = %(answer)s
    FROM told
    WHERE message.id = told.id AND (claimed_until = %(until)s AND state IN ('claimed', 'sending')
                                    OR %(final)s AND state IN ('claimed', 'unknown'))
    RETURNING message.id
), noted AS (
    INSERT INTO notifications_attempt (message_id, at, outcome, answer)
    SELECT message.id, %(at)s, %(outcome)s, %(answer)s FROM notifications_message message JOIN told USING (id)
)
"""
# What it does to the calendar is noted before it is done: if no answer comes, a CANCEL must still be able to follow.
_BEGUN = """
UPDATE notifications_message SET
    state = 'sending', claimed_until = %(next_until)s,
    calendar_method = CASE WHEN %(next_method)s = '' THEN calendar_method ELSE %(next_method)s END,
    mail_uid = %(next_mail)s
WHERE id = ANY(%(next_ids)s) AND state = 'claimed' AND claimed_until = %(claimed_until)s RETURNING id
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
    # What is being sent at this moment, and until when: the messages of one mail, at most.
    begun: dict[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class ToldMessage:
    """A message that a mail told: what it has done to its reader's calendar, and the number of the entry they know."""

    message_id: int
    method: str = ""
    sequence: int | None = None


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What became of one mail that was tried, for each message in it. Its subject is what the recipient was sent."""

    told: Sequence[ToldMessage]
    state: str
    outcome: str
    at: datetime
    answer: str = ""
    due_at: datetime | None = None
    subject: str = ""


@dataclass(frozen=True)
class Next:
    """The messages whose turn it is, in one mail; what it will do to its reader's calendar, and what it is known by.

    `mail` is None where the mail is known by its only message.
    """

    ids: tuple[int, ...]
    method: str = ""
    mail: UUID | None = None


def claim(queue: str, limit: int, *, now: datetime) -> Lease:
    """Claim up to `limit` due messages, those due first first, and all that may be told in one mail with one of them.

    Safe beside any number of others doing the same.
    """
    until = now + LEASE
    values: dict[str, Any] = {"queue": queue, "now": now, "until": until, "cut_offs": CUT_OFFS}
    values["never"] = now + 2 * LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values | {"limit": limit})
        claimed = cursor.fetchall()
        rows = [(pk, doubtful) for pk, doubtful, _joins in claimed]
        if any(joins for _pk, _doubtful, joins in claimed):
            cursor.execute(_JOIN, values | {"ids": [pk for pk, _ in rows], "soon": now + WAIT})
            rows += cursor.fetchall()
    rows.sort()
    return Lease(tuple(pk for pk, _ in rows), frozenset(pk for pk, doubtful in rows if doubtful), until)


def note_lost(*, now: datetime) -> int:
    """Find what dead workers were in the middle of sending: it may have arrived. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"now": now, "never": now + 2 * LEASE, "answer": LOST_ANSWER})
        return int(cursor.rowcount)


def begin(claimed: Lease, following: Next, *, now: datetime) -> bool:
    """Say that a mail is being sent from now on; False when somebody else has taken it, or a part of it, over."""
    return _execute(claimed, _BEGUN, {}, following, now)


def settle(claimed: Lease, settlement: Settlement, following: Next | None = None) -> bool:
    """Write down the outcome of one try and, in the same statement, `begin` the following mail.

    The outcome is not written when somebody else has taken the message over; the try is noted anyway. Returns whether
    the following mail has begun.
    """
    begun = [claimed.begun.pop(one.message_id, claimed.until) for one in settlement.told]
    values: dict[str, Any] = {
        "ids": [one.message_id for one in settlement.told],
        "sequences": [one.sequence for one in settlement.told],
        "methods": [one.method for one in settlement.told],
        "until": begun[0],
        "state": settlement.state,
        "outcome": settlement.outcome,
        "at": settlement.at,
        "sent_at": settlement.at if settlement.state == State.SENT else None,
        "answer": settlement.answer,
        "due_at": settlement.due_at,
        "cut_offs": int(settlement.outcome == State.UNKNOWN),
        "final": settlement.state in (State.SENT, State.FAILED),
        "subject": settlement.subject,
    }
    sql = f"WITH {_SETTLED} {'SELECT 1' if following is None else _BEGUN}"
    return _execute(claimed, sql, values, following, settlement.at)


def _execute(claimed: Lease, sql: str, values: dict[str, Any], following: Next | None, now: datetime) -> bool:
    """Run a statement; returns whether it has begun the `following` mail, which the claim then remembers."""
    if following is not None:
        values |= {
            "next_ids": list(following.ids),
            "next_mail": following.mail,
            "next_method": following.method,
            "next_until": now + LEASE,
            "claimed_until": claimed.until,
        }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if following is None:
            return False
        begun = [pk for (pk,) in cursor.fetchall()]
    claimed.begun |= dict.fromkeys(begun, now + LEASE)
    if len(begun) == len(following.ids):
        return True
    put_back(claimed)
    return False


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


def put_back(claimed: Lease, *, method: str | None = None) -> None:
    """Undo `begin` for a mail that the server was never given. `method` is what its reader was sent before, where the
    mail would have done something else to their calendar.
    """
    changes: dict[str, Any] = {} if method is None else {"calendar_method": method}
    for pk, until in claimed.begun.items():
        begun = Message.objects.filter(pk=pk, state=State.SENDING, claimed_until=until)
        begun.update(state=State.CLAIMED, claimed_until=claimed.until, **changes)
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
