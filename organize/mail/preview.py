"""A message as it is, or would be, sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.mail_rules import INVITATIONS, QUESTIONS
from registration.domain.registrations.secret_paths import without_keys

OFFERS = frozenset({"place_offered"})
# What a mail program shows or acts on; the others say how the mail is built.
HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")


@dataclass(frozen=True)
class Preview:
    """The mail in its parts. `calendar` is the text of its calendar part, empty without one."""

    headers: list[tuple[str, str]]
    subject: str
    text: str
    html: str
    calendar: str


def may_preview(message: Message, *, may_change: bool) -> bool:
    """Mails with a secret link are for their recipient alone: whoever reads it can sign in, or answer for them.

    What somebody is offered is for those who arrange places, not for whoever may only look.
    """
    if message.kind in OFFERS and not may_change:
        return False
    return message.magic_link_id is None and message.kind not in QUESTIONS | INVITATIONS


def preview(message: Message, *, now: datetime, may_change: bool) -> Preview | None:
    """The mail composed from what holds now, as sending does. None for one that is not shown, or without a text.

    The keys in addresses that end announcements or open calendars are left out.

    Raises ValueError when it could not be sent like this.
    """
    if not may_preview(message, may_change=may_change):
        return None
    inputs = gather([message.pk])
    if not inputs:
        return None
    return in_parts(compose(inputs, now).message)


def in_parts(mail: EmailMessage) -> Preview:
    """A mail as it is shown to organizers: without the keys in its addresses."""
    calendar = _part(mail, "text/calendar").replace("\r\n", "\n")
    headers = [(name, without_keys(str(mail[name]))) for name in HEADERS if mail[name]]
    text, html = (without_keys(_part(mail, kind)) for kind in ("text/plain", "text/html"))
    return Preview(headers, str(mail["Subject"]), text, html, without_keys(calendar))


def _part(mail: EmailMessage, kind: str) -> str:
    """The first part of a content type as text; empty without one."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            body = part.get_payload(decode=True)
            return body.decode("utf-8") if isinstance(body, bytes) else ""
    return ""
