"""The one form of text, and what no text may hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cost import is_in_proportion
from values.text import TextFault, composed, fault, is_nothing, one_form

HARD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\v\f\x1c\x85\u2028\u2029\t \u00a0\x80\x92\x81e\u0301\u1100\u1161\u200b\u2060\u3164\ufeff"),
    )
)


@pytest.mark.parametrize(
    ("written", "line", "lines"),
    [
        ("First\r\nSecond", "First Second", "First\nSecond"),
        ("First\rSecond", "First Second", "First\nSecond"),
        ("First\vSecond\fThird", "First Second Third", "First\nSecond\nThird"),
        ("First\x85Second", "First Second", "First\nSecond"),
        ("First\u2028Second\u2029\u2029Third", "First Second Third", "First\nSecond\n\nThird"),
        ("First\x1cSecond", "First Second", "First\nSecond"),
        ("A\tB", "A B", "A\tB"),
        ("\x93Don\x92t\x94 \x96 5\x80\x85", "“Don’t” – 5€…", "“Don’t” – 5€…"),
        ("Ame\u0301lie \u1112\u1161\u11ab", "Amélie 한", "Amélie 한"),
        ("\ufeff Title\u200b\u2060\u3164 ", "Title", "Title"),
        ("a\ufeffb", "ab", "ab"),
        # What shapes the letters beside it stays: joiners, a variation selector, a mark of direction.
        ("👩\u200d🚀 ❤\ufe0f", "👩\u200d🚀 ❤\ufe0f", "👩\u200d🚀 ❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم", "می\u200cخواهم"),
        ("\u200fשלום", "\u200fשלום", "\u200fשלום"),
        ("two  blanks", "two  blanks", "two  blanks"),
    ],
)
def test_text_has_one_form_whatever_wrote_it(written: str, line: str, lines: str) -> None:
    assert (one_form(written), one_form(written, lines=True)) == (line, lines)


@pytest.mark.parametrize(
    "nothing",
    [
        *" \u00a0\u200b\u2060\u3164\u2800\u00ad\u034f\uffa0\u180e\u202e\u2066\U000e0041\U0001d159\ufff9\ufeff",
        "\u115f\u1160",
        "\u200d\ufe0f",
        "\u200e\u200f\u061c",
        "\r\n\t",
    ],
)
def test_what_nobody_sees_is_empty(nothing: str) -> None:
    assert is_nothing(nothing)
    assert (one_form(nothing), one_form(f" {nothing}\n{nothing}", lines=True)) == ("", "")
    assert one_form(f"{nothing}x{nothing}") != ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\x00b", TextFault.NOT_SHOWN),
        ("a\x1fb", TextFault.NOT_SHOWN),
        ("a\x7fb", TextFault.NOT_SHOWN),
        ("a\x81b", TextFault.NOT_SHOWN),
        ("a\ud83d", TextFault.NOT_SHOWN),
        ("a\ufffe", TextFault.NOT_SHOWN),
        ("a\U0001ffff", TextFault.NOT_SHOWN),
        ("\x00", TextFault.NOT_SHOWN),
        *((f"a{mark}b\u202c", TextFault.TURNS_DIRECTION) for mark in "\u202a\u202b\u202d\u202e"),
        *((f"a{mark}b", TextFault.TURNS_DIRECTION) for mark in "\u2066\u2067\u2068\u2069\u206a\u206f\u202c"),
        ("\u2067a\n\u2069b", TextFault.TURNS_DIRECTION),
        ("\u2069a\u2067", TextFault.TURNS_DIRECTION),
        ("\u2067a \u2066b\u2069\u2069 c", None),
        ("\u2067a\u2069\n\u2067b\u2069", None),
        ("\u200fשלום, 안녕하세요 👩\u200d🚀\tx", None),
    ],
)
def test_what_cannot_be_kept_is_told(text: str, found: TextFault | None) -> None:
    assert fault(one_form(text, lines=True)) == found


@given(HARD)
def test_the_one_form_is_left_as_it_is(text: str) -> None:
    for lines in (False, True):
        for strip in (False, True):
            once = one_form(text, lines=lines, strip=strip)
            assert one_form(once, lines=lines, strip=strip) == once
    assert one_form(text).splitlines() in ([], [one_form(text)])


@pytest.mark.parametrize(
    "piece",
    ["\n", "\r", "\u2028", "\u200b", "\u00ad", "\u0323\u0301", "\u0315\u0316\u0327\u0301", "\u0f73", "\u2066"],
)
def test_text_costs_what_its_length_costs(piece: str) -> None:
    """Whoever finds a form can send a megabyte of one letter: no length is looked at before the form of a text."""

    def read(size: int) -> None:
        text = f"a{piece * (size // len(piece))}b"
        fault(one_form(text, lines=True))
        one_form(text)

    assert is_in_proportion(read)


@given(
    st.text(
        st.sampled_from("ae\u00e9\u0301\u0323\u0315\u0344\u0f71\u0f72\u0f73\u0f74\uac00\u1100\u1161\u212b"), max_size=90
    )
)
def test_marks_in_any_number_are_composed_as_unicode_has_it(text: str) -> None:
    many = "\u0301\u0315\u0323" * 12
    for one in (text, f"{text}{many}", f"{many}{text}"):
        assert composed(one) == unicodedata.normalize("NFC", one)
