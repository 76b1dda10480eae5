"""The frab family: Pentabarf's XML as FOSDEM, DebConf and frab write it, c3voc's XML and JSON, pretalx' schedule.json.

Both forms become one tree of days, rooms and events (`ListedDay`, `Listed`), which is read once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from schedule.exchange.incoming.moments import Stamps, clock_of, day_of, minutes_of, on_clocks, stamp_of
from schedule.exchange.incoming.records import Gathering, Unreadable, What, at, text
from schedule.exchange.readers.foreign.events import UNTOLD, EventSaid, take
from schedule.exchange.readers.tables.values import count_of
from values.instants import after
from values.text import one_form

OURS = "Plenary"
_KNOWN = {
    "date", "start", "end", "duration", "room", "slug", "url", "title", "subtitle", "track", "type", "language",
    "abstract", "description", "persons", "links", "attachments", "guid", "id", "code", "logo", "recording",
    "recording_license", "do_not_record", "origin_url", "feedback_url",
}  # fmt: skip


_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


@dataclass
class Listed:
    """One event, with its texts as they stand there. `several` holds what an XML event says more than once, `under` is
    the room it is listed under.
    """

    said: Mapping[str, str]
    room: str
    persons: Sequence[Mapping[str, str]]
    several: Mapping[str, Sequence[str]] = field(default_factory=dict)
    under: str = ""


@dataclass
class ListedDay:
    """A heading with its events; `starts` and `ends` are its stated window, empty where there is none."""

    date: str
    starts: str
    ends: str
    rooms: Sequence[str]
    events: Sequence[Listed]


@dataclass
class Head:
    """What a file says of itself and the conference. `rooms` are those with more than a name."""

    generator: str
    acronym: str
    day_change: str
    rooms: Sequence[Mapping[str, Any]]


def from_xml(root: Element, gathered: Gathering) -> None:
    """Gather what a <schedule> says."""
    conference = root.find("conference")
    generator = root.find("generator")
    head = Head(
        generator.get("name", "") if generator is not None else "",
        _inner(conference, "acronym") or _inner(conference, "title"),
        _inner(conference, "day_change"),
        (),
    )
    _read(head, [_xml_day(day) for day in root.iter("day")], gathered)


def _inner(element: Element | None, name: str) -> str:
    return (element.findtext(name) or "").strip() if element is not None else ""


def _xml_day(day: Element) -> ListedDay:
    rooms = [(room.get("name", ""), room) for room in day.iter("room") if room.get("name") is not None]
    events = [_xml_event(event, name) for name, room in rooms for event in room.iter("event")]
    return ListedDay(
        day.get("date", ""), day.get("start", ""), day.get("end", ""), [name for name, _room in rooms], events
    )


def _xml_event(event: Element, room: str) -> Listed:
    several: dict[str, list[str]] = {}
    for child in event:
        several.setdefault(child.tag, []).append("".join(child.itertext()).strip())
    said = {name: next((one for one in texts if one), "") for name, texts in several.items()}
    persons = [
        {"name": "".join(person.itertext()).strip(), "id": person.get("id", ""), "guid": person.get("guid", "")}
        for person in event.iter("person")
    ]
    own = {name: event.get(name, "") for name in ("guid", "id", "code")}
    return Listed(said | own, said.get("room", "") or room, persons, several, room)


def is_one(data: Any) -> bool:
    """Whether this is a programme of the family."""
    return isinstance(data, Mapping) and isinstance(data.get("schedule"), Mapping)


def from_json(data: Mapping[str, Any], gathered: Gathering) -> None:
    """Gather what a {"schedule": …} says. Raises `Unreadable` where it is none of the kind."""
    schedule = _mapping(data.get("schedule"))
    conference = _mapping(schedule.get("conference"))
    days = conference.get("days")
    if not isinstance(days, list):
        raise Unreadable("no_days")
    generator = data.get("generator")
    head = Head(
        str(generator.get("name", "")) if isinstance(generator, Mapping) else "",
        str(conference.get("acronym") or conference.get("title") or ""),
        "",
        [_mapping(room) for room in _list(conference.get("rooms"))],
    )
    _read(head, [_json_day(_mapping(day)) for day in days], gathered)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable("not_an_object")
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _json_day(day: Mapping[str, Any]) -> ListedDay:
    rooms = _mapping(day.get("rooms") or {})
    events = [_json_event(_mapping(event), name) for name, listed in rooms.items() for event in _list(listed)]
    return ListedDay(
        _plain(day.get("date")), _plain(day.get("day_start")), _plain(day.get("day_end")), list(rooms), events
    )


def _json_event(event: Mapping[str, Any], room: str) -> Listed:
    said = {name: _plain(value) for name, value in event.items() if not isinstance(value, (list, Mapping))}
    persons = []
    for person in (one if isinstance(one, Mapping) else {"name": one} for one in _list(event.get("persons"))):
        one = {name: _plain(value) for name, value in person.items() if not isinstance(value, (list, Mapping))}
        names = (one.get(name, "") for name in ("public_name", "name", "full_public_name", "display_name"))
        persons.append(one | {"name": next((name for name in names if name), "")})
    lists = {name: [""] for name in event if name not in said}
    several = lists | {name: [value] for name, value in said.items()}
    return Listed(said, said.get("room", "") or room, persons, several, room)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _read(head: Head, days: Sequence[ListedDay], gathered: Gathering) -> None:
    events = [event for day in days for event in day.events]
    stamps = Stamps(gathered, [event.said.get("date", "") for event in events if "T" in event.said.get("date", "")])
    for room in head.rooms:
        gathered.named(What.ROOM, _plain(room.get("name")), "", **_seats(room, gathered))
    ignored: Counter[str] = Counter()
    silent: Counter[tuple[str, str]] = Counter()
    for day in days:
        for name in day.rooms:
            gathered.named(What.ROOM, name, day.date)
        window = _window(day)
        for listed in day.events:
            ignored.update(name for name in listed.several if name not in _KNOWN)
            start = _event(head, day, listed, stamps, gathered)
            if start is not None and window is not None and _is_outside(start, listed.said.get("duration", ""), window):
                gathered.note("outside_its_day", _place_of(listed), day=day.date)
            silent.update(_unsaid(day, listed, start))
    for name, count in sorted(ignored.items()):
        gathered.note("ignored", column=name, count=count)
    for code, column in _UNSAID:
        if silent[code, column]:
            gathered.note(code, column=column, count=silent[code, column], all=len(events))


# What events of the family often do not say, and what is done then, in the order in which it is told.
_UNSAID = (
    ("no_guid", "guid"), ("no_date", "date"), ("of_the_next_day", "date"),
    ("says_none", "language"), ("says_none", "track"),
)  # fmt: skip


def _unsaid(day: ListedDay, listed: Listed, start: datetime | None) -> Iterator[tuple[str, str]]:
    said = listed.said
    if not said.get("guid"):
        yield "no_guid", "guid"
    if not said.get("date"):
        yield "no_date", "date"
    elif start is not None and day.date and start.date().isoformat() > day.date:
        yield "of_the_next_day", "date"
    yield from (("says_none", name) for name in ("language", "track") if not said.get(name))


def _seats(room: Mapping[str, Any], gathered: Gathering) -> dict[str, int]:
    """The seats of a room; nothing where the file does not say them, or says what they cannot be."""
    written = _plain(room.get("capacity"))
    if not written:
        return {}
    try:
        return {"capacity": count_of(written)}
    except Unreadable as refused:
        gathered.note(refused.code, _plain(room.get("name")), "capacity", **refused.values)
        return {}


def _window(day: ListedDay) -> tuple[datetime, datetime] | None:
    try:
        found = stamp_of(day.starts), stamp_of(day.ends)
    except Unreadable:
        return None
    return found if all(one.tzinfo is not None for one in found) else None


def _is_outside(start: datetime, length: str, window: tuple[datetime, datetime]) -> bool:
    try:
        end = after(start, minutes_of(length))
    except Unreadable:
        end = start
    return start < window[0] or end > window[1]


def _place_of(listed: Listed) -> str:
    said = listed.said
    name = said.get("id") or said.get("guid") or "?"
    return at("event", name)


def _event(head: Head, day: ListedDay, listed: Listed, stamps: Stamps, gathered: Gathering) -> datetime | None:
    said, place = listed.said, _place_of(listed)
    try:
        start = _start(head, day, said, stamps)
    except Unreadable as refused:
        gathered.wrong(refused.code, place, "start", **refused.values)
        return None
    if len({one for one in listed.several.get("abstract", ()) if one}) > 1:
        gathered.note("abstracts_differ", place)
    _contradictions(listed, start, gathered)
    ours = head.generator == OURS
    event = EventSaid(
        key=_key(head, said),
        place=place,
        title=said.get("title", ""),
        minutes=said.get("duration", ""),
        start=start,
        room=gathered.named(What.ROOM, listed.room, place),
        kind=said.get("type", ""),
        theme=said.get("track", ""),
        subtitle=said.get("subtitle", ""),
        abstract=said.get("abstract", ""),
        # Ours says there who hosts and interprets, which it has from elsewhere.
        description="" if ours else said.get("description", ""),
        languages=said.get("language", ""),
        people=[(key, UNTOLD) for key in _people(head, listed, place, gathered)],
        code=said.get("code", ""),
    )
    if ours:
        event.people = None if event.people == [] else event.people
        event.more |= {"theme_or_kind": True, "abstract_is_plain": True}
    if event.key == "":
        gathered.wrong("no_key", place)
        return start
    take(gathered, event)
    return start


def _contradictions(listed: Listed, start: datetime | None, gathered: Gathering) -> None:
    """What stands both beside the event and where it is listed, in other words."""
    said, place = listed.said, _place_of(listed)
    if listed.under and said.get("room") and one_form(said["room"]).casefold() != one_form(listed.under).casefold():
        gathered.note("room_differs", place, "room", said=said["room"], found=listed.under)
    clock = said.get("start", "")
    if start is None or "T" not in said.get("date", "") or not _CLOCK.fullmatch(clock):
        return
    # The clocks of the conference, or those of the offset with which it is written.
    shown = {f"{start:%H:%M}", said["date"].partition("T")[2][:5]}
    if clock[:5].rjust(5, "0") not in shown:
        gathered.note("start_differs", place, "start", said=clock, found=f"{start:%H:%M}")


def _key(head: Head, said: Mapping[str, str]) -> str:
    if said.get("guid"):
        return f"guid:{said['guid'].lower()}"
    return f"frab:{head.acronym.casefold()}:{said['id']}" if said.get("id") else ""


def _start(head: Head, day: ListedDay, said: Mapping[str, str], stamps: Stamps) -> datetime | None:
    """The event's own stamp decides; without one it is the clock under the day, and before the day changes the next."""
    if "T" in said.get("date", ""):
        return stamps.read(said["date"])
    if not said.get("start"):
        return None
    zone = stamps.zone
    if "T" in said["start"] or " " in said["start"].strip():
        return stamps.read(said["start"])
    on = day_of(said.get("date") or day.date)
    clock = clock_of(said["start"])
    if isinstance(clock, time) and head.day_change and clock < _clock(head.day_change):
        on = _next(on)
    return on_clocks(on, clock, zone)


def _clock(said: str) -> time:
    found = clock_of(said)
    return found if isinstance(found, time) else time()


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _people(head: Head, listed: Listed, place: str, gathered: Gathering) -> Iterator[str]:
    for person in listed.persons:
        if person.get("guid"):
            key = f"guid:{person['guid'].lower()}"
        elif person.get("code"):
            key = f"pretalx:{person['code']}"
        elif person.get("id"):
            key = f"frab:{head.acronym.casefold()}:{person['id']}"
        else:
            key = f"name:{person['name'].casefold()}"
        about = person.get("biography") or person.get("abstract") or ""
        more: dict[str, Any] = {"biography": text(about, lines=True)} if about else {}
        if person.get("email"):
            more["email"] = person["email"]
        found = gathered.person(key, person["name"], place, **more)
        if found is None:
            gathered.note("person_without_name", place, "persons")
        else:
            yield found
