"""A message as it is, or would be, sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.letters import gather
from notifications.models import Message
from notifications.rendering import compose
from notifications.verbs import QUESTIONS


@dataclass(frozen=True)
class Preview:
    """The mail in plain words. `calendar` is the text of its calendar part, empty without one."""

    sender: str
    subject: str
    text: str
    calendar: str


def may_preview(message: Message) -> bool:
    """Mails with a secret link are for their recipient alone: whoever reads it can sign in, or give a place back."""
    return message.magic_link_id is None and message.kind not in QUESTIONS


def preview(message: Message, *, now: datetime) -> Preview | None:
    """The mail composed from what holds now, as sending does. None for one with a sign-in link, or without a text.

    Raises ValueError when it could not be sent like this.
    """
    if not may_preview(message):
        return None
    letters = gather([message.pk])
    if not letters:
        return None
    mail = compose(letters[0], now).message
    body = mail.get_body(("plain",))
    calendar = mail.get_body(("calendar",)) or next(
        (part for part in mail.walk() if part.get_content_type() == "text/calendar"), None
    )
    text = str(body.get_content()) if body else ""
    ics = calendar.get_payload(decode=True) if calendar else b""
    return Preview(str(mail["From"]), str(mail["Subject"]), text, ics.decode("utf-8") if isinstance(ics, bytes) else "")
