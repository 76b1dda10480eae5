"""What a stranger's mail may cost: anybody can send one, so its length must decide, not its contents."""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable

import pytest
from django.conf import settings

from notifications.inbound.mailbox import handle_mail
from tests.cost import is_in_proportion

ROBOT = b"From: MAILER-DAEMON@mx.example.org\nSubject: Undelivered\n"
REPORT = ROBOT + b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
FIELDS = REPORT + b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
CALENDAR = ROBOT + b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n"
REFUSED = b"\n550 5.1.1 gone\n"
Mail = Callable[[int], bytes]


def ours() -> bytes:
    """What makes a text a report about a mail of ours."""
    return f"<00000000-0000-4000-8000-000000000000@{settings.CALENDAR_DOMAIN}>".encode()


def body(kind: bytes, start: bytes, piece: bytes) -> Mail:
    return lambda size: ROBOT + b"Content-Type: " + kind + b"\n\n" + ours() + start + piece * (size // len(piece))


def field(start: bytes, piece: bytes, end: bytes = b"\n\nHello\n") -> Mail:
    return lambda size: start + piece * (size // len(piece)) + end


def copy(piece: bytes) -> Mail:
    """The mail that came back, encoded, so that nobody has looked into it before."""
    head = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    return lambda size: REPORT + head + encodebytes(piece * (size // len(piece))) + b"\n--b--\n"


MAILS: dict[str, Mail] = {
    "a word without an end": body(b"text/plain", REFUSED, b"a"),
    "signs of an address": body(b"text/plain", REFUSED, b"@"),
    "addresses": body(b"text/plain", REFUSED, b"a@"),
    "dashes": body(b"text/plain", REFUSED, b"-"),
    "lines of dashes": body(b"text/plain", REFUSED, b"- copy o\n"),
    "blank lines": body(b"text/plain", REFUSED, b"\n \t"),
    "codes": body(b"text/plain", b"", b"450 "),
    "enhanced codes": body(b"text/plain", b"", b"5.1."),
    "open brackets": body(b"text/html", b"", b"<"),
    "open tags": body(b"text/html", b"", b"<a "),
    "a tag without an end": body(b"text/html", b"<", b"a"),
    "encoded words": field(ROBOT + b"X-Failed-Recipients: a@b\nSubject: ", b"=?a?q? ", b"\n\n"),
    "encoded diagnosis": field(FIELDS + b"Action: failed\nDiagnostic-Code: smtp; ", b"=?a?q? ", b"\n--b--\n"),
    "groups": field(FIELDS, b"Action: failed\n\n", b"\n--b--\n"),
    "parameters": field(ROBOT + b'Content-Type: text/plain; x="', b";"),
    "folded parameters": field(ROBOT + b'Content-Type: text/plain; x="', b";\r\n "),
    "comments in a name": field(b"From: ", b"("),
    "authors": field(b"From: ", b"<a@b>,"),
    "failed recipients": field(ROBOT + b"X-Failed-Recipients: ", b"("),
    "mails in mails": field(ROBOT, b"Content-Type: message/rfc822\n\n"),
    "mails in mails after carriage returns": field(ROBOT, b"Content-Type: message/rfc822\r\r"),
    "mails in the mail that came back": copy(b"Content-Type: message/rfc822\n\n"),
    "parameters of the mail that came back": copy(b'Content-Type: text/plain; x=";;;;;;;;'),
    "parts": field(ROBOT + b'Content-Type: multipart/mixed; boundary="b"\n\n', b"--b\n\nx\n"),
    "names": field(b"", b"message-id:\n "),
    "parameters of an attendee": field(CALENDAR + b"UID:a\nATTENDEE", b';X="', b":mailto:a\n"),
    "quotes of an attendee": field(CALENDAR + b"UID:a\nATTENDEE;CN=", b"^'", b":mailto:a\n"),
    "entries": field(CALENDAR, b"BEGIN:VEVENT\n"),
    "folds": field(CALENDAR + b"UID:", b"\r\n "),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MAILS)
def test_mail_costs_what_its_length_costs(name: str) -> None:
    def read(size: int) -> None:
        assert handle_mail(MAILS[name](size))  # whatever it is called: it has an outcome

    assert is_in_proportion(read)
