"""Mails that came back: reports of other mail servers about what we sent (RFC 3464).

A report can be forged by whoever knows the robot's address. It counts only when it returns the Message-ID of a mail
that was sent, which nobody but its reader has seen, and it never says anything about another address than that mail's.
"""

from __future__ import annotations

from datetime import datetime
from email import message as received

from django.db import transaction

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from notifications.delivery.suppression import suppress
from notifications.facts import MessageBounced
from notifications.inbound.bounce_reports import (
    DELAYED,
    FAILED,
    BounceReport,
    as_it_travels,
    is_report,
    reports_in,
    returned_uid,
)
from notifications.inbound.incoming import Incoming
from notifications.models import Attempt, Message, Suppression

State = Message.State
BOUNCED = "bounced"


def take(incoming: Incoming) -> str | None:
    """`take_report` for what comes into the robot mailbox."""
    return take_report(incoming.message, now=incoming.received_at)


@retried
@transaction.atomic
def take_report(mail: received.Message, *, now: datetime) -> str | None:
    """Write down that a message came back or is late; returns a short code for what was done, None for other mails.

    A message that came back has failed. When its address takes no mail at all, it goes on the suppression list.
    """
    if not is_report(mail):
        return None
    uid = returned_uid(mail)
    message = Message.objects.select_for_update(of=("self",)).filter(uid=uid).first() if uid else None
    if message is None:
        return "bounce-unknown"
    address = as_it_travels(message.recipient.email)
    reports = [one for one in reports_in(mail) if one.action in (FAILED, DELAYED)]
    ours = [one for one in reports if address in one.recipients] or reports
    if not ours:
        return "bounce-other"
    return _note(message, ours[0], address in ours[0].recipients, now)


def _note(message: Message, report: BounceReport, about_address: bool, now: datetime) -> str:
    """`about_address`: the report speaks of the address we wrote to, not of one that it forwards its mail to."""
    outcome = BOUNCED if report.action == FAILED else DELAYED
    Attempt.objects.create(message=message, at=now, outcome=outcome, answer=report.answer)
    if outcome == DELAYED:
        return "bounce-delayed"
    if message.state not in (State.SENT, State.UNKNOWN):
        return "bounce-late"
    message.state, message.last_answer = State.FAILED, report.answer
    message.save(update_fields=["state", "last_answer"])
    record(MessageBounced(conference_id=message.conference_id, subject_id=message.pk), actor=SYSTEM)
    if about_address and report.no_mailbox:
        suppress(message.recipient.email, Suppression.Reason.BOUNCED, answer=report.answer, now=now)
        return "bounce-suppressed"
    return "bounce-failed"
