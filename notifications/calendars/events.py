"""One VEVENT from one entry."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from .checks import check_entry, web_address, zone
from .entries import CalendarError, Entry
from .lines import block, date, duration, escape, local, many_lines, one_line, utc

# Spoken by the file itself, in the reader's language; this package knows no gettext.
_JOIN_ONLINE = {"en": "Join online", "ko": "온라인 참여"}


def needs_zone(entry: Entry) -> bool:
    """Say whether the entry's times are written on the wall clock of its zone, so that a VTIMEZONE must explain them.

    Whole days have no clock. Times are written in UTC if the zone is UTC, or if a wall-clock time happens twice because
    clocks go back: RFC 5545 3.3.5 can only name the first of the two, and clients disagree even about that.
    """
    where = zone(entry.timezone)
    if entry.all_day or entry.timezone in ("UTC", "Etc/UTC"):
        return False
    return not (_happens_twice(entry.start, where) or _happens_twice(entry.end, where))


@lru_cache(maxsize=4096)
def _happens_twice(moment: datetime, where: ZoneInfo) -> bool:
    """Whether the wall clock shows this time again, or has shown it before. Sessions begin and end together."""
    there = moment.astimezone(where)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def _times(entry: Entry) -> list[str]:
    where = zone(entry.timezone)
    if entry.all_day:
        return [
            f"DTSTART;VALUE=DATE:{date(entry.start.astimezone(where))}",
            f"DTEND;VALUE=DATE:{date(entry.end.astimezone(where))}",
        ]
    if not needs_zone(entry):
        return [f"DTSTART:{utc(entry.start)}", f"DTEND:{utc(entry.end)}"]
    return [
        f"DTSTART;TZID={entry.timezone}:{local(entry.start.astimezone(where))}",
        f"DTEND;TZID={entry.timezone}:{local(entry.end.astimezone(where))}",
    ]


def _category(name: str) -> str:
    # Three parsers split a category at an escaped comma too.
    return escape(" · ".join(filter(None, (part.strip() for part in one_line(name).split(",")))))


def _texts(entry: Entry, join: str, label: str) -> list[str]:
    lines = [f"SUMMARY:{escape(one_line(entry.summary))}"]
    description = many_lines(entry.description)
    if join and join not in description:
        description = f"{description}\n\n{label}: {join}".strip()
    if description:
        lines.append(f"DESCRIPTION:{escape(description)}")
    if location := one_line(entry.location):
        lines.append(f"LOCATION:{escape(location)}")
    return lines


def _links(entry: Entry, join: str, label: str) -> list[str]:
    lines = []
    if url := web_address("url", entry.url) if entry.url else join:
        lines.append(f"URL:{url}")
    if join:
        lines.append(f"CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL={label}:{join}")
    return lines


def _alarm(entry: Entry) -> list[str]:
    if entry.alarm_minutes is None or entry.status == "CANCELLED":
        return []
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escape(one_line(entry.summary))}",
        f"TRIGGER:-{duration(entry.alarm_minutes)}",
        "END:VALARM",
    ]


def _event(entry: Entry, people: list[str]) -> bytes:
    check_entry(entry)
    if not one_line(entry.summary):
        raise CalendarError("summary: empty")
    join = web_address("conference_url", entry.conference_url) if entry.conference_url else ""
    changed = utc(entry.changed_at)
    label = _JOIN_ONLINE.get(entry.language.partition("-")[0].lower(), _JOIN_ONLINE["en"])
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(entry.uid)}",
        f"DTSTAMP:{changed}",
        *([f"CREATED:{utc(entry.created_at)}"] if entry.created_at else []),
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.sequence}",
        f"STATUS:{entry.status}",
        f"TRANSP:{'TRANSPARENT' if entry.transparent else 'OPAQUE'}",
        *_times(entry),
        *_texts(entry, join, label),
        *_links(entry, join, label),
    ]
    if categories := [category for name in entry.categories if (category := _category(name))]:
        lines.append(f"CATEGORIES:{','.join(categories)}")
    return block([*lines, *people, *_alarm(entry), "END:VEVENT"])


@lru_cache(maxsize=8192)
def event(entry: Entry) -> bytes:
    """Return the VEVENT of an entry without people, for feeds and downloads; cached by the entry's values.

    Raises CalendarError if the entry must not be written.
    """
    return _event(entry, [])


def event_for(entry: Entry, *, organizer: str, attendee: str) -> bytes:
    """Return the VEVENT of an entry with the two given content lines, for one recipient's invite.

    Raises CalendarError if the entry must not be written.
    """
    return _event(entry, [organizer, attendee])
