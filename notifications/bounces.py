"""Mails that came back: reports of other mail servers about what we sent (RFC 3464).

A report can be forged by whoever knows the robot's address. It counts only when it returns the Message-ID of a mail
that was sent, which nobody but its reader has seen, and it never says anything about another address than that mail's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message as received
from email import message_from_bytes
from uuid import UUID

from django.conf import settings
from django.db import transaction

from journal.recording import SYSTEM, record
from notifications.addresses import ascii_mailbox
from notifications.incoming import Incoming
from notifications.models import Attempt, Message, Suppression
from notifications.suppression import suppress
from notifications.verdicts import NO_MAILBOX, no_mailbox

State = Message.State
BOUNCED, DELAYED = "bounced", "delayed"
MAX_ANSWER = 500
_CODE = re.compile(r"\b([245]\d\d)\b")
_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>\s]+)>", re.IGNORECASE)


@dataclass(frozen=True)
class Report:
    """What a report says about one recipient: `action` and `status` as in RFC 3464 2.3, `said` the server's words."""

    recipients: frozenset[str]
    action: str
    status: str
    said: str

    @property
    def answer(self) -> str:
        """What organizers read."""
        said = self.said if self.status in self.said else f"{self.status} {self.said}"
        return f"came back: {said.strip()}"[:MAX_ANSWER]

    @property
    def no_mailbox(self) -> bool:
        """Whether the address takes no mail at all. A status without detail (5.0.0) says less than the words."""
        found = _CODE.search(self.said)
        return self.status in NO_MAILBOX or no_mailbox(int(found[1]) if found else 0, self.said)


def take(incoming: Incoming) -> str | None:
    """`take_report` for what comes into the robot mailbox."""
    return take_report(incoming.message, now=incoming.received_at)


def is_report(mail: received.Message) -> bool:
    """Whether a mail is a report about the delivery of another one."""
    kind = mail.get_param("report-type")
    return mail.get_content_type() == "multipart/report" and str(kind).lower() == "delivery-status"


def reports_in(mail: received.Message) -> list[Report]:
    """What a report says about each recipient; empty when it cannot be read."""
    return [report for part in _parts(mail, "message/delivery-status") for report in _reports(part)]


def returned_uid(mail: received.Message) -> UUID | None:
    """Which of our messages a report is about, by the Message-ID it returns."""
    for head in _returned(mail):
        found = _MESSAGE_ID.search(str(head.get("Message-ID", "")))
        if found and found[2].lower() == settings.CALENDAR_DOMAIN.lower():
            return UUID(found[1])
    return None


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
    address = _ascii(message.recipient.email)
    reports = [one for one in reports_in(mail) if one.action in ("failed", "delayed")]
    ours = [one for one in reports if address in one.recipients] or reports
    if not ours:
        return "bounce-other"
    return _note(message, ours[0], address in ours[0].recipients, now)


def _note(message: Message, report: Report, about_address: bool, now: datetime) -> str:
    """`about_address`: the report speaks of the address we wrote to, not of one that it forwards its mail to."""
    outcome = BOUNCED if report.action == "failed" else DELAYED
    Attempt.objects.create(message=message, at=now, outcome=outcome, answer=report.answer)
    if outcome == DELAYED:
        return "bounce-delayed"
    if message.state not in (State.SENT, State.UNKNOWN):
        return "bounce-late"
    message.state, message.last_answer = State.FAILED, report.answer
    message.save(update_fields=["state", "last_answer"])
    record("message.bounced", actor=SYSTEM, conference_id=message.conference_id, subject_id=message.pk)
    if about_address and report.no_mailbox:
        suppress(message.recipient.email, Suppression.Reason.BOUNCED, answer=report.answer, now=now)
        return "bounce-suppressed"
    return "bounce-failed"


def _parts(mail: received.Message, *types: str) -> Iterator[received.Message]:
    return (part for part in mail.walk() if part.get_content_type() in types)


def _reports(part: received.Message) -> Iterator[Report]:
    """One for each group of fields that speaks of a recipient; the first group speaks of the mail as a whole."""
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, received.Message) and group.get("Action"):
            named = (_typed(group, name) for name in ("Original-Recipient", "Final-Recipient"))
            yield Report(
                frozenset(_ascii(address) for address in named if address),
                _typed(group, "Action").lower(),
                _typed(group, "Status").split(" ")[0],
                _typed(group, "Diagnostic-Code"),
            )


def _typed(group: received.Message, name: str) -> str:
    """A field's value on one line, without the type that stands before it ("rfc822;", "smtp;")."""
    value = " ".join(str(group.get(name, "")).split())
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and kind.replace("-", "").isalnum() else value


def _returned(mail: received.Message) -> Iterator[received.Message]:
    """The heads of the mails that the report returns."""
    for part in _parts(mail, "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"):
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, received.Message))
        elif isinstance(content := part.get_payload(decode=True), bytes):
            yield message_from_bytes(content)


def _ascii(address: str) -> str:
    """An address as it travels, in small letters; one that cannot travel stays as it is."""
    address = address.strip().strip("<>").lower()
    try:
        return ascii_mailbox(address)
    except ValueError:
        return address
