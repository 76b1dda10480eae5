"""The body of a mail with a calendar part that mail programs offer to accept (RFC 6047; Outlook, Gmail, Apple Mail).

multipart/mixed( multipart/alternative( text/plain, text/html, text/calendar; method=X ), application/ics ):
programs that understand invites read the alternative, all others show the attachment.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from functools import lru_cache
from typing import TypeVar, cast

from .entries import CalendarError

Message = TypeVar("Message", bound=MIMEPart)

_FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.ics")
_METHOD_LINE = re.compile(rb"^METHOD:([A-Z]+)\r\n", re.MULTILINE)
_METHODS = frozenset({"REQUEST", "CANCEL"})
_ASCII = bytes(range(128))
_BASE64_LINE = 57


def with_calendar(  # noqa: PLR0917  # the parts in the order in which a mail has them
    text: str,
    html: str | None,
    calendar: bytes | None,
    method: str | None,
    filename: str,
    policy: EmailPolicy[EmailMessage],
) -> EmailMessage:
    """Return a message that has a body but no From, To, Subject, Date or Message-ID; the caller sets these.

    Without `calendar` the body is the text and, if there is one, the HTML. `calendar` is an invite and `method` its
    METHOD; CalendarError is raised if they differ, and for a `filename` that is not a plain `name.ics`. All parts
    are 7-bit clean, whatever the language and the length of lines. The same input gives the same bytes.
    """
    if (calendar is None) != (method is None):
        raise CalendarError("method: given exactly if there is a calendar")
    if calendar is None or method is None:
        return _versioned(_readable(EmailMessage(policy), text, html, [], policy))
    if method not in _METHODS or _METHOD_LINE.findall(calendar) != [method.encode()]:
        raise CalendarError("method: differs from the METHOD of the calendar")
    if not _FILENAME.fullmatch(filename):
        raise CalendarError(f"filename: {filename!r} is not a plain name ending in .ics")
    encoded = _base64(calendar)
    part = _leaf(MIMEPart(policy), f'text/calendar; charset="utf-8"; method={method}', "base64", encoded)
    attachment = _leaf(MIMEPart(policy), f'application/ics; name="{filename}"', "base64", encoded)
    _put(attachment, "Content-Disposition", f'attachment; filename="{filename}"')
    body = _readable(MIMEPart(policy), text, html, [part], policy)
    return _versioned(_container(EmailMessage(policy), "mixed", [body, attachment]))


def _readable(
    into: Message, text: str, html: str | None, more: list[MIMEPart], policy: EmailPolicy[EmailMessage]
) -> Message:
    """Fill `into` with the text, or with the alternatives if there are any."""
    if html is None and not more:
        return _leaf(into, 'text/plain; charset="utf-8"', *_encoded(text))
    parts = [_leaf(MIMEPart(policy), 'text/plain; charset="utf-8"', *_encoded(text))]
    if html is not None:
        parts.append(_leaf(MIMEPart(policy), 'text/html; charset="utf-8"', *_encoded(html)))
    return _container(into, "alternative", [*parts, *more])


def _container(into: Message, subtype: str, parts: list[MIMEPart]) -> Message:
    # "=_" occurs neither in quoted-printable nor in base64 text (RFC 2045 6.7): no part can end its container.
    _put(into, "Content-Type", f'multipart/{subtype}; boundary="=_{subtype}"')
    for part in parts:
        into.attach(part)  # type: ignore[arg-type]  # typeshed asks for email.message.Message; MIMEPart is one
    return into


def _leaf(into: Message, content_type: str, encoding: str, payload: str) -> Message:
    _put(into, "Content-Type", content_type)
    _put(into, "Content-Transfer-Encoding", encoding)
    into.set_payload(payload)
    return into


def _versioned(message: EmailMessage) -> EmailMessage:
    _put(message, "MIME-Version", "1.0")
    return message


def _put(part: MIMEPart, name: str, value: str) -> None:
    part[name] = _header(part.policy, name, value)


@lru_cache(maxsize=256)
def _header(policy: EmailPolicy[EmailMessage], name: str, value: str) -> str:
    """Return a header that is parsed and folded once, not for every mail, where both take half of all the time.

    EmailPolicy stores a parsed header as it is and asks the header itself to fold.
    """
    header = policy.header_factory(name, value)
    header.fold = lru_cache(maxsize=4)(header.fold)
    return cast("str", header)


def _encoded(text: str) -> tuple[str, str]:
    """Return the shorter transfer encoding of a text, and the text in it."""
    lines = "\n".join([*text.splitlines(), ""])
    data = lines.encode()
    # Quoted-printable writes three bytes for one that is not ASCII, base64 four for any three.
    if len(data.translate(None, _ASCII)) * 6 > len(data):
        return "base64", _base64(data.replace(b"\n", b"\r\n"))
    return "quoted-printable", b2a_qp(data, istext=True).decode("ascii")


def _base64(data: bytes) -> str:
    chunks = (data[start : start + _BASE64_LINE] for start in range(0, len(data), _BASE64_LINE))
    return b"".join(map(b2a_base64, chunks)).decode("ascii")
