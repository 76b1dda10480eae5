"""What is read from a calendar part, and what cannot be made of a broken one."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.inbound.replies.parsing import MAX_BYTES, MAX_EVENTS, MAX_LINES, Reply, replies_in

EVENT = "BEGIN:VEVENT\r\nUID:a@b.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:Alice@Example.org\r\nEND:VEVENT\r\n"
REPLY = Reply("a@b.example", {"alice@example.org": "DECLINED"})


def calendar(inside: str = EVENT, *, method: str = "METHOD:REPLY\r\n") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}{inside}END:VCALENDAR\r\n".encode()


def test_answer_is_read() -> None:
    assert replies_in(calendar()) == [REPLY]


@pytest.mark.parametrize(
    ("attendee", "answers"),
    [
        ("ATTENDEE;PARTSTAT=declined:MAILTO:a@x.example", {"a@x.example": "DECLINED"}),
        ("attendee;partstat=\"ACCEPTED\":a@x.example", {"a@x.example": "ACCEPTED"}),
        ('ATTENDEE;CN="a;PARTSTAT=ACCEPTED:mailto:b@x.example";PARTSTAT=DECLINED:mailto:a@x.example',
         {"a@x.example": "DECLINED"}),
        ("ATTENDEE:mailto:a@x.example", {"a@x.example": "NEEDS-ACTION"}),
        ("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:b@x.example",
         {"a@x.example": "ACCEPTED", "b@x.example": "DECLINED"}),
        ("ATTENDEE;PARTSTAT=DECLI\r\n NED:mailto:a@x.exa\r\n\tmple", {"a@x.example": "DECLINED"}),
    ],
)  # fmt: skip
def test_attendees_in_every_spelling(attendee: str, answers: dict[str, str]) -> None:
    event = f"BEGIN:VEVENT\r\nUID:a@b.example\r\n{attendee}\r\nEND:VEVENT\r\n"
    assert replies_in(calendar(event)) == [Reply("a@b.example", answers)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        calendar(method=""),
        calendar(method="METHOD:REQUEST\r\n"),
        calendar(method="METHOD:REPLY\r\nMETHOD:REQUEST\r\n"),
        calendar(EVENT.replace("UID:a@b.example\r\n", "")),
        calendar(EVENT.replace("ATTENDEE", "X-ATTENDEE")),
        calendar(EVENT.replace("END:VEVENT", "")),
        calendar("BEGIN:X-OTHER\r\n" + EVENT + "END:X-OTHER\r\n"),
        calendar(EVENT.replace("VEVENT", "VALARM")),
        calendar(EVENT * (MAX_EVENTS + 1)),
        calendar(EVENT + "X-A:b\r\n" * MAX_LINES),
    ],
)
def test_what_is_no_answer_gives_none(content: bytes) -> None:
    assert replies_in(content) == []


def test_unknown_charset_is_read_as_the_usual_one() -> None:
    assert replies_in(b"\xef\xbb\xbf" + calendar(), charset="x-klingon") == [REPLY]


def test_charset_of_the_part_is_used() -> None:
    korean = calendar(EVENT.replace("a@b.example", "모임@b.example")).decode().encode("euc-kr")
    assert [reply.uid for reply in replies_in(korean, charset="euc-kr")] == ["모임@b.example"]


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_bytes_are_survived(noise: bytes, at: int) -> None:
    whole = calendar()
    replies_in(whole[:at] + noise + whole[at:])


def test_a_part_too_big_is_not_looked_into() -> None:
    filling = "X-FILLING:" + "x" * MAX_BYTES + "\r\n"
    assert replies_in(calendar(EVENT + filling)) == []
    assert replies_in(calendar(EVENT + filling[MAX_BYTES // 2 :])) == [REPLY]


def test_a_part_that_names_a_file_has_nothing_read_from_it(tmp_path: Path) -> None:
    file = tmp_path / "reply.ics"
    file.write_bytes(calendar())
    assert replies_in(str(file).encode()) == []


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART:99999999T999999",
        "DURATION:P99999999999999999999D",
        "SEQUENCE:" + "9" * 5000,
        "DTSTART;TZID=../../etc/passwd:20260101T000000",
        "RRULE:FREQ=SECONDLY;BYDAY=XX",
        "GEO:nowhere",
        "X-A",
        ";;;",
        'COMMENT;A="b:c',
        "DESCRIPTION;LANGUAGE=\x07:a",
    ],
)
def test_what_decides_nothing_may_be_broken(line: str) -> None:
    assert replies_in(calendar(EVENT.replace("UID", f"{line}\r\nUID"))) == [REPLY]


ENDLESS_ZONE = """BEGIN:VTIMEZONE
TZID:Nowhere/Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
RRULE:FREQ=SECONDLY
END:STANDARD
END:VTIMEZONE
"""


def test_nothing_of_a_strangers_calendar_is_remembered() -> None:
    """Neither its time zones, whose rules are not counted out, nor the names of its components."""
    inside = f"{ENDLESS_ZONE}BEGIN:X-STRANGER\r\nEND:X-STRANGER\r\n{EVENT}"
    assert replies_in(calendar(inside)) == [REPLY]
    assert icalendar.timezone.tzp.timezone("Nowhere/Zone") is None
    assert "X-STRANGER" not in icalendar.Calendar._get_component_factory()


@pytest.mark.parametrize(
    ("before", "after", "replies"),
    [
        ("UID:", "UID:c@d.example\r\nUID:", []),
        ("=DECLINED", "=ACCEPTED,DECLINED", [Reply(REPLY.uid, {"alice@example.org": "NEEDS-ACTION"})]),
        ("ATTENDEE", 'ATTENDEE;CN="a"b', []),
    ],
)
def test_an_answer_that_is_not_clear_is_none(before: str, after: str, replies: list[Reply]) -> None:
    assert replies_in(calendar(EVENT.replace(before, after))) == replies


PARAMETERS = (
    "VALUE=DATE",
    "VALUE=PERIOD",
    "VALUE=BINARY",
    "VALUE=A,B",
    "VALUE",
    "TZID=A,B",
    "PARTSTAT=A,B",
    'CN="',
    "=",
)
VALUES = ("", "99991231T235959Z/P9999D", "P99999999999999D", "20260101T²50000", "FREQ=X", "%", ",", ";", ":", "mailto:")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["UID", "ATTENDEE", "METHOD", "BEGIN", "END"]),
            st.lists(st.sampled_from(PARAMETERS), max_size=2),
            st.sampled_from(VALUES),
        ),
        max_size=3,
    )
)
def test_any_type_of_value_is_survived(lines: list[tuple[str, list[str], str]]) -> None:
    written = "".join(f"{';'.join([name, *parameters])}:{value}\r\n" for name, parameters, value in lines)
    for inside in (EVENT.replace("UID", f"{written}UID"), written + EVENT):
        assert all(isinstance(reply, Reply) for reply in replies_in(calendar(inside)))


@pytest.mark.parametrize("value", ["PERIOD:99991231T235959Z/P9999D", "A,B:mailto:eve@example.org", "DATE:20260101"])
@pytest.mark.parametrize("name", ["UID", "ATTENDEE"])
def test_an_answer_in_another_type_is_not_taken(name: str, value: str) -> None:
    assert replies_in(calendar(EVENT)) == [REPLY]
    assert replies_in(calendar(EVENT.replace("UID", f"{name};VALUE={value}\r\nUID"))) in ([], [REPLY])
