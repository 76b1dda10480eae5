"""Organizers' texts with placeholders such as {session}: reading them, saying what is wrong, and filling them.

A text is no program: a placeholder is a name out of a fixed list, and nothing else stands between braces. What is put
in for one is never read again, so a person's name cannot bring a placeholder, a link or markup of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
# Control characters and line separators; a tab is a blank.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"https?://[^\s<>\"'{}]+")
# What ends a sentence rather than an address.
_AFTER_ADDRESS = ".,;:!?)]’”"


@dataclass(frozen=True)
class PlaceholderWords:
    """What the organizer wrote."""

    text: str


@dataclass(frozen=True)
class PlaceholderSlot:
    """A placeholder by its name."""

    name: str


Line = tuple[PlaceholderWords | PlaceholderSlot, ...]
# What stands for each placeholder. None: there is nothing to say, and lines that would say it are left out.
Values = Mapping[str, str | None]


@dataclass(frozen=True)
class PlaceholderProblem:
    """What is wrong and where. `line` and `column` count from 1, in characters."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return _("Line %(line)d, column %(column)d: %(problem)s") % {
            "line": self.line,
            "column": self.column,
            "problem": self.text,
        }


class BrokenTextError(ValueError):
    """A text that cannot be filled. `problems` says why, in the order of their places."""

    def __init__(self, problems: Sequence[PlaceholderProblem]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = list(problems)


def unix_lines(text: str) -> str:
    """Forms send CR LF; places are counted in lines that end in LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(text: str, known: Collection[str]) -> tuple[Line, ...]:
    """The lines of a text. Raises `BrokenTextError` with every problem: a stray brace, a placeholder not `known`."""
    lines: list[Line] = []
    problems: list[PlaceholderProblem] = []
    for number, line in enumerate(unix_lines(text).split("\n"), 1):
        problems += [
            PlaceholderProblem(number, match.start() + 1, _("there is a character that cannot be shown."))
            for match in _UNPRINTABLE.finditer(line)
        ]
        pieces: list[PlaceholderWords | PlaceholderSlot] = []
        done = 0
        for match in _BRACES.finditer(line):
            name = match[1].strip() if match[1] is not None else None
            if name is None or name not in known:
                problems.append(PlaceholderProblem(number, match.start() + 1, _what_is_wrong(name, known)))
                continue
            pieces += [PlaceholderWords(line[done : match.start()]), PlaceholderSlot(name)]
            done = match.end()
        pieces.append(PlaceholderWords(line[done:]))
        lines.append(tuple(piece for piece in pieces if piece != PlaceholderWords("")))
    if problems:
        raise BrokenTextError(sorted(problems, key=lambda one: (one.line, one.column)))
    return tuple(lines)


def read_subject(text: str, known: Collection[str]) -> Line:
    """A subject: one line that is not empty. Raises `BrokenTextError`."""
    for position, character in enumerate(text):
        if character in "\r\n":
            raise BrokenTextError([PlaceholderProblem(1, position + 1, _("a subject cannot go over several lines."))])
    [line] = read(text, known)
    if not text.strip():
        raise BrokenTextError([PlaceholderProblem(1, 1, _("there is no subject."))])
    return line


def _what_is_wrong(name: str | None, known: Collection[str]) -> str:
    if name is None:
        return _("this brace belongs to no placeholder.")
    wrong = _("there is no placeholder {%(name)s} here.") % {"name": name}
    if close := get_close_matches(name, known, n=1):
        return wrong + " " + _("Did you mean {%(name)s}?") % {"name": close[0]}
    return wrong


def slots_of(lines: Iterable[Line]) -> set[str]:
    """The placeholders a text uses."""
    return {piece.name for line in lines for piece in line if isinstance(piece, PlaceholderSlot)}


def _is_left_out(line: Line, values: Values) -> bool:
    return any(isinstance(piece, PlaceholderSlot) and values[piece.name] is None for piece in line)


def fill_line(line: Line, values: Values) -> str:
    return "".join(piece.text if isinstance(piece, PlaceholderWords) else values[piece.name] or "" for piece in line)


def fill_text(lines: Iterable[Line], values: Values) -> str:
    """The text with its placeholders filled."""
    return "\n".join(fill_line(line, values) for line in lines if not _is_left_out(line, values))


def fill_html(lines: Iterable[Line], values: Values, links: Collection[str]) -> SafeString:
    """The same as paragraphs of HTML. Only addresses the organizer wrote and placeholders in `links` become links."""
    paragraphs: list[list[SafeString]] = [[]]
    for line in lines:
        if _is_left_out(line, values):
            continue
        if not fill_line(line, values).strip():
            paragraphs.append([])
        else:
            paragraphs[-1].append(_html_line(line, values, links))
    return format_html_join("\n", "<p>{}</p>", ((_with_breaks(paragraph),) for paragraph in paragraphs if paragraph))


def _with_breaks(lines: Iterable[str]) -> SafeString:
    first, *rest = lines
    return format_html("{}{}", first, format_html_join("", "<br>\n{}", ((line,) for line in rest)))


def _html_line(line: Line, values: Values, links: Collection[str]) -> SafeString:
    parts = []
    for position, piece in enumerate(line):
        if isinstance(piece, PlaceholderWords):
            parts.append(_with_links(piece.text, open_end=position + 1 < len(line)))
        elif piece.name in links:
            parts.append(_link(values[piece.name] or ""))
        else:
            parts.append(_with_breaks((values[piece.name] or "").split("\n")))
    return format_html_join("", "{}", ((part,) for part in parts))


def _with_links(text: str, *, open_end: bool) -> SafeString:
    """Words with the web addresses in them as links that show where they lead.

    One that runs into a placeholder stays text: nobody but the organizer decides where a link leads.
    """
    parts: list[str] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        if open_end and match.end() == len(text):
            continue
        address = match[0].rstrip(_AFTER_ADDRESS)
        parts += [text[done : match.start()], _link(address)]
        done = match.start() + len(address)
    return format_html_join("", "{}", ((part,) for part in [*parts, text[done:]]))


def _link(address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, address) if address else format_html("")
