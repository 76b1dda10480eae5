"""One VEVENT from one entry, written once for as long as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol
from zoneinfo import ZoneInfo

import icalendar
from icalendar import vCalAddress, vInt, vUri
from icalendar.timezone.tzid import is_utc

from .checks import check_entry, web_address, zone
from .entries import CalendarEntry, CalendarError
from .inert import many_lines, one_line
from .values import TextValue, day, moment, span, texts, word, written

# Spoken by the file itself, in the reader's language; this package knows no gettext.
_JOIN_ONLINE = {"en": "Join online", "ko": "온라인 참여"}


class Keep(Protocol):
    """Where written events are kept, each under a key that says all that is in it. What is lost is written anew."""

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return those of the events that are there."""

    def set_many(self, events: Mapping[str, bytes]) -> None:
        """Keep events, or some of them, or none."""


def needs_zone(entry: CalendarEntry) -> bool:
    """Say whether the entry's times are written on the wall clock of its zone, so that a VTIMEZONE must explain them.

    Whole days have no clock. Times are written in UTC if the zone is UTC, or if a wall-clock time happens twice because
    clocks go back: RFC 5545 3.3.5 can only name the first of the two, and clients disagree even about that.
    """
    if entry.all_day or _is_utc(entry.timezone):
        return False
    where = zone(entry.timezone)
    return not (_happens_twice(entry.start, where) or _happens_twice(entry.end, where))


@lru_cache(maxsize=256)
def _is_utc(name: str) -> bool:
    """Whether icalendar takes a zone for UTC, by whatever name: in Reykjavik clocks have shown it since 1968."""
    return is_utc(zone(name))


@lru_cache(maxsize=4096)
def _happens_twice(when: datetime, where: ZoneInfo) -> bool:
    """Whether the wall clock shows this time again, or has shown it before. Sessions begin and end together."""
    there = when.astimezone(where)
    return there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()


def _category(name: str) -> str:
    # Three parsers split a category at an escaped comma too.
    return " · ".join(filter(None, (part.strip() for part in one_line(name).split(","))))


def _put_times(event: icalendar.Event, entry: CalendarEntry) -> None:
    where = zone(entry.timezone) if entry.all_day or needs_zone(entry) else UTC
    for name, when in (("DTSTART", entry.start), ("DTEND", entry.end)):
        there = when.astimezone(where)
        event[name] = day(there.date()) if entry.all_day else moment(there)


def _put_texts_and_links(event: icalendar.Event, entry: CalendarEntry) -> None:
    join = web_address("conference_url", entry.conference_url) if entry.conference_url else ""
    label = _JOIN_ONLINE.get(entry.language.partition("-")[0].lower(), _JOIN_ONLINE["en"])
    event["SUMMARY"] = TextValue(one_line(entry.summary))
    description = many_lines(entry.description)
    if join and join not in description:
        description = f"{description}\n\n{label}: {join}".strip()
    if description:
        event["DESCRIPTION"] = TextValue(description)
    if location := one_line(entry.location):
        event["LOCATION"] = TextValue(location)
    if url := web_address("url", entry.url) if entry.url else join:
        event["URL"] = vUri(url)
    if join:
        event["CONFERENCE"] = vUri(join, params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": label})
    if categories := [category for name in entry.categories if (category := _category(name))]:
        event["CATEGORIES"] = texts(categories)


def _alarm(entry: CalendarEntry, minutes: int) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm["ACTION"] = word("DISPLAY")
    alarm["DESCRIPTION"] = TextValue(one_line(entry.summary))
    alarm["TRIGGER"] = span(-minutes)
    return alarm


def _event(entry: CalendarEntry, people: Mapping[str, vCalAddress]) -> bytes:
    check_entry(entry)
    try:
        return written(_component(entry, people))
    except ValueError as error:
        # All that we know it to refuse is refused above, by field; one row that it refuses still must not break a feed.
        raise CalendarError(f"icalendar: {error}") from error


def _component(entry: CalendarEntry, people: Mapping[str, vCalAddress]) -> icalendar.Event:
    event = icalendar.Event()
    changed = moment(entry.changed_at.astimezone(UTC))
    event["UID"] = TextValue(entry.uid)
    event["DTSTAMP"] = changed
    if entry.created_at:
        event["CREATED"] = moment(entry.created_at.astimezone(UTC))
    event["LAST-MODIFIED"] = changed
    event["SEQUENCE"] = vInt(entry.sequence)
    event["STATUS"] = word(entry.status)
    event["TRANSP"] = word("TRANSPARENT" if entry.transparent else "OPAQUE")
    _put_times(event, entry)
    _put_texts_and_links(event, entry)
    event.update(people)
    if entry.alarm_minutes is not None and entry.status != "CANCELLED":
        event.add_component(_alarm(entry, entry.alarm_minutes))
    return event


def key_of(entry: CalendarEntry) -> str:
    """Return what an event is kept under: a digest of everything the entry says, and of which icalendar writes it."""
    return blake2b(f"{icalendar.__version__} {entry!r}".encode(), digest_size=16).hexdigest()


def events(
    entries: Iterable[CalendarEntry], keep: Keep | None = None
) -> list[tuple[CalendarEntry, bytes | CalendarError]]:
    """Return each entry with its VEVENT without people, for feeds and downloads, or with why it must not be written.

    What `keep` has is not written again, and what it has not is given to it.
    """
    if keep is None:
        return [(entry, _tried(entry)) for entry in entries]
    keys = [(entry, key_of(entry)) for entry in entries]
    known = keep.get_many([key for _, key in keys])
    tried = [(entry, key, known.get(key) or _tried(entry)) for entry, key in keys]
    new = {key: event for _, key, event in tried if isinstance(event, bytes) and key not in known}
    if new:
        keep.set_many(new)
    return [(entry, event) for entry, _, event in tried]


def _tried(entry: CalendarEntry) -> bytes | CalendarError:
    try:
        return _event(entry, {})
    except CalendarError as error:
        return error


def event_for(entry: CalendarEntry, *, organizer: vCalAddress, attendee: vCalAddress) -> bytes:
    """Return the VEVENT of an entry with two people, for one recipient's invite.

    Raises CalendarError if the entry must not be written.
    """
    return _event(entry, {"ORGANIZER": organizer, "ATTENDEE": attendee})
