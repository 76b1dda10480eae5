"""Sending what is due, from what holds at that moment."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from time import monotonic

from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch
from django.utils import timezone

from notifications.addresses import return_path
from notifications.delivery import leases
from notifications.delivery.leases import Lease, Next, Settlement, ToldMessage
from notifications.delivery.retry_schedule import next_try, once_more
from notifications.delivery.screening import Screened, screen
from notifications.delivery.smtp.carrier import Carrier, MailServerAwayError, SmtpOutcome, SmtpReply
from notifications.delivery.suppression import WITHHELD, suppress
from notifications.mails.render_input import Group, gather
from notifications.mails.rendering import ComposedMail, compose
from notifications.models import Message, Suppression
from values.instants import after

logger = logging.getLogger(__name__)
State = Message.State
BATCH = 50
# A round ends after this long, so that a slow server does not keep a worker from its other work.
ROUND_SECONDS = 30.0


@dataclass
class Delivered:
    """What a round of delivery did.

    `more` says that messages were left that are due, `away` that the mail server is, and `wait` in how many seconds the
    first of those is due that a provider would not take yet.
    """

    sent: int = 0
    failed: int = 0
    deferred: int = 0
    unknown: int = 0
    superseded: int = 0
    withheld: int = 0
    postponed: int = 0
    more: bool = False
    away: bool = False
    wait: float | None = None


@dataclass(frozen=True)
class Outgoing:
    """A mail with the messages it tells. A doubtful one may have arrived already: this is its second copy."""

    messages: Sequence[Message]
    mail: ComposedMail
    doubtful: bool
    turn: Next


def deliver(queue: str, limit: int = 500) -> Delivered:
    """Send up to `limit` due messages of a queue, a batch at a time over one connection.

    Any number of workers may do this at once. Stops when nothing is due or the mail server is away.
    """
    result = Delivered()
    claimed_so_far, began = 0, monotonic()
    leases.note_lost(now=timezone.now())
    with closing(Carrier()) as carrier:
        while claimed_so_far < limit and not result.away and monotonic() - began < ROUND_SECONDS:
            size = min(BATCH, limit - claimed_so_far)
            claimed = leases.claim(queue, size, now=timezone.now())
            result.more = len(claimed.ids) == size
            if not claimed.ids:
                break
            claimed_so_far += len(claimed.ids)
            # Why what is left could not be tried, for organizers to read; None where there is nothing to say.
            why = None
            try:
                _send(claimed, carrier, result, urgent=queue == Message.Queue.URGENT)
            except MailServerAwayError as error:
                logger.warning("The mail server is away: %s", error)
                result.away, why = True, str(error)
            finally:
                # What is left was not tried, whatever the cause; nobody should have to wait for the lease to run out.
                left = leases.give_back(claimed, now=timezone.now(), answer=why)
                result.more = bool(left) or result.more
    return result


def _send(claimed: Lease, carrier: Carrier, result: Delivered, *, urgent: bool) -> None:
    """Send what of a batch is to be sent now. Raises `MailServerAwayError`; what is left is then still claimed."""
    screened = screen(gather(claimed.ids), urgent=urgent, now=timezone.now())
    _hold_back(claimed, screened, result)
    # What may have arrived already goes last: the others prove that the server is well before a copy is risked.
    outgoing = sorted(_composed(claimed, screened.going, result), key=attrgetter("doubtful"))
    # The outcome of one and the beginning of the next are written down together.
    begun = False
    for one, following in zip(outgoing, [*outgoing[1:], None], strict=False):
        if not begun:
            # Nothing is begun without a connection; for a second copy, the server must not be the one that hung.
            carrier.connect(prove=one.doubtful)
            begun = leases.begin(claimed, one.turn, now=timezone.now())
            if not begun:  # somebody else has taken it over
                continue
        try:
            answer = carrier.send(return_path(one.mail.uid), one.mail.recipient, one.mail.message)
        except MailServerAwayError:
            leases.put_back(claimed, method=one.messages[0].calendar_method if one.mail.method else None)
            raise
        goes_on = following is not None and not answer.broken and not following.doubtful
        settlement = _settlement(one.messages, one.mail, answer, one.doubtful, result)
        begun = leases.settle(claimed, settlement, following.turn if following and goes_on else None)
        if answer.no_mailbox:
            address = one.messages[0].address
            suppress(address, Suppression.Reason.REFUSED, answer=answer.text, now=timezone.now())
        if answer.broken:
            result.away = True
            return


def _hold_back(claimed: Lease, screened: Screened, result: Delivered) -> None:
    """Write down what of a batch does not go now, and why; counts it."""
    for sequence, ids in screened.superseded.items():
        leases.supersede(claimed, ids, sequence=sequence)
        result.superseded += len(ids)
    for suppression, ids in screened.withheld.items():
        leases.withhold(claimed, ids, suppression_id=suppression.pk, answer=WITHHELD % {"answer": suppression.answer})
        result.withheld += len(ids)
    if screened.waits:
        now = timezone.now()
        leases.postpone(claimed, {pk: after(now, seconds=wait) for pk, wait in screened.waits.items()})
        result.postponed += len(screened.waits)
        first = min(screened.waits.values())
        result.wait = first if result.wait is None else min(result.wait, first)


def _composed(claimed: Lease, groups: Sequence[Group], result: Delivered) -> list[Outgoing]:
    """Write every mail; one that cannot be written has failed."""
    composed = []
    for group in groups:
        messages = [one.message for one in group]
        doubtful = messages[0].pk in claimed.doubtful
        try:
            mail = compose(group, timezone.now())
        except (ValueError, NoReverseMatch, TemplateDoesNotExist) as error:
            logger.exception("Message %s cannot be written.", messages[0].uid)
            answer = SmtpReply(SmtpOutcome.REFUSED, f"cannot be written: {error}"[:500])
            settlement = _settlement(messages, None, answer, doubtful, result)
            leases.settle(claimed, settlement)
        else:
            known_by = mail.uid if len(messages) > 1 or mail.uid != messages[0].uid else None
            turn = Next(tuple(message.pk for message in messages), mail.method, known_by)
            composed.append(Outgoing(messages, mail, doubtful, turn))
    return composed


def _settlement(
    messages: Sequence[Message], mail: ComposedMail | None, answer: SmtpReply, doubtful: bool, result: Delivered
) -> Settlement:
    """What an answer means for the messages of a mail: their state, and when they are due again; counts the mail."""
    now = timezone.now()
    due_at: datetime | None = None
    if answer.outcome is SmtpOutcome.SENT:
        state = State.SENT
        result.sent += 1
    elif answer.outcome is SmtpOutcome.UNKNOWN:
        state, due_at = State.UNKNOWN, once_more(now)
        result.unknown += 1
    elif answer.outcome is SmtpOutcome.DEFERRED and (due_at := next_try(messages[0].attempts, now)):
        state = State.UNKNOWN if doubtful else State.QUEUED
        result.deferred += 1
    else:
        state = State.FAILED
        result.failed += 1
    # A mail cut off on its way may have arrived, and its entry stand in the calendar: a CANCEL must follow if it ends.
    in_calendar = mail is not None and answer.outcome in (SmtpOutcome.SENT, SmtpOutcome.UNKNOWN)
    known = mail.sequences if mail and state == State.SENT else {}
    return Settlement(
        told=[
            ToldMessage(one.pk, (mail.method if mail and in_calendar else "") or one.calendar_method, known.get(one.pk))
            for one in messages
        ],
        state=state,
        outcome=answer.outcome,
        at=now,
        answer=answer.text,
        due_at=due_at,
        subject=mail.subject if mail else "",
    )
