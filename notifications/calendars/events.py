"""One VEVENT from one entry, written once for as long as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import UTC
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Protocol

import icalendar
from icalendar import vCalAddress, vDatetime, vInt, vUri

from .checks import CheckedEntry, checked
from .entries import CalendarEntry, CalendarError
from .values import TextValue, day, span, texts, word, written

# Spoken by the file itself, in the reader's language; this package knows no gettext.
_JOIN_ONLINE = {"en": "Join online", "ko": "온라인 참여"}

# Events of about a kilobyte that a process remembers of personal calendars, which are kept nowhere else.
REMEMBERED = 2_000


class Keep(Protocol):
    """Where written events are kept, each under a key that says all that is in it. What is lost is written anew."""

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Return those of the events that are there."""

    def set_many(self, events: Mapping[str, bytes]) -> None:
        """Keep events, or some of them, or none."""


def written_event(plain: CheckedEntry, people: Mapping[str, vCalAddress]) -> bytes:
    """Return the VEVENT of an entry, with the organizer and attendee of an invite if there are any.

    Raises CalendarError if icalendar refuses a value.
    """
    try:
        return written(_component(plain, people))
    except ValueError as error:
        # All that we know it to refuse is refused already, by field; one row that it refuses still must not break a
        # feed.
        raise CalendarError(f"icalendar: {error}") from error


def _component(plain: CheckedEntry, people: Mapping[str, vCalAddress]) -> icalendar.Event:
    entry, event = plain.entry, icalendar.Event()
    where = plain.zone if entry.all_day else plain.clock or UTC
    changed = vDatetime(entry.changed_at.astimezone(UTC))
    event["UID"] = TextValue(entry.uid)
    event["DTSTAMP"] = changed
    if entry.created_at:
        event["CREATED"] = vDatetime(entry.created_at.astimezone(UTC))
    event["LAST-MODIFIED"] = changed
    event["SEQUENCE"] = vInt(entry.sequence)
    event["STATUS"] = word(entry.status)
    event["TRANSP"] = word("TRANSPARENT" if entry.transparent else "OPAQUE")
    for name, when in (("DTSTART", entry.start), ("DTEND", entry.end)):
        there = when.astimezone(where)
        event[name] = day(there.date()) if entry.all_day else vDatetime(there)
    _put_texts_and_links(event, plain)
    event.update(people)
    if entry.alarm_minutes is not None and entry.status != "CANCELLED":
        event.add_component(_alarm(plain, entry.alarm_minutes))
    return event


def _put_texts_and_links(event: icalendar.Event, plain: CheckedEntry) -> None:
    join, description = plain.conference_url, plain.description
    label = _JOIN_ONLINE.get(plain.entry.language.partition("-")[0].lower(), _JOIN_ONLINE["en"])
    event["SUMMARY"] = TextValue(plain.summary)
    if join and join not in description:
        description = f"{description}\n\n{label}: {join}".strip()
    if description:
        event["DESCRIPTION"] = TextValue(description)
    if plain.location:
        event["LOCATION"] = TextValue(plain.location)
    if url := plain.url or join:
        event["URL"] = vUri(url)
    if join:
        event["CONFERENCE"] = vUri(join, params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"], "LABEL": label})
    if plain.categories:
        event["CATEGORIES"] = texts(plain.categories)


def _alarm(plain: CheckedEntry, minutes: int) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm["ACTION"] = word("DISPLAY")
    alarm["DESCRIPTION"] = TextValue(plain.summary)
    alarm["TRIGGER"] = span(-minutes)
    return alarm


# As a tuple: that a dataclass writes the names of its fields as well takes as long again, a thousand times a feed.
_all_of = attrgetter(*[field.name for field in fields(CalendarEntry)])


def key_of(entry: CalendarEntry) -> str:
    """Return what an event is kept under: a digest of everything the entry says, and of which icalendar writes it."""
    return blake2b(f"{icalendar.__version__} {_all_of(entry)!r}".encode(), digest_size=16).hexdigest()


def events(
    entries: Iterable[CalendarEntry], keep: Keep | None = None
) -> list[tuple[CalendarEntry, bytes | CalendarError]]:
    """Return each entry with its VEVENT without people, for feeds and downloads, or with why it must not be written.

    What `keep` has is not written again, and what it has not is given to it. Without one, this process remembers the
    latest.
    """
    if keep is None:
        return [(entry, _remembered(entry)) for entry in entries]
    keys = [(entry, key_of(entry)) for entry in entries]
    known = keep.get_many([key for _, key in keys])
    tried = [(entry, key, known.get(key) or _tried(entry)) for entry, key in keys]
    new = {key: event for _, key, event in tried if isinstance(event, bytes) and key not in known}
    if new:
        keep.set_many(new)
    return [(entry, event) for entry, _, event in tried]


@lru_cache(maxsize=REMEMBERED)
def _remembered(entry: CalendarEntry) -> bytes | CalendarError:
    return _tried(entry)


def _tried(entry: CalendarEntry) -> bytes | CalendarError:
    try:
        return written_event(checked(entry), {})
    except CalendarError as error:
        return error
