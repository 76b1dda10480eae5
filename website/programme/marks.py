"""Gaps in a written timetable, filled for each reader: everything around them is the same for all.

A gap is a code between NUL characters, which no text from the database can hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from schedule.domain.published.entries import SessionEntry

_GAP = re.compile("\0(own|foot)([01])([a-z]*) ([^\0]*)\0")


def own(code: str) -> SafeString:
    """Where the session's element says that the reader has a place in it."""
    return _gap("own", code)


def foot(entry: SessionEntry) -> SafeString:
    """Where the session's state and seats are shown."""
    return _gap("foot", entry.code, is_now=entry.is_now, state=entry.state)


def _gap(name: str, code: str, *, is_now: bool = False, state: str = "") -> SafeString:
    return format_html("\0{}{}{} {}\0", name, int(is_now), state, code)


def filled(html: str, *, own: Callable[[str], str], foot: Callable[[str, bool, str], str]) -> SafeString:
    """The timetable with `own(code)` and `foot(code, is_now, state)` in its gaps; both return safe HTML."""

    def fill(gap: re.Match[str]) -> str:
        name, is_now, state, code = gap.groups()
        return own(code) if name == "own" else foot(code, is_now == "1", state)

    return mark_safe(_GAP.sub(fill, html))  # noqa: S308  # both parts were escaped when they were written
