"""What may stand in a calendar. Text is cleaned; what must not be altered is refused, with the name of the field.

Each entry is checked once: :func:`checked` returns all that is written of it, and nothing after it looks again.

Whatever anybody typed ends no line and begins no component: the icalendar library escapes and folds, but writes control
characters as they come, and some programs look for "BEGIN:VEVENT" in the middle of a line too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.tzid import is_utc

from values.hosts import ascii_netloc
from values.instants import FIRST_YEAR, LAST_YEAR, comes_twice

from .entries import CalendarEntry, CalendarError, CalendarInfo

MAX_ALARM_MINUTES = 4 * 7 * 24 * 60
MAX_SEQUENCE = 2**31 - 1
_STATUSES = frozenset({"CONFIRMED", "CANCELLED", "TENTATIVE"})
# Everything RFC 3986 allows in a path, query or fragment; "%" so that what is already encoded stays as it is.
_URL_SAFE = "/?#[]@!$&'()*+,;=:%-._~"
_BLANK = re.compile(r"\s")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")
# Python's str.splitlines and with it several parsers also break lines at VT, FF, FS, GS, RS, NEL, LS and PS.
_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# C0 (but tab and newline), DEL, C1, surrogates (they cannot be encoded), the byte order mark and its mirror.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# Parsers that search for components with a regular expression (ts-ics) find these in the middle of a line too.
_DELIMITER = re.compile("(BEGIN|END):(?=V|STANDARD|DAYLIGHT)", re.IGNORECASE)


def one_line(text: str) -> str:
    """Return `text` as inert text of one line.

    Line breaks and tabs become single spaces, control characters go, and "BEGIN:VEVENT" reads "BEGIN: VEVENT".
    """
    return _inert(text, " ").replace("\t", " ").strip()


def many_lines(text: str) -> str:
    """Return `text` as inert text: like :func:`one_line`, but tabs stay and every kind of line break is a newline."""
    return _inert(text, "\n").strip()


def _inert(text: str, line_break: str) -> str:
    # What can be printed has nothing of these, and that is found out faster.
    if not text.isprintable():
        text = _FORBIDDEN.sub("", _BREAKS.sub(line_break, text))
    return _DELIMITER.sub(r"\1: ", text) if ":" in text else text


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; raises CalendarError for anything else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # OSError: names such as "Europe" are folders of the zone database.
        raise CalendarError(f"timezone: {name!r} is not an IANA time zone") from error


def web_address(field: str, url: str) -> str:
    """Return an http or https address, percent-encoded to ASCII.

    Raises CalendarError on control characters, blanks, other schemes and missing hosts. Other characters than ASCII
    are legal in what people paste but not in a URI value (RFC 5545 3.3.13).
    """
    # urlsplit silently drops tabs and line breaks, so they are looked for first.
    if url != one_line(url) or _BLANK.search(url):
        raise CalendarError(f"{field}: line breaks, blanks, control characters or component names in an address")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise CalendarError(f"{field}: not a web address") from error
    if parts.scheme not in ("http", "https") or not host:
        raise CalendarError(f"{field}: not an http or https address")
    if url.isascii():
        return quote(url, safe=_URL_SAFE)
    try:
        netloc = ascii_netloc(parts.netloc)
    except ValueError as error:
        raise CalendarError(f"{field}: not a host name") from error
    return quote(urlunsplit(parts._replace(netloc=netloc)), safe=_URL_SAFE)


def mail_address(field: str, address: str) -> str:
    """Return a bare mail address; raises CalendarError on anything that could end a line or start another address."""
    if address != one_line(address) or not _ADDRESS.fullmatch(address):
        raise CalendarError(f"{field}: not a bare mail address")
    return address


def identifier(field: str, value: str) -> str:
    """Return a UID or PRODID; raises CalendarError if it is empty or would have to be altered to be written."""
    if not value or value != one_line(value):
        raise CalendarError(f"{field}: empty, or blanks, control characters or component names in an identifier")
    return value


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """An entry that can be written truthfully, with its texts cleaned and its addresses in ASCII.

    `zone` is the entry's, `clock` the same where its times are written on the wall clock of it (see :func:`clock_of`).
    """

    entry: CalendarEntry
    summary: str
    description: str
    location: str
    url: str
    conference_url: str
    categories: tuple[str, ...]
    zone: ZoneInfo
    clock: ZoneInfo | None


def checked(entry: CalendarEntry) -> CheckedEntry:
    """Return what is written of an entry. Raises CalendarError if it cannot be written truthfully."""
    identifier("uid", entry.uid)
    summary = one_line(entry.summary)
    if not summary:
        raise CalendarError("summary: empty")
    url = web_address("url", entry.url) if entry.url else ""
    conference_url = web_address("conference_url", entry.conference_url) if entry.conference_url else ""
    if not 0 <= entry.sequence <= MAX_SEQUENCE:
        raise CalendarError(f"sequence: not between 0 and {MAX_SEQUENCE}")
    if entry.status not in _STATUSES:
        raise CalendarError(f"status: {entry.status!r} is not a status of an event")
    where = _zone_of_times(entry)
    if entry.alarm_minutes is not None and not 0 <= entry.alarm_minutes <= MAX_ALARM_MINUTES:
        raise CalendarError("alarm_minutes: not between 0 and four weeks")
    return CheckedEntry(
        entry,
        summary,
        many_lines(entry.description),
        one_line(entry.location),
        url,
        conference_url,
        tuple(category for name in entry.categories if (category := _category(name))),
        where,
        clock_of(entry),
    )


def _zone_of_times(entry: CalendarEntry) -> ZoneInfo:
    """Return the zone in which an entry's times are ones that calendars can hold; raises CalendarError otherwise."""
    for field in ("start", "end", "changed_at", "created_at"):
        moment: datetime | None = getattr(entry, field)
        if moment is not None and moment.utcoffset() is None:
            raise CalendarError(f"{field}: a time without a zone")
    # Calendars cannot name other years everywhere, and a mistyped one must not make the time zones run for ages.
    if entry.start.year < FIRST_YEAR or entry.end.year > LAST_YEAR:
        raise CalendarError(f"start: not between {FIRST_YEAR} and {LAST_YEAR}")
    if entry.end <= entry.start:
        raise CalendarError("end: not after the start")
    where = zone(entry.timezone)
    if entry.all_day and entry.end.astimezone(where).date() <= entry.start.astimezone(where).date():
        raise CalendarError("end: not a day after the start")
    return where


def _category(name: str) -> str:
    # Three parsers split a category at an escaped comma too.
    return " · ".join(filter(None, (part.strip() for part in one_line(name).split(","))))


def clock_of(entry: CalendarEntry) -> ZoneInfo | None:
    """Return the zone on whose wall clock an entry's times are written, so that a VTIMEZONE must explain them.

    Whole days have no clock. Times are written in UTC if the zone is UTC, or if a wall-clock time happens twice because
    clocks go back: RFC 5545 3.3.5 can only name the first of the two, and clients disagree even about that.
    """
    if entry.all_day or _is_utc(entry.timezone):
        return None
    where = zone(entry.timezone)
    return None if _happens_twice(entry.start, where) or _happens_twice(entry.end, where) else where


@lru_cache(maxsize=256)
def _is_utc(name: str) -> bool:
    """Whether icalendar takes a zone for UTC, by whatever name: in Reykjavik clocks have shown it since 1968."""
    return is_utc(zone(name))


@lru_cache(maxsize=4096)
def _happens_twice(when: datetime, where: ZoneInfo) -> bool:
    """Whether the wall clock shows this time again, or has shown it before. Sessions begin and end together."""
    return comes_twice(when.astimezone(where))


def check_info(info: CalendarInfo) -> None:
    """Raise CalendarError if a calendar cannot be described truthfully."""
    identifier("prodid", info.prodid)
    zone(info.timezone)
    if info.refresh_minutes <= 0:
        raise CalendarError("refresh_minutes: not above zero")
