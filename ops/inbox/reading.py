"""What of a mail is shown: texts, calendar parts, the list of its MIME parts. Mails are untrusted and often broken."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage

from ops.inbox.store import StoredMail


@dataclass(frozen=True)
class MailPart:
    """One leaf of the MIME tree. `number` counts the leaves from 0; `content` is decoded from its transfer encoding."""

    number: int
    content_type: str
    parameters: str
    file_name: str
    content: bytes
    charset: str

    @property
    def text(self) -> str:
        """The content as text; bytes that do not fit the charset are shown as U+FFFD."""
        try:
            return self.content.decode(self.charset, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class Reading:
    """A mail taken apart."""

    headers: list[tuple[str, str]]
    parts: list[MailPart]

    def first(self, content_type: str) -> MailPart | None:
        """The first part of this type."""
        return next((part for part in self.parts if part.content_type == content_type), None)

    @property
    def calendars(self) -> list[MailPart]:
        """The calendar parts; a mail may hold one inline and one attached."""
        return [part for part in self.parts if part.content_type in ("text/calendar", "application/ics")]


def read(mail: StoredMail) -> Reading:
    """Take a mail apart; never fails, whatever the bytes."""
    message = mail.parsed()
    leaves = [part for part in message.walk() if not part.is_multipart()]
    return Reading(
        headers=[(name, _one_line(value)) for name, value in message.raw_items()],
        parts=[_part(number, leaf) for number, leaf in enumerate(leaves)],
    )


def _part(number: int, leaf: EmailMessage) -> MailPart:
    payload = leaf.get_payload(decode=True)
    parameters = leaf["Content-Type"]
    return MailPart(
        number=number,
        content_type=leaf.get_content_type(),
        parameters=_one_line(parameters) if parameters is not None else "",
        file_name=_one_line(leaf.get_filename() or ""),
        content=payload if isinstance(payload, bytes) else b"",
        charset=leaf.get_content_charset() or "utf-8",
    )


def _one_line(value: object) -> str:
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())
