from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendars.checks import CheckedEntry, checked, clock_of, many_lines, one_line
from tests.notifications.calendars.factories import make_entry

ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\r\n\t\v\x00\\;,:"\u2028\x85\ud800 가👩')))


@given(ANY_TEXT)
def test_cleaned_text_has_one_line_and_no_control_characters(text: str) -> None:
    cleaned = one_line(text)
    assert len(cleaned.splitlines()) <= 1
    assert "\t" not in cleaned
    cleaned.encode()
    assert len(many_lines(text).splitlines()) == len(many_lines(text).split("\n")) - (many_lines(text) == "")


@pytest.mark.parametrize(
    ("text", "one", "many"),
    [
        ("a\r\nb\nc\rd", "a b c d", "a\nb\nc\nd"),
        ("a\vb\x0cc\x1cd\x85e\u2028f", "a b c d e f", "a\nb\nc\nd\ne\nf"),
        ("a\x00b\x07c\x7fd\x9fe\ufefff\ud800g", "abcdefg", "abcdefg"),
        ("a\tb", "a b", "a\tb"),
        ("  a  ", "a", "a"),
        ("xend:vtimezone BEGIN:STANDARD BEGIN:X", *["xend: vtimezone BEGIN: STANDARD BEGIN:X"] * 2),
    ],
)
def test_text_is_made_inert(text: str, one: str, many: str) -> None:
    assert (one_line(text), many_lines(text)) == (one, many)


def test_a_checked_entry_has_all_that_is_written_of_it() -> None:
    typed = make_entry(
        summary=" Cities\r\nand dignity ",
        description="a\r\nBEGIN:VEVENT",
        location="Room\x07 209",
        url="https://forum.example.org/세션",
        conference_url="https://münchen.example/a%20b",
        categories=("Rights, cities", " , "),
    )
    plain = checked(typed)
    assert plain == CheckedEntry(
        entry=typed,
        summary="Cities and dignity",
        description="a\nBEGIN: VEVENT",
        location="Room 209",
        url="https://forum.example.org/%EC%84%B8%EC%85%98",
        conference_url="https://xn--mnchen-3ya.example/a%20b",
        categories=("Rights · cities",),
        zone=ZoneInfo("Asia/Seoul"),
        clock=ZoneInfo("Asia/Seoul"),
    )


@pytest.mark.parametrize(
    ("changes", "clock"),
    [
        ({"timezone": "Europe/Berlin"}, ZoneInfo("Europe/Berlin")),
        ({"timezone": "Atlantic/Reykjavik"}, None),
        ({"end": datetime(2017, 9, 16, tzinfo=UTC), "all_day": True}, None),
        # 02:30 in the night in which 02:30 comes twice.
        (
            {
                "timezone": "Europe/Berlin",
                "start": datetime(2017, 10, 28, 22, tzinfo=UTC),
                "end": datetime(2017, 10, 29, 0, 30, tzinfo=UTC),
            },
            None,
        ),
    ],
)
def test_times_are_on_the_clock_of_the_zone_unless_it_is_none_or_would_say_two(
    changes: dict[str, Any], clock: ZoneInfo | None
) -> None:
    assert clock_of(make_entry(**changes)) == checked(make_entry(**changes)).clock == clock
