"""Text that ends no line and begins no component, whoever typed it.

The icalendar library escapes and folds, but writes control characters as they come, and some programs look for
"BEGIN:VEVENT" in the middle of a line too. Text is cleaned here before it becomes a property.
"""

from __future__ import annotations

import re

# Python's str.splitlines and with it several parsers also break lines at VT, FF, FS, GS, RS, NEL, LS and PS.
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# C0 (but tab and newline), DEL, C1, surrogates (they cannot be encoded), the byte order mark and its mirror.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_UNSAFE_IN_VALUE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# Parsers that search for components with a regular expression (ts-ics) find these in the middle of a line too.
_DELIMITER = re.compile("(BEGIN|END):(?=V|STANDARD|DAYLIGHT)", re.IGNORECASE)


def has_unsafe(value: str) -> bool:
    """Say whether `value` holds a line break, control character or anything else no single-line value may hold."""
    # What can be printed is none of it, and that is found out faster.
    return not value.isprintable() and _UNSAFE_IN_VALUE.search(value) is not None


def has_delimiter(value: str) -> bool:
    """Say whether `value` holds what begins or ends a component."""
    return ":" in value and _DELIMITER.search(value) is not None


def one_line(text: str) -> str:
    """Return `text` as inert text of one line.

    Line breaks and tabs become single spaces, control characters go, and "BEGIN:VEVENT" reads "BEGIN: VEVENT".
    """
    if has_unsafe(text):
        text = _FORBIDDEN.sub("", _BREAKS.sub(" ", text)).replace("\t", " ")
    return _apart(text).strip()


def many_lines(text: str) -> str:
    """Return `text` as inert text: like :func:`one_line`, but every kind of line break becomes a newline."""
    if has_unsafe(text):
        text = _FORBIDDEN.sub("", _BREAKS.sub("\n", text))
    return _apart(text).strip()


def _apart(text: str) -> str:
    return _DELIMITER.sub(r"\1: ", text) if ":" in text else text
