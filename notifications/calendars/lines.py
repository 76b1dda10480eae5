"""Content lines of RFC 5545: cleaning, escaping, folding.

Every byte of a calendar file passes through :func:`content_line`, so no value can end its own line.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

MAX_OCTETS = 75
"""Longest line without its line break (RFC 5545 3.1)."""

# Python's str.splitlines and with it several parsers also break lines at VT, FF, FS, GS, RS, NEL, LS and PS.
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# C0 (but tab and newline), DEL, C1, surrogates (they cannot be encoded), the byte order mark and its mirror.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_UNSAFE_IN_VALUE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NEEDS_QUOTES = re.compile(r"[,;:]")
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


def escape(text: str) -> str:
    """Escape a cleaned TEXT value (RFC 5545 3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def parameter(text: str) -> str:
    """Return `text` as a parameter value, quoted where it must be (RFC 5545 3.2).

    A double quote cannot be written in a parameter and becomes an apostrophe (the escape of RFC 6868 is not read
    by Outlook and others).
    """
    text = one_line(text).replace('"', "'")
    return f'"{text}"' if _NEEDS_QUOTES.search(text) else text


def utc(moment: datetime) -> str:
    """Write an aware datetime as a UTC DATE-TIME (form 2 of RFC 5545 3.3.5)."""
    return f"{local(moment.astimezone(UTC))}Z"


def local(moment: datetime) -> str:
    """Write the wall clock of `moment` without a zone (form 1; TZID says which zone)."""
    # The year always has four digits; with strftime that depends on the C library.
    return moment.replace(tzinfo=None).isoformat(timespec="seconds").replace("-", "").replace(":", "")


def date(moment: datetime) -> str:
    """Write the day of `moment` on its own clock (RFC 5545 3.3.4)."""
    return moment.date().isoformat().replace("-", "")


def offset(delta: timedelta) -> str:
    """Write a UTC-OFFSET such as +0545 (RFC 5545 3.3.14)."""
    seconds = round(delta.total_seconds())
    sign = "-" if seconds < 0 else "+"
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{sign}{hour:02}{minute:02}{second:02}" if second else f"{sign}{hour:02}{minute:02}"


def duration(minutes: int) -> str:
    """Write a DURATION such as P1DT30M (RFC 5545 3.3.6)."""
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    day = f"{days}D" if days else ""
    return f"P{day}T{time}" if time else f"P{day}" if day else "PT0S"


def content_line(line: str) -> bytes:
    """Encode one content line, folded to 75 octets without splitting a character, with its CRLF.

    Raises ValueError on a raw line break: whoever wrote the line forgot to clean or escape a value.
    """
    if "\r" in line or "\n" in line:
        raise ValueError(f"a raw line break in {line[:40]!r}")
    encoded = line.encode()
    if len(encoded) <= MAX_OCTETS:
        return encoded + b"\r\n"
    pieces = []
    start, room = 0, MAX_OCTETS
    while len(encoded) - start > room:
        stop = start + room
        while encoded[stop] & 0xC0 == 0x80:
            stop -= 1
        pieces.append(encoded[start:stop])
        start, room = stop, MAX_OCTETS - 1
    pieces.append(encoded[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def block(lines: list[str]) -> bytes:
    """Encode content lines one after another."""
    return b"".join(map(content_line, lines))
