"""Mails that came back: reports of other mail servers about what we sent (RFC 3464).

A report can be forged by whoever knows the robot's address. It counts only when it was sent to the return path of one
of our mails (`addresses.return_path`): that stands in the envelope alone, so that neither an answer nor a quoted mail
gives it away, and even its reader can speak only of their own mail. And a report never says anything about another
address than that mail's.
"""

from __future__ import annotations

from datetime import datetime
from email import message as received
from uuid import UUID

from django.db import transaction

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from notifications.addresses import message_returned_to
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
from notifications.inbound.incoming import Incoming, addresses_in
from notifications.models import Attempt, Message, Suppression

State = Message.State
BOUNCED = "bounced"
# Where a report's recipient stands: a robot writes to the return path, and servers note where they delivered.
_ENVELOPE = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


def take(incoming: Incoming) -> str | None:
    """`take_report` for what comes into the robot mailbox."""
    return take_report(incoming.message, now=incoming.received_at)


@retried
@transaction.atomic
def take_report(mail: received.Message, *, now: datetime) -> str | None:
    """Write down that a mail came back or is late; returns a short code for what was done, None for other mails.

    All messages that it told have failed. When its address takes no mail at all, it goes on the suppression list.
    """
    if not is_report(mail):
        return None
    uid = _uid_in_envelope(mail)
    if uid is None:
        return "bounce-unproven" if returned_uid(mail) else "bounce-unknown"
    told = list(Message.objects.told_by(uid).order_by("pk").select_for_update(of=("self",)))
    if not told:
        return "bounce-unknown"
    address = as_it_travels(told[0].address)
    reports = [one for one in reports_in(mail) if one.action in (FAILED, DELAYED)]
    ours = [one for one in reports if address in one.recipients] or reports
    if not ours:
        return "bounce-other"
    said = [_note(one, ours[0], address in ours[0].recipients, now) for one in told]
    return said[0]


def _uid_in_envelope(mail: received.Message) -> UUID | None:
    """The message of ours to whose return path a mail was sent, as the servers on its way wrote it down."""
    addresses = (address for name in _ENVELOPE for address in addresses_in(mail, name))
    return next((uid for address in addresses if (uid := message_returned_to(address))), None)


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
        suppress(message.address, Suppression.Reason.BOUNCED, answer=report.answer, now=now)
        return "bounce-suppressed"
    return "bounce-failed"
