"""Sending what is due, from what holds at that moment."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch
from django.utils import timezone

from notifications import claims
from notifications.claims import LEASE, Claim, Settlement
from notifications.letters import Letter, gather
from notifications.models import Message
from notifications.rendering import Mail, compose
from notifications.smtp import Answer, Carrier, MailServerAwayError, Outcome
from notifications.superseding import is_back, is_pointless
from notifications.verbs import CALENDAR_OF

logger = logging.getLogger(__name__)
State = Message.State
BATCH = 50
# How long to wait after the first, second... refusal that is not final. After the last one the message has failed.
BACK_OFF = (30, 120, 600, 3600, 6 * 3600)
# Nothing new is begun after half the lease: what is begun must end before somebody else may claim it.
SENDING_SECONDS = LEASE.total_seconds() / 2


@dataclass
class Delivered:
    """What a round of delivery did. `more` says that messages were left that are due; `away` that the server is."""

    sent: int = 0
    failed: int = 0
    deferred: int = 0
    superseded: int = 0
    more: bool = False
    away: bool = False


def deliver(queue: str, limit: int = 500) -> Delivered:
    """Send up to `limit` due messages of a queue, a batch and a connection at a time.

    Any number of workers may do this at once. Stops when nothing is due or the mail server is away.
    """
    result = Delivered()
    claimed_so_far = 0
    while claimed_so_far < limit and not result.away:
        size = min(BATCH, limit - claimed_so_far)
        claimed = claims.claim(queue, size, now=timezone.now())
        result.more = len(claimed.ids) == size
        if not claimed.ids:
            break
        claimed_so_far += len(claimed.ids)
        try:
            _send_batch(claimed, result)
        finally:
            # What is left was not tried, whatever the cause; nobody should have to wait for the lease to run out.
            result.more = bool(claims.give_back(claimed)) or result.more
    return result


def _send_batch(claimed: Claim, result: Delivered) -> None:
    started = monotonic()
    letters = _without_pointless(claimed, gather(claimed.ids), result)
    if not letters:
        return
    try:
        with Carrier() as carrier:
            for letter in letters:
                if monotonic() - started > SENDING_SECONDS or not _send(letter, carrier, claimed, result):
                    return
    except MailServerAwayError as error:
        logger.warning("The mail server is away: %s", error)
        result.away = True
        claims.give_back(claimed, answer=str(error))


def _without_pointless(claimed: Claim, letters: list[Letter], result: Delivered) -> list[Letter]:
    """Drop what says nothing true or new; return the rest."""
    now = timezone.now()
    pointless = [letter for letter in letters if is_pointless(letter, now)]
    back = {letter.message.pk: letter.signup.sequence for letter in pointless if is_back(letter)}
    plain = [letter.message.pk for letter in pointless if letter.message.pk not in back]
    claims.supersede(claimed, [pk for pk in plain if pk not in claimed.doubtful])
    for letter in pointless:
        if letter.message.pk in claimed.doubtful and letter.message.pk not in back:
            claims.supersede(claimed, [letter.message.pk], method=CALENDAR_OF[letter.message.kind])
    for pk, sequence in back.items():
        claims.supersede(claimed, [pk], sequence=sequence)
    result.superseded += len(pointless)
    dropped = {letter.message.pk for letter in pointless}
    return [letter for letter in letters if letter.message.pk not in dropped]


def _send(letter: Letter, carrier: Carrier, claimed: Claim, result: Delivered) -> bool:
    """Try one message and write down what became of it; return whether the connection can carry another."""
    now = timezone.now()
    try:
        mail = compose(letter, now)
    except (ValueError, NoReverseMatch, TemplateDoesNotExist) as error:
        logger.exception("Message %s cannot be written.", letter.message.uid)
        _settle(claimed, letter, None, Answer(Outcome.REFUSED, f"cannot be written: {error}"[:500]), now, result)
        return True
    was_doubtful = letter.message.pk in claimed.doubtful
    claimed.doubtful.add(letter.message.pk)
    try:
        answer = carrier.send(settings.MAIL_FROM, mail.recipient, mail.message)
    except MailServerAwayError:
        if not was_doubtful:
            claimed.doubtful.discard(letter.message.pk)
        raise
    _settle(claimed, letter, mail, answer, now, result)
    claimed.doubtful.discard(letter.message.pk)
    result.away = result.away or answer.broken
    return not answer.broken


def _settle(  # noqa: PLR0917  # claim, letter, mail, answer: in the order in which they come about
    claimed: Claim, letter: Letter, mail: Mail | None, answer: Answer, now: datetime, result: Delivered
) -> None:
    """Write down what became of one message, and count it."""
    due_at = next_try(letter.message.attempts, now) if answer.outcome is Outcome.DEFERRED else None
    if answer.outcome is Outcome.SENT:
        state = State.SENT
        result.sent += 1
    elif due_at:
        state = State.QUEUED
        result.deferred += 1
    else:
        state = State.FAILED
        result.failed += 1
    # A mail cut off on its way may have arrived, and its entry stand in the calendar: a CANCEL must follow if it ends.
    in_calendar = mail is not None and (state == State.SENT or answer.broken)
    claims.settle(
        claimed,
        Settlement(
            message_id=letter.message.pk, state=state, outcome=answer.outcome, at=now, answer=answer.text,
            due_at=due_at,
            subject=mail.subject if mail else "",
            method=mail.method if mail and in_calendar else letter.message.calendar_method,
            sequence=mail.sequence if mail and state == State.SENT else None,
        ),
    )  # fmt: skip


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` earlier tries and the one that just failed; None when that was the last."""
    if attempts >= len(BACK_OFF):
        return None
    # Up to a fifth later, so that what failed together does not come back together.
    seconds = BACK_OFF[attempts] * (1 + random.random() / 5)  # noqa: S311  # spreads load; nobody gains by guessing it
    return now + timedelta(seconds=seconds)
