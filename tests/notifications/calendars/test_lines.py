from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendars.lines import (
    content_line,
    duration,
    escape,
    local,
    many_lines,
    offset,
    one_line,
    parameter,
    utc,
)

ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from('\r\n\t\v\x00\\;,:"\u2028\x85\ud800 가👩')))


@given(ANY_TEXT)
def test_a_line_is_folded_to_75_octets_and_unfolds_to_itself(text: str) -> None:
    line = f"SUMMARY:{escape(many_lines(text))}"
    written = content_line(line)
    assert written.endswith(b"\r\n")
    pieces = written[:-2].split(b"\r\n")
    assert max(map(len, pieces)) <= 75
    for piece in pieces:
        piece.decode()  # raises if a character were split
    assert all(piece.startswith(b" ") for piece in pieces[1:])
    assert b"".join([pieces[0], *(piece[1:] for piece in pieces[1:])]).decode() == line


@pytest.mark.parametrize("length", [74, 75, 76, 149, 150])
def test_lines_around_the_limit_are_folded_only_where_they_must(length: int) -> None:
    pieces = content_line("X" * length)[:-2].split(b"\r\n")
    assert list(map(len, pieces)) == {74: [74], 75: [75], 76: [75, 2], 149: [75, 75], 150: [75, 75, 2]}[length]


@pytest.mark.parametrize("line", ["A:1\r\nB:2", "A:1\nB:2", "A:1\rB:2"])
def test_a_raw_line_break_is_a_programming_error(line: str) -> None:
    with pytest.raises(ValueError, match="raw line break"):
        content_line(line)


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


def test_text_is_escaped_once() -> None:
    assert escape('a\\b;c,d\ne:f"g') == 'a\\\\b\\;c\\,d\\ne:f"g'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Alice", "Alice"),
        ("김 철수", "김 철수"),
        ("Alice, Forum", '"Alice, Forum"'),
        ('"Alice" <x>:y', "\"'Alice' <x>:y\""),
        ("Alice\r\nATTENDEE:x", '"Alice ATTENDEE:x"'),
    ],
)
def test_parameters_are_quoted_and_cannot_be_left(name: str, written: str) -> None:
    assert parameter(name) == written


def test_moments_and_offsets_are_written_by_the_letter() -> None:
    moment = datetime(987, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    assert (utc(moment), local(moment)) == ("09870102T020405Z", "09870102T030405")
    assert utc(datetime(2017, 9, 14, 9, tzinfo=UTC)) == "20170914T090000Z"
    minutes = [345, -570, 0, 840, -0.5]
    assert [offset(timedelta(minutes=each)) for each in minutes] == ["+0545", "-0930", "+0000", "+1400", "-000030"]


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(0, "PT0S"), (15, "PT15M"), (60, "PT1H"), (90, "PT1H30M"), (1440, "P1D"), (1470, "P1DT30M"), (40_320, "P28D")],
)
def test_durations_are_written_by_the_letter(minutes: int, written: str) -> None:
    assert duration(minutes) == written
