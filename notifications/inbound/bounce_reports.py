"""Reading reports about mails that came back, in the shapes that mail servers give them. Changes nothing.

Most servers send what RFC 3464 asks for (Postfix, Exchange, Gmail, newer versions of Exim and Sendmail). Others write
prose with a copy of the mail below it (older Exim, qmail, some gateways). Parts may be encoded, in a Korean charset, or
cut off; whatever cannot be read is left out.
"""

from __future__ import annotations

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass
from email import header
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from uuid import UUID

from django.conf import settings

from notifications.delivery.smtp.codes import NO_MAILBOX, enhanced_code, no_mailbox
from notifications.inbound.incoming import MAX_FIELD, addresses_in
from notifications.wordings.texts import one_line
from values.hosts import ascii_mailbox

MAX_ANSWER = 500
MAX_TEXT = 20_000
FAILED, DELAYED = "failed", "delayed"
# What a mailbox that is not there is refused with, where a report tells no code.
UNSPOKEN = 550
_FIELDS = ("message/delivery-status", "message/global-delivery-status")
_COPIES = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
# Korean servers write in UTF-8 or in this superset of EUC-KR, whatever they say.
_KOREAN = "cp949"
_CODE = re.compile(r"\b([245]\d\d)\b")
_REFUSAL = re.compile(r"(?<![\d.])[45]\d\d(?:[ -]+#?[45]\.\d{1,3}\.\d{1,3}|[ -](?=\D))")
_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>\s]+)>", re.IGNORECASE)
_WORD = re.compile(r"[^\s<>()\[\]:;,\"']+")
_TAG = re.compile(r"<[^<>]*>")
_ROBOTS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon"})
# Where prose ends and the copy of the mail begins: below it, nothing is what a server said.
_COPY_BELOW = re.compile(
    r"^(?:-.*(?:copy of|below this line|original message|원본|returned message)"
    r"|(?:return-path|received|delivered-to|message-id|dkim-signature)[ \t]*:)",
    re.IGNORECASE | re.MULTILINE,
)
_WARNING = re.compile(r"warning|delay|지연", re.IGNORECASE)


@dataclass(frozen=True)
class BounceReport:
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
        """Whether the address takes no mail at all.

        The words of the server that refused the mail go before the status that the reporting server made of them:
        Exchange turns all kinds of refusals into 5.1.0, Exim into 5.0.0.
        """
        if code := enhanced_code(self.said) or enhanced_code(self.status):
            return code in NO_MAILBOX
        found = _CODE.search(self.said)
        return no_mailbox(int(found[1]) if found else UNSPOKEN, self.said)


def is_report(mail: Message) -> bool:
    """Whether a mail is a report about the delivery of another one."""
    if mail.get_content_type() == "multipart/report":
        kind = mail.get_param("report-type")
        return kind is None or str(kind).lower() == "delivery-status"
    return any(True for _ in _parts(mail, *_FIELDS)) or _is_prose(mail)


def reports_in(mail: Message) -> list[BounceReport]:
    """What a report says about each recipient; empty when it cannot be read."""
    fields = [report for part in _parts(mail, *_FIELDS) for report in _reports(_groups(part))]
    return fields or _reports_in_prose(mail)


def returned_uid(mail: Message) -> UUID | None:
    """Which of our messages a report is about, by the Message-ID it returns."""
    copies = (str(head.get("Message-ID", "")) for head in _returned(mail))
    # A copy that is encoded, or pasted into the text, has no header that could be asked.
    texts = (_text(part) for part in _parts(mail, *_COPIES, "text/plain", "text/html"))
    for text in (*copies, *texts):
        for found in _MESSAGE_ID.finditer(text):
            if found[2].lower() == settings.CALENDAR_DOMAIN.lower():
                return UUID(found[1])
    return None


def as_it_travels(address: str) -> str:
    """An address in ASCII and small letters; one that cannot travel stays as it is."""
    address = address.strip().strip("<>").lower()
    try:
        return ascii_mailbox(address)
    except ValueError:
        return address


# --- Reports in fields (RFC 3464, 6533) -----------------------------------------------------------------------------


def _parts(mail: Message, *types: str) -> Iterator[Message]:
    return (part for part in mail.walk() if part.get_content_type() in types)


def _groups(part: Message) -> list[Message]:
    """The groups of fields in a report: the first speaks of the mail as a whole, each other of a recipient."""
    payload = part.get_payload()
    groups = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    if len(groups) > 1 and not part.get("Content-Transfer-Encoding"):
        return groups
    blocks = re.split(r"\n[ \t]*\n", _text(part).replace("\r\n", "\n"))
    return [HeaderParser().parsestr(f"{block.strip()}\n\n") for block in blocks if block.strip()]


def _reports(groups: list[Message]) -> Iterator[BounceReport]:
    for group in groups:
        if action := _typed(group, "Action").lower():
            named = (_typed(group, name) for name in ("Original-Recipient", "Final-Recipient"))
            yield BounceReport(
                frozenset(as_it_travels(address) for address in named if address),
                action.split(" ")[0],
                _typed(group, "Status").split(" ")[0],
                _typed(group, "Diagnostic-Code"),
            )


def _typed(group: Message, name: str) -> str:
    """A field's value on one line, without the type that stands before it ("rfc822;", "smtp;")."""
    value = " ".join(one_line(_value(group, name)).split())
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and kind.strip().replace("-", "").isalnum() else value


def _value(group: Message, name: str) -> str:
    """A field as text, whatever its bytes are and whether or not it is written in encoded words (RFC 2047)."""
    raw = next((value for key, value in group.raw_items() if key.lower() == name.lower()), "")
    words = []
    for word, charset in header.decode_header(_decoded(str(raw)[:MAX_FIELD].encode("utf-8", "surrogateescape"))):
        words.append(word if isinstance(word, str) else _decoded(word, charset))
    return "".join(words)


def _returned(mail: Message) -> Iterator[Message]:
    """The heads of the mails that the report returns."""
    for part in _parts(mail, *_COPIES):
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, Message))
        elif isinstance(content := part.get_payload(decode=True), bytes):
            yield BytesHeaderParser().parsebytes(content)


# --- Reports in prose -----------------------------------------------------------------------------------------------


def _is_prose(mail: Message) -> bool:
    """Whether a mail server's robot wrote it, about a mail of ours, and says that it was refused.

    A person's own words are no report, even if they quote a mail of ours with its head.
    """
    authors = addresses_in(mail, "From")
    robot = len(authors) == 1 and authors[0].partition("@")[0].lower() in _ROBOTS
    return (robot or "X-Failed-Recipients" in mail) and returned_uid(mail) is not None and bool(_reports_in_prose(mail))


def _reports_in_prose(mail: Message) -> list[BounceReport]:
    """One report for all addresses that are named before the copy of the mail; none where no refusal is told."""
    text = next((found for part in _parts(mail, "text/plain", "text/html") if (found := _text(part).strip())), "")
    copy = _COPY_BELOW.search(text)
    text = text[: copy.start() if copy else None]
    failed = addresses_in(mail, "X-Failed-Recipients")
    said = _refusal_in(text)
    if not said and not failed:
        return []
    recipients = {as_it_travels(found.strip(".")) for found in (*_addresses(text), *failed)}
    action = DELAYED if _WARNING.search(_value(mail, "Subject")) else FAILED
    return [BounceReport(frozenset(recipients), action, enhanced_code(said), said or "no reason is given")]


def _refusal_in(text: str) -> str:
    """The line with a server's code, and what it goes on with up to the next empty line."""
    found = _REFUSAL.search(text)
    if found is None:
        return ""
    start = text.rfind("\n", 0, found.start()) + 1
    paragraph = text[start:].replace("\r\n", "\n").partition("\n\n")[0]
    return " ".join(one_line(paragraph).split())[:MAX_ANSWER]


def _text(part: Message) -> str:
    """A part as text, decoded, at most MAX_TEXT of it; also of parts that a parser took for mails of their own."""
    payload = part.get_payload()
    if isinstance(payload, list):
        raw = "\n".join(one.as_string() for one in payload if isinstance(one, Message))
        content = _unpacked(raw.encode("utf-8", "surrogateescape"), str(part.get("Content-Transfer-Encoding", "")))
    else:
        decoded = part.get_payload(decode=True)
        content = decoded if isinstance(decoded, bytes) else b""
    text = _decoded(content[:MAX_TEXT], part.get_content_charset())
    return _TAG.sub(_shown, text) if part.get_content_type() == "text/html" else text


def _shown(tag: re.Match[str]) -> str:
    """A blank for a tag of HTML; an address in angle brackets is none."""
    first = tag[0][1:-1].partition(" ")[0]
    return tag[0] if "@" in first[1:] else " "


def _addresses(text: str) -> list[str]:
    """What stands on both sides of an @, without the marks around it."""
    return [word for word in _WORD.findall(text) if "@" in word[1:-1]]


def _unpacked(content: bytes, encoding: str) -> bytes:
    try:
        if encoding.strip().lower() == "base64":
            return a2b_base64(content)
    except Base64Error:
        return content
    return a2b_qp(content) if encoding.strip().lower() == "quoted-printable" else content


def _decoded(content: bytes, charset: str | None = None) -> str:
    """Bytes as text: in the charset they claim if they fit it, else as UTF-8, else as Korean."""
    for name in filter(None, (charset, "utf-8")):
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode(_KOREAN, "replace")
