"""Texts with placeholders: every fault is told with its place, and what is filled in stays inert."""

from __future__ import annotations

import pytest
from django.utils import translation

from notifications.wordings.placeholders import BrokenTextError, fill_html, fill_text, read, read_subject

KNOWN = ("name", "session", "my_page", "position")
VALUES = {"name": "Dana", "session": "Water", "my_page": "https://forum.example.org/my/", "position": None}


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(BrokenTextError) as refused:
        read(text, KNOWN)
    return [(problem.line, problem.column, problem.text) for problem in refused.value.problems]


def filled(text: str, **values: str | None) -> tuple[str, str]:
    lines = read(text, KNOWN)
    return fill_text(lines, VALUES | values), fill_html(lines, VALUES | values, {"my_page"})


def test_every_problem_is_told_with_line_and_column() -> None:
    assert problems("Dear {name},\r\n\r\nopen {sesion} or {foo.bar}\r\nand } or {") == [
        (3, 6, "there is no placeholder {sesion} here. Did you mean {session}?"),
        (3, 18, "there is no placeholder {foo.bar} here."),
        (4, 5, "this brace belongs to no placeholder."),
        (4, 10, "this brace belongs to no placeholder."),
    ]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("{{name}}", 1),
        ("{}", 1),
        ("{name!r}", 1),
        ("{name:>9}", 1),
        ("{0}", 1),
        ("{name.__class__}", 1),
        ("%(x)s {a", 7),
    ],
)
def test_a_template_is_no_program(text: str, column: int) -> None:
    assert problems(text)[0][:2] == (1, column)


def test_what_cannot_be_shown_is_refused_with_its_place() -> None:
    assert problems("one\ntwo\x00\u2028") == [
        (2, 4, "there is a character that cannot be shown."),
        (2, 5, "there is a character that cannot be shown."),
    ]


def test_problems_speak_the_organizers_language() -> None:
    with pytest.raises(BrokenTextError) as refused:
        read("a\nb {x}", KNOWN)
    with translation.override("en"):
        assert str(refused.value.problems[0]) == "Line 2, column 3: there is no placeholder {x} here."


@pytest.mark.parametrize("text", ["One\r\nBcc: a@example.org", "One\nTwo", "One\r"])
def test_a_subject_with_a_line_break_is_refused(text: str) -> None:
    with pytest.raises(BrokenTextError) as refused:
        read_subject(text, KNOWN)
    [problem] = refused.value.problems
    assert (problem.line, problem.column, problem.text) == (1, 4, "a subject cannot go over several lines.")


@pytest.mark.parametrize("text", ["", "   "])
def test_a_subject_without_words_is_refused(text: str) -> None:
    with pytest.raises(BrokenTextError, match="there is no subject"):
        read_subject(text, KNOWN)


def test_paragraphs_and_breaks_are_kept() -> None:
    text, html = filled("Dear { name },\nwelcome.\n\n\nOpen {my_page}.")
    assert text == "Dear Dana,\nwelcome.\n\n\nOpen https://forum.example.org/my/."
    address = '<a href="https://forum.example.org/my/">https://forum.example.org/my/</a>'
    assert html == f"<p>Dear Dana,<br>\nwelcome.</p>\n<p>Open {address}.</p>"


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    assert filled("You are in.\n\nNumber {position} in line.\n\nBye") == (
        "You are in.\n\n\nBye",
        "<p>You are in.</p>\n<p>Bye</p>",
    )
    assert filled("Number {position}.", position="3") == ("Number 3.", "<p>Number 3.</p>")


HOSTILE = "{session}<img src=x onerror=y>&amp; https://evil.example.com/ [x](javascript:y)"
INERT = "{session}&lt;img src=x onerror=y&gt;&amp;amp; https://evil.example.com/ [x](javascript:y)"


def test_what_is_filled_in_is_neither_read_again_nor_markup_nor_a_link() -> None:
    assert filled("Dear {name}, {session}", name=HOSTILE) == (
        f"Dear {HOSTILE}, Water",
        f"<p>Dear {INERT}, Water</p>",
    )


def test_markup_of_the_organizer_is_text_too() -> None:
    assert filled("<b>a</b> & b")[1] == "<p>&lt;b&gt;a&lt;/b&gt; &amp; b</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "See https://a.example/x?y=1&z=2.",
            'See <a href="https://a.example/x?y=1&amp;z=2">https://a.example/x?y=1&amp;z=2</a>.',
        ),
        ("(http://a.example/)", '(<a href="http://a.example/">http://a.example/</a>)'),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ('https://a.example/"onclick="x', '<a href="https://a.example/">https://a.example/</a>&quot;onclick=&quot;x'),
        ("https://a.example/{name}", "https://a.example/Dana"),
        ("https://a.example/ {name}", '<a href="https://a.example/">https://a.example/</a> Dana'),
    ],
)
def test_only_whole_addresses_of_the_organizer_become_links(text: str, html: str) -> None:
    assert filled(text)[1] == f"<p>{html}</p>"
