from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendars.checks import many_lines, one_line

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
