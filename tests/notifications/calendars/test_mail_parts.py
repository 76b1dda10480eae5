from __future__ import annotations

from copy import deepcopy
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy, default
from typing import Any

import pytest

from notifications.calendars.entries import CalendarError
from notifications.calendars.mail_parts import POLICY, with_calendar
from tests.notifications.calendars.factories import make_entry, make_invite

KOREAN = "안녕하세요, 인권도시포럼입니다.\n.\nFrom here on\n--=_mixed\n" + "가" * 2000 + "\n"
LATIN = "Hello,\n.\nFrom here on, 1 = 1\n--=_alternative--\ntrailing blanks  \n" + "x" * 3000 + "\n"
HTML = "<p>" + "인권 " * 900 + "</p>\n"


def made(**changes: Any) -> EmailMessage:
    given: dict[str, Any] = {
        "text": KOREAN,
        "html": HTML,
        "calendar": make_invite(),
        "method": "REQUEST",
        "filename": "session.ics",
        "policy": SMTP,
    }
    message = with_calendar(**(given | changes))
    message["From"] = "Forum <calendar@forum.example.org>"
    message["To"] = "김 철수 <kim@example.org>"
    message["Subject"] = "제7회 세계인권도시포럼"
    return message


def read(message: EmailMessage) -> EmailMessage:
    """Return the message as a mail program gets it."""
    received = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(received, EmailMessage)
    for part in received.walk():
        assert part.defects == []
        assert [value.defects for value in part.values()] == [()] * len(part.values())
    return received


def shape(part: Any) -> Any:
    kind = part.get_content_type()
    return {kind: [shape(each) for each in part.iter_parts()]} if part.is_multipart() else kind


def test_the_parts_are_nested_as_calendar_programs_expect() -> None:
    assert shape(read(made())) == {
        "multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics",
        ]
    }


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_parts_method_equals_the_files_and_both_parts_hold_its_bytes(method: Any) -> None:
    calendar = make_invite(make_entry(summary="인권 " * 60), method)
    received = read(made(calendar=calendar, method=method))
    alternative, attachment = received.iter_parts()
    *_, part = alternative.iter_parts()
    assert dict(part["Content-Type"].params) == {"charset": "utf-8", "method": method}
    assert dict(attachment["Content-Type"].params) == {"name": "session.ics"}
    assert part.get_payload(decode=True) == attachment.get_payload(decode=True) == calendar
    assert (attachment.get_content_disposition(), attachment.get_filename()) == ("attachment", "session.ics")
    assert part.get_content_disposition() is None


@pytest.mark.parametrize("text", [KOREAN, LATIN, "", "no line end", "가\r\n나\r다\n"])
def test_text_and_html_arrive_as_they_were(text: str) -> None:
    received = read(made(text=text, html=text))
    expected = "".join(f"{line}\n" for line in text.splitlines())
    for kind in ("plain", "html"):
        body = received.get_body((kind,))
        assert body is not None
        assert body.get_content().replace("\r\n", "\n") == expected


def test_everything_is_seven_bit_and_in_short_lines() -> None:
    for text in (KOREAN, LATIN):
        written = made(text=text).as_bytes()
        written.decode("ascii")
        assert max(map(len, written.split(b"\r\n"))) <= 78
        assert written.count(b"\n") == written.count(b"\r\n")


@pytest.mark.parametrize(("text", "encoding"), [(KOREAN, "base64"), (LATIN, "quoted-printable")])
def test_the_shorter_encoding_is_taken(text: str, encoding: str) -> None:
    body = read(made(text=text)).get_body(("plain",))
    assert body is not None
    assert body["Content-Transfer-Encoding"] == encoding


def test_a_part_cannot_end_its_container() -> None:
    for boundary in ("=_mixed", "=_alternative"):
        text = f"--{boundary}\n--{boundary}--\n" * 3
        assert shape(read(made(text=text, html=text))) == shape(read(made()))


def test_without_a_calendar_the_body_is_plain_or_alternative() -> None:
    assert shape(read(made(calendar=None, method=None))) == {"multipart/alternative": ["text/plain", "text/html"]}
    plain = read(made(calendar=None, method=None, html=None))
    assert shape(plain) == "text/plain"
    assert plain.get_content().replace("\r\n", "\n") == KOREAN


def test_a_calendar_needs_no_html() -> None:
    assert shape(read(made(html=None))) == {
        "multipart/mixed": [{"multipart/alternative": ["text/plain", "text/calendar"]}, "application/ics"]
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "CANCEL"},
        {"method": "PUBLISH"},
        {"method": "REQUEST\r\nX-EVIL: 1"},
        {"method": None},
        {"calendar": None},
        {"calendar": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"},
        {"calendar": make_invite() + b"METHOD:CANCEL\r\n"},
    ],
)
def test_a_method_that_is_not_the_files_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CalendarError, match="method"):
        made(**changes)


@pytest.mark.parametrize(
    "name", ["a.ics\r\nX-EVIL: 1", 'a".ics', "../a.ics", "a.exe", ".ics", "가.ics", "a.ics\n", "a" * 70 + ".ics", ""]
)
def test_a_filename_that_could_leave_its_header_is_refused(name: str) -> None:
    with pytest.raises(CalendarError, match="filename"):
        made(filename=name)


def test_line_breaks_cannot_enter_the_callers_headers_either() -> None:
    message = with_calendar("x", None, None, None, "", SMTP)
    for name in ("Subject", "To", "X-Any"):
        with pytest.raises(ValueError, match="linefeed"):
            message[name] = "x\r\nBcc: eve@example.org"


@pytest.mark.parametrize("words", range(1, 40))
@pytest.mark.parametrize("text", ["인권 ", "도시, ", "Forum 포럼 ", "가나다라마바사 아 ", 'A "b" (다) <e@f>: '])
def test_headers_keep_every_blank(text: str, words: int) -> None:
    text = (text * words).strip()
    message = with_calendar("x", "<p>x</p>", None, None, "", POLICY)
    message["From"] = str(Address(text, addr_spec="calendar@forum.example.org"))
    message["To"] = str(Address(text[::-1], addr_spec="kim@example.org"))
    message["Subject"] = text
    written = message.as_bytes()
    assert max(map(len, written.split(b"\r\n"))) <= 78
    assert message_from_bytes(written, policy=default)["Subject"] == text
    # The new parser of addresses puts blanks between words of RFC 2047; the old one reads them as clients do.
    received = message_from_bytes(written)
    assert shown(received["Subject"]) == text
    for name, whole, address in (("From", text, "calendar@forum.example.org"), ("To", text[::-1], "kim@example.org")):
        words, _, mailbox = received[name].rpartition("\r\n <")
        assert (shown(words), mailbox) == (whole, f"{address}>")


def shown(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert made().as_bytes() == made().as_bytes()


def test_the_callers_policy_is_kept() -> None:
    policy: EmailPolicy[EmailMessage] = default.clone(linesep="\n")
    assert b"\r" not in made(policy=policy).as_bytes()


def test_a_message_can_be_written_by_another_policy_copied_and_read_back() -> None:
    message = made()
    written = message.as_bytes()
    assert message.as_bytes(policy=SMTP.clone(linesep="\n")) == written.replace(b"\r\n", b"\n")
    assert deepcopy(message).as_bytes() == written
    assert shape(message) == shape(read(message))


def test_headers_are_written_once() -> None:
    names = [name.lower() for part in read(made()).walk() for name in set(part.keys())]
    assert names.count("mime-version") == 1
    for part in read(made()).walk():
        assert len(part.keys()) == len(set(part.keys()))
