"""Refuse what a calendar must not carry, with the name of the field. Text is cleaned, not refused."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from values.hosts import ascii_netloc

from .entries import CalendarEntry, CalendarError, CalendarInfo
from .inert import has_delimiter, has_unsafe, one_line

FIRST_YEAR, LAST_YEAR = 1971, 2199
MAX_ALARM_MINUTES = 4 * 7 * 24 * 60
MAX_SEQUENCE = 2**31 - 1
_STATUSES = frozenset({"CONFIRMED", "CANCELLED", "TENTATIVE"})
# Everything RFC 3986 allows in a path, query or fragment; "%" so that what is already encoded stays as it is.
_URL_SAFE = "/?#[]@!$&'()*+,;=:%-._~"
_BLANK = re.compile(r"\s")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


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
    if has_unsafe(url) or has_delimiter(url) or _BLANK.search(url):
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
    if has_unsafe(address) or not _ADDRESS.fullmatch(address):
        raise CalendarError(f"{field}: not a bare mail address")
    return address


def identifier(field: str, value: str) -> str:
    """Return a UID or PRODID; raises CalendarError if it is empty or would have to be altered to be written."""
    if not value or value != value.strip() or has_unsafe(value) or has_delimiter(value):
        raise CalendarError(f"{field}: empty, or blanks, control characters or component names in an identifier")
    return value


def check_entry(entry: CalendarEntry) -> None:
    """Raise CalendarError if an entry cannot be written truthfully."""
    identifier("uid", entry.uid)
    if not one_line(entry.summary):
        raise CalendarError("summary: empty")
    for field, url in (("url", entry.url), ("conference_url", entry.conference_url)):
        if url:
            web_address(field, url)
    if not 0 <= entry.sequence <= MAX_SEQUENCE:
        raise CalendarError(f"sequence: not between 0 and {MAX_SEQUENCE}")
    if entry.status not in _STATUSES:
        raise CalendarError(f"status: {entry.status!r} is not a status of an event")
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
    if entry.alarm_minutes is not None and not 0 <= entry.alarm_minutes <= MAX_ALARM_MINUTES:
        raise CalendarError("alarm_minutes: not between 0 and four weeks")


def check_info(info: CalendarInfo) -> None:
    """Raise CalendarError if a calendar cannot be described truthfully."""
    identifier("prodid", info.prodid)
    zone(info.timezone)
    if info.refresh_minutes <= 0:
        raise CalendarError("refresh_minutes: not above zero")
