"""iCalendar (RFC 5545): every event of a calendar is a session."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.error import InvalidCalendar

from schedule.exchange.incoming.records import Gathering, Unreadable, What, at
from schedule.exchange.readers.foreign import frab
from schedule.exchange.readers.foreign.events import UNTOLD, EventSaid, take
from values import instants

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PAST_EVENTS = ("RRULE", "RDATE")


def calendars_of(data: bytes) -> list[Calendar]:
    """The calendars, of which a file may have several (RFC 5545 3.4). Raises `Unreadable` for what has none."""
    try:
        found = Calendar.from_ical(data, multiple=True)
    except (ValueError, InvalidCalendar, IndexError, KeyError) as broken:
        raise Unreadable("not_a_calendar") from broken
    if not found or not all(isinstance(one, Calendar) for one in found):
        raise Unreadable("not_a_calendar")
    return found


def gather(calendars: Sequence[Calendar], gathered: Gathering) -> None:
    """Gather the events."""
    events = [(calendar, event) for calendar in calendars for event in calendar.walk("VEVENT")]
    for number, (calendar, event) in enumerate(events, 1):
        ours = frab.OURS in str(calendar.get("PRODID", ""))  # which says there what it has from elsewhere
        place = at("event", number)
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            gathered.note("cancelled_there", place)
            continue
        if any(name in event for name in _PAST_EVENTS):
            gathered.note("repeats", place)
        try:
            start, minutes = _times(event, gathered)
        except Unreadable as refused:
            gathered.wrong(refused.code, place, "DTSTART", **refused.values)
            continue
        uid = str(event.get("UID", ""))
        if not uid:
            gathered.wrong("no_key", place)
            continue
        if start is None and "DTSTART" in event:
            gathered.note("day_without_time", place, "DTSTART")
        own = _UUID.search(uid)
        take(
            gathered,
            EventSaid(
                key=f"guid:{own[0].lower()}" if own else f"ical:{uid}",
                place=place,
                title=str(event.get("SUMMARY", "")),
                minutes=minutes,
                start=start,
                room=gathered.named(What.ROOM, str(event.get("LOCATION", "")), place),
                theme="" if ours else _first_category(event),
                abstract="" if ours else str(event.get("DESCRIPTION", "")),
                people=[(key, UNTOLD) for key in _people(event, place, gathered)] or None,
            ),
        )


def _times(event: Any, gathered: Gathering) -> tuple[datetime | None, int | None]:
    try:
        start, end, length = (event.decoded(name, None) for name in ("DTSTART", "DTEND", "DURATION"))
    except (ValueError, TypeError, KeyError) as broken:
        raise Unreadable("no_moment", said=str(event.get("DTSTART", ""))) from broken
    if not isinstance(start, datetime):  # a whole day, or nothing
        return None, None
    for name, moment in (("DTSTART", start), ("DTEND", end)):
        zone = event[name].params.get("TZID") if name in event else None
        if zone and isinstance(moment, datetime) and moment.tzinfo is None:
            raise Unreadable("no_zone", said=zone)
    begun = _instant(start, gathered)
    if isinstance(end, datetime):
        minutes = instants.minutes_between(begun, _instant(end, gathered))
    elif isinstance(length, timedelta):
        minutes = round(length.total_seconds() / 60)
    else:
        return begun, None
    if minutes < 1:
        raise Unreadable("ends_before_start", said=f"{start:%Y-%m-%d %H:%M}")
    return begun, minutes


def _instant(shown: datetime, gathered: Gathering) -> datetime:
    """Times without a zone are what the clocks of the conference show (RFC 5545 3.3.5, form 1)."""
    zone = gathered.asked.zone
    if shown.tzinfo is not None:
        return shown.astimezone(zone)
    try:
        return instants.at(shown, zone)
    except instants.SkippedByClocks as skipped:
        raise Unreadable("skipped", said=f"{shown:%Y-%m-%d %H:%M}", next=f"{skipped.next:%H:%M}") from skipped


def _first_category(event: Any) -> str:
    found = event.get("CATEGORIES")
    first = found[0] if isinstance(found, list) and found else found
    names = [str(one) for one in getattr(first, "cats", ())]
    return names[0] if names else ""


def _people(event: Any, place: str, gathered: Gathering) -> list[str]:
    """Those who are named as attending; an organizer is whose calendar it is."""
    given = event.get("ATTENDEE", [])
    found = []
    for one in given if isinstance(given, list) else [given]:
        name, address = str(one.params.get("CN", "")), re.sub(r"(?i)\Amailto:", "", str(one))
        key = gathered.person(
            f"mail:{address.casefold()}", name or address, place, email=address if "@" in address else None
        )
        if key:
            found.append(key)
    return found
