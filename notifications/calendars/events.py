"""One VEVENT from one entry, written once for as long as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import UTC
from hashlib import blake2b
from operator import attrgetter
from threading import Lock
from typing import Protocol

import icalendar
from icalendar import vCalAddress, vDatetime, vInt, vUri

from .checks import CheckedEntry, checked
from .entries import CalendarEntry, CalendarError
from .values import TextValue, day, span, texts, word, written

# Spoken by the file itself, in the reader's language; this package knows no gettext.
_JOIN_ONLINE = {"en": "Join online", "ko": "온라인 참여"}

# Events of about a kilobyte that a process remembers: those of a large programme in two languages, and of the personal
# calendars that are fetched meanwhile, which are kept nowhere else.
REMEMBERED = 6_000
# An event of more bytes is not remembered: abstracts may be long, and the bound above is one of numbers.
LONGEST_REMEMBERED = 4_000


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


_Remembered = tuple[CalendarEntry, int, int]


def _remembered(entry: CalendarEntry) -> _Remembered:
    """Two times of one zone that the clocks show twice are equal to Python, though they are an hour apart (PEP 495)."""
    return entry, entry.start.fold, entry.end.fold


class Memory:
    """The last events of this process, each by all that it says. Any thread may use it."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most, self._lock = most, Lock()
        self._events: dict[_Remembered, bytes | CalendarError] = {}

    def get(self, entry: CalendarEntry) -> bytes | CalendarError | None:
        """The event of an entry, or why there is none; None where it is not remembered."""
        return self._events.get(_remembered(entry))

    def put(self, entry: CalendarEntry, event: bytes | CalendarError) -> None:
        """Remember one more; what came first goes first."""
        if isinstance(event, bytes) and len(event) > LONGEST_REMEMBERED:
            return
        with self._lock:
            self._events[_remembered(entry)] = event
            while len(self._events) > self._most:
                del self._events[next(iter(self._events))]

    def clear(self) -> None:
        """Forget all, as a new process would."""
        with self._lock:
            self._events.clear()


REMEMBERED_EVENTS = Memory()


def events(
    entries: Iterable[CalendarEntry], keep: Keep | None = None
) -> list[tuple[CalendarEntry, bytes | CalendarError]]:
    """Return each entry with its VEVENT without people, for feeds and downloads, or with why it must not be written.

    What this process remembers or `keep` has is not written again, and what `keep` has not is given to it.
    """
    found = [(entry, REMEMBERED_EVENTS.get(entry)) for entry in entries]
    missing = {entry: "" if keep is None else key_of(entry) for entry, event in found if event is None}
    written = _written(missing, keep)
    return [(entry, written[entry] if event is None else event) for entry, event in found]


def _written(missing: Mapping[CalendarEntry, str], keep: Keep | None) -> Mapping[CalendarEntry, bytes | CalendarError]:
    """These entries, by what they are kept under: from where they are kept, or written. They are remembered."""
    known = keep.get_many(list(missing.values())) if keep is not None and missing else {}
    made = {entry: known.get(key) or _tried(entry) for entry, key in missing.items()}
    for entry, event in made.items():
        REMEMBERED_EVENTS.put(entry, event)
    new = {key: event for entry, key in missing.items() if key not in known and isinstance(event := made[entry], bytes)}
    if keep is not None and new:
        keep.set_many(new)
    return made


def _tried(entry: CalendarEntry) -> bytes | CalendarError:
    try:
        return written_event(checked(entry), {})
    except CalendarError as error:
        return error
