from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendars.checks import many_lines
from notifications.calendars.values import TextValue, day, mailbox, span, texts, word, written
from tests.notifications.calendars.factories import unfolded

ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\r\n\t\v\x00\\;,:"N\u2028\x85\ud800 가👩')))


def line(name: str, value: object) -> str:
    """Return the content line of a property, as it stands in a written component."""
    event = icalendar.Event()
    event[name] = value
    _, found, _ = unfolded(written(event))
    return found


def escaped(text: str) -> str:
    """Escape by the letter of RFC 5545 3.3.11."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


@given(ANY_TEXT)
def test_a_line_is_folded_to_75_octets_and_unfolds_to_itself(text: str) -> None:
    event = icalendar.Event()
    event["SUMMARY"] = TextValue(many_lines(text))
    body = written(event)
    assert body.endswith(b"\r\n")
    pieces = body[:-2].split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    for piece in pieces:
        piece.decode()  # raises if a character were split
    assert unfolded(body) == ["BEGIN:VEVENT", f"SUMMARY:{escaped(many_lines(text))}", "END:VEVENT"]
    assert str(icalendar.Event.from_ical(body)["SUMMARY"]) == many_lines(text)


@pytest.mark.parametrize("length", [73, 74, 75, 76, 148, 149, 150])
def test_lines_around_the_limit_stay_within_it(length: int) -> None:
    event = icalendar.Event()
    event["X"] = TextValue("X" * (length - 2))
    _, *pieces, _, _ = written(event).split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    assert len(pieces) <= length // 74 + 1


def test_text_is_escaped_once() -> None:
    assert line("SUMMARY", TextValue('a\\b;c,d\ne:f"g')) == 'SUMMARY:a\\\\b\\;c\\,d\\ne:f"g'
    assert line("SUMMARY", TextValue("C:\\New, \\N")) == "SUMMARY:C:\\\\New\\, \\\\N"
    assert line("CATEGORIES", texts(["a;b", "\\N"])) == "CATEGORIES:a\\;b,\\\\N"


def test_icalendar_still_takes_a_typed_backslash_and_capital_n_for_a_line_break() -> None:
    """What TextValue rests on. Once this fails, the library has been mended: use its vText."""
    assert icalendar.vText("C:\\New").to_ical() == b"C:\\new"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Alice", "Alice"),
        ("김철수", "김철수"),
        ("김 철수", '"김 철수"'),
        ("Alice, Forum", '"Alice, Forum"'),
        ('"Alice" <x>:y', "\"'Alice' <x>:y\""),
        ("Alice\r\nATTENDEE:x", '"Alice ATTENDEE:x"'),
        (" \x00 ", "a@x.example"),
    ],
)
def test_names_of_people_are_quoted_and_cannot_be_left(name: str, said: str) -> None:
    assert line("ATTENDEE", mailbox("a@x.example", name, ROLE="CHAIR")) == (
        f"ATTENDEE;ROLE=CHAIR;CN={said}:mailto:a@x.example"
    )


def test_moments_and_days_are_written_by_the_letter() -> None:
    when = datetime(2017, 9, 14, 9, 5, 7, 999999, tzinfo=UTC)
    assert line("DTSTART", icalendar.vDatetime(when)) == "DTSTART:20170914T090507Z"
    seoul = when.astimezone(ZoneInfo("Asia/Seoul"))
    assert line("DTSTART", icalendar.vDatetime(seoul)) == "DTSTART;TZID=Asia/Seoul:20170914T180507"
    assert line("DTSTART", icalendar.vDatetime(datetime(1996, 3, 31, 2))) == "DTSTART:19960331T020000"
    assert line("DTSTART", day(date(2017, 9, 14))) == "DTSTART;VALUE=DATE:20170914"


def test_every_zone_is_called_by_its_own_name_or_is_utc() -> None:
    for name in sorted(available_timezones() - {"Factory", "localtime"}):
        for month in (1, 7):
            there = datetime(2017, month, 14, 9, tzinfo=ZoneInfo(name))
            utc = f"DTSTART:2017{month:02}14T090000Z"
            said = line("DTSTART", icalendar.vDatetime(there))
            assert said == (utc if said == utc else f"DTSTART;TZID={name}:2017{month:02}14T090000")
            assert said != utc or not there.utcoffset()


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "P0D"), (15, "PT15M"), (60, "PT1H"), (90, "PT1H30M"), (1440, "P1D"), (1470, "P1DT30M"), (40_320, "P28D")],
)
def test_durations_are_written_by_the_letter(minutes: int, said: str) -> None:
    assert line("X-PUBLISHED-TTL", span(minutes)) == f"X-PUBLISHED-TTL:{said}"
    assert line("REFRESH-INTERVAL", span(minutes, named=True)) == f"REFRESH-INTERVAL;VALUE=DURATION:{said}"
    assert line("TRIGGER", span(-minutes)) == f"TRIGGER:{'-' if minutes else ''}{said}"


def test_properties_stand_in_the_order_in_which_they_were_set() -> None:
    event = icalendar.Event()
    for name in ("STATUS", "UID", "SUMMARY"):
        event[name] = word("x")
    assert unfolded(written(event)) == ["BEGIN:VEVENT", "STATUS:x", "UID:x", "SUMMARY:x", "END:VEVENT"]
