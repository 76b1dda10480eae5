"""A mail that came into the robot mailbox, read within limits: whoever knows the address can send anything there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

MAX_BYTES = 1_000_000
# Each level of nesting needs a header of its own, so this bounds how deep a mail goes as well.
MAX_PARTS = 100
MAX_PART_BYTES = 200_000
# A field that is taken apart is at most this long: how the standard library does that takes time by the square, and a
# step into the depth for every bracket.
MAX_FIELD = 2000
MAX_BRACKETS = 50
# Also after a carriage return alone, which ends a line for the parser.
_PART = re.compile(rb"(?:^|(?<=[\r\n]))content-type[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE)
_AUTOMATIC = re.compile(r"auto-replied|auto-notified", re.IGNORECASE)
_BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})


class UnreadableMailError(ValueError):
    """The mail is too big, or has too many parts or too long fields, to be looked into."""


@dataclass(frozen=True)
class Incoming:
    """One mail. `sender` is the address of its only author in small letters; empty when it has none, or several."""

    message: Message
    sender: str
    received_at: datetime

    def header(self, name: str) -> str:
        """The first header of this name as text on one line; empty without one."""
        return " ".join(str(self.message.get(name, "")).split())

    @property
    def is_automatic(self) -> bool:
        """Whether no person and no calendar program wrote it on a person's behalf: vacation notes, lists, bounces.

        "Auto-Submitted: auto-generated" alone says nothing (RFC 3834 5): calendar services send people's answers so.
        """
        return bool(
            _AUTOMATIC.match(self.header("Auto-Submitted"))
            or self.header("Precedence").lower() in _BULK
            or self.header("X-Autoreply")
            or self.header("X-Autorespond")
            or self.header("List-Id")
            or self.is_bounce
        )

    @property
    def is_bounce(self) -> bool:
        """Whether it reports on the delivery of another mail, or comes from nobody (RFC 5321 4.5.5)."""
        return "<>" in self.header("Return-Path") or self.message.get_content_type() == "multipart/report"

    def parts(self, *types: str) -> Iterator[tuple[Message, bytes]]:
        """Every part of one of these content types with its decoded bytes; parts that are too big are left out."""
        for part in self.message.walk():
            if part.get_content_type() in types:
                content = part.get_payload(decode=True)
                if isinstance(content, bytes) and len(content) <= MAX_PART_BYTES:
                    yield part, content


def read(raw: bytes, *, now: datetime) -> Incoming:
    """Take a mail apart. Raises `UnreadableMailError` beyond the limits; survives everything else."""
    if len(raw) > MAX_BYTES:
        raise UnreadableMailError(f"{len(raw)} bytes")
    types = _PART.findall(raw)
    if len(types) > MAX_PARTS:
        raise UnreadableMailError("too many parts")
    if max(map(len, types), default=0) > MAX_FIELD:
        raise UnreadableMailError("a field that is too long")
    # The old policy keeps headers as they came; the newer ones raise on some that are broken.
    message = message_from_bytes(raw)
    authors = addresses_in(message, "From")
    sender = authors[0].lower() if len(authors) == 1 and "@" in authors[0] else ""
    return Incoming(message, sender, now)


def addresses_in(message: Message, name: str) -> list[str]:
    """The addresses in all fields of a name, as they came; none where they are too long or too deep to be read."""
    # As they came: the parser takes bytes beyond ASCII for letters of no known kind, and they are UTF-8 (RFC 6532).
    came = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    values = [value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for value in came]
    written = ",".join(values)
    if len(written) > MAX_FIELD or written.count("(") > MAX_BRACKETS:
        return []
    return [address for _, address in getaddresses(values) if address]


def key_of(raw: bytes) -> str:
    """What a mail is known by: the hash of its Message-ID, or of all of it where it has none. Reads the head only."""
    head = raw[:MAX_PART_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    found = re.search(rb"^message-id[ \t]*:\s*(<[^<>\s]{3,900}>)", head, re.IGNORECASE | re.MULTILINE)
    return hashlib.sha256(found[1] if found else raw).hexdigest()
