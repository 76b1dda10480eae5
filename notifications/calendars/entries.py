"""What the calendar writers are given: plain values, no database, no Django.

A caller builds an :class:`CalendarEntry` from one stored row and a :class:`CalendarInfo` from its conference. The same
values always give the same bytes, so an ETag of the result works.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Status = Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]
Method = Literal["REQUEST", "CANCEL"]


class CalendarError(ValueError):
    """A value that must not reach a calendar file or a mail; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One calendar entry: one session in somebody's calendar.

    `uid` never changes and `sequence` rises by one on every change of time, place, title or status (RFC 5545
    3.8.7.4); both are stored by the caller. `start`, `end`, `changed_at` and `created_at` are aware; `timezone` is
    the IANA name the entry is shown in. `changed_at` becomes DTSTAMP and LAST-MODIFIED. `created_at` may be
    unknown, `url` empty.
    `alarm_minutes` is the reminder before the start that the person chose, if any. `transparent` entries do not
    make the person busy. Of an `all_day` entry only the days of `start` and `end` in its zone are written; the day of
    `end` is the first that no longer belongs to it.
    """

    uid: str
    sequence: int
    status: Status
    start: datetime
    end: datetime
    timezone: str
    summary: str
    description: str
    location: str
    url: str
    categories: tuple[str, ...]
    changed_at: datetime
    created_at: datetime | None
    language: str
    conference_url: str | None = None
    alarm_minutes: int | None = None
    transparent: bool = False
    all_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarInfo:
    """What a file says about the calendar as a whole.

    `color` is a CSS colour name or `#rrggbb`. `refresh_minutes` and `source_url` tell subscribers how often and
    where to fetch a feed again. `prodid` names the product that wrote the file (RFC 5545 3.7.3).
    """

    name: str
    timezone: str
    color: str | None
    refresh_minutes: int
    source_url: str | None
    language: str
    prodid: str
