"""The body of a mail with a calendar part that mail programs offer to accept (RFC 6047; Outlook, Gmail, Apple Mail).

multipart/mixed( multipart/alternative( text/plain, text/html, text/calendar; method=X ), application/ics ):
programs that understand invites read the alternative, all others show the attachment.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import EmailPolicy
from functools import cache, lru_cache
from typing import cast

from .entries import CalendarError
from .mail_headers import folded

_FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.ics")
_METHOD_LINE = re.compile(rb"^METHOD:([A-Z]+)\r\n", re.MULTILINE)
_METHODS = frozenset({"REQUEST", "CANCEL"})
_ASCII = bytes(range(128))


# Parsing and folding headers takes half of all the time of a mail, and most of them are the same in every mail.
class _Headers(HeaderRegistry):
    """Makes the class of a header once, and parses a header that many mails share once."""

    __getitem__ = cache(HeaderRegistry.__getitem__)
    __call__ = lru_cache(maxsize=256)(HeaderRegistry.__call__)


class _Policy(EmailPolicy):
    """Folds a header that many mails share once."""

    fold_binary = lru_cache(maxsize=256)(folded)


# A policy of EmailMessage is one of Message, which the stubs of the standard library do not say.
POLICY = cast("EmailPolicy[EmailMessage]", _Policy(linesep="\r\n", header_factory=_Headers()))
"""The policy mails are written with: lines end with CR LF, and a header that was seen before costs nothing."""
UTF8_POLICY = POLICY.clone(utf8=True)
"""The same for a recipient whose address only UTF-8 can write (RFC 6532); the server must be told (SMTPUTF8)."""


def policy_for(recipient: str) -> EmailPolicy[EmailMessage]:
    """The policy for a mail to this address, whose domain is in ASCII."""
    return POLICY if recipient.isascii() else UTF8_POLICY


def with_calendar(  # noqa: PLR0917  # the parts in the order in which a mail has them
    text: str,
    html: str | None,
    calendar: bytes | None,
    method: str | None,
    filename: str,
    policy: EmailPolicy[EmailMessage] = POLICY,
) -> EmailMessage:
    """Return a message that has a body but no From, To, Subject, Date or Message-ID; the caller sets these.

    Without `calendar` the body is the text and, if there is one, the HTML. `calendar` is an invite and `method` its
    METHOD; CalendarError is raised if they differ, and for a `filename` that is not a plain `name.ics`. All parts
    are 7-bit clean, whatever the language and the length of lines. The same input gives the same bytes.
    """
    if (calendar is None) != (method is None):
        raise CalendarError("method: given exactly if there is a calendar")
    plain = _part('text/plain; charset="utf-8"', *_encoded(text), policy)
    readable = [plain] if html is None else [plain, _part('text/html; charset="utf-8"', *_encoded(html), policy)]
    if calendar is None or method is None:
        message = plain if html is None else _part(_ALTERNATIVE, None, readable, policy)
    else:
        if method not in _METHODS or _METHOD_LINE.findall(calendar) != [method.encode()]:
            raise CalendarError("method: differs from the METHOD of the calendar")
        if not _FILENAME.fullmatch(filename):
            raise CalendarError(f"filename: {filename!r} is not a plain name ending in .ics")
        written = encodebytes(calendar).decode("ascii")
        invite = _part(f'text/calendar; charset="utf-8"; method={method}', "base64", written, policy)
        attachment = _part(f'application/ics; name="{filename}"', "base64", written, policy)
        attachment["Content-Disposition"] = f'attachment; filename="{filename}"'
        message = _part(_MIXED, None, [_part(_ALTERNATIVE, None, [*readable, invite], policy), attachment], policy)
    message["MIME-Version"] = "1.0"
    return message


# "=_" occurs neither in quoted-printable nor in base64 text (RFC 2045 6.7): no part can end its container.
_MIXED = 'multipart/mixed; boundary="=_mixed"'
_ALTERNATIVE = 'multipart/alternative; boundary="=_alternative"'


def _part(
    content_type: str, encoding: str | None, payload: str | list[EmailMessage], policy: EmailPolicy[EmailMessage]
) -> EmailMessage:
    """Return a part with text that is encoded already, or with other parts.

    The standard library's own set_content encodes in Python, which takes longer than all else, and names no boundary.
    """
    part = EmailMessage(policy)
    part["Content-Type"] = content_type
    if encoding is not None:
        part["Content-Transfer-Encoding"] = encoding
    part.set_payload(payload)  # type: ignore[arg-type]  # typeshed asks for Message; EmailMessage is one
    return part


def _encoded(text: str) -> tuple[str, str]:
    """Return the shorter transfer encoding of a text, and the text in it."""
    lines = "\n".join([*text.splitlines(), ""])
    data = lines.encode()
    # Quoted-printable writes three bytes for one that is not ASCII, base64 four for any three.
    if len(data.translate(None, _ASCII)) * 6 > len(data):
        return "base64", encodebytes(data.replace(b"\n", b"\r\n")).decode("ascii")
    return "quoted-printable", b2a_qp(data, istext=True).decode("ascii")
