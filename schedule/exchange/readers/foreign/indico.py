"""Indico's HTTP export of an event: its contributions, and those of its sessions (`detail=sessions`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schedule.exchange.incoming.moments import stamp_of
from schedule.exchange.incoming.records import Gathering, Unreadable, What, at
from schedule.exchange.readers.foreign.events import UNTOLD, EventSaid, take, words
from values import instants

Thing = Mapping[str, Any]
# Whoever gives a contribution; where a file names none, whoever wrote it.
_SPEAKERS = ("speakers", "primaryauthors", "presenters")


def is_one(data: Any) -> bool:
    """Whether this is an export of one or more events."""
    results = data.get("results") if isinstance(data, Mapping) else None
    return isinstance(results, list) and any(
        isinstance(one, Mapping) and ("contributions" in one or "sessions" in one) for one in results
    )  # fmt: skip


def gather(data: Thing, gathered: Gathering) -> None:
    """Gather the contributions. One that stands with the event and in a session is one."""
    met: set[str] = set()
    for event in (one for one in data["results"] if isinstance(one, Mapping)):
        for one, session in _contributions(event):
            number = str(one.get("db_id") or one.get("id") or one.get("friendly_id") or "")
            key = f"indico:{event.get('id')}:{number}"
            if number and key in met:
                continue
            met.add(key)
            _contribution(one, session, key, at("session", one.get("friendly_id") or number), gathered)


def _contributions(event: Thing) -> Iterator[tuple[Thing, str]]:
    """With the name of the session that each is in."""
    for session in event.get("sessions") or ():
        if isinstance(session, Mapping):
            inside = session.get("session")
            name = str((inside.get("title") if isinstance(inside, Mapping) else "") or session.get("title") or "")
            for one in session.get("contributions") or ():
                if isinstance(one, Mapping):
                    yield one, name
    for one in event.get("contributions") or ():
        if isinstance(one, Mapping):
            yield one, str(one.get("session") or "")


def _contribution(one: Thing, session: str, key: str, place: str, gathered: Gathering) -> None:
    try:
        start, until = (_moment(one.get(name), gathered) for name in ("startDate", "endDate"))
    except Unreadable as refused:
        gathered.wrong(refused.code, place, "startDate", **refused.values)
        return
    take(
        gathered,
        EventSaid(
            key=key,
            place=place,
            title=words(one.get("title")),
            minutes=one.get("duration"),
            start=start,
            until=until,
            room=gathered.named(What.ROOM, str(one.get("roomFullname") or one.get("room") or ""), place),
            kind=_named(one.get("type")),
            theme=_named(one.get("track")) or session,
            abstract=str(one.get("description") or ""),
            people=[(person, UNTOLD) for person in _people(one, place, gathered)],
        ),
    )


def _named(value: Any) -> str:
    return str(value.get("title") or value.get("name") or "") if isinstance(value, Mapping) else str(value or "")


def _moment(value: Any, gathered: Gathering) -> datetime | None:
    """{"date": …, "time": …, "tz": …}: what the clocks of that zone show."""
    if not isinstance(value, Mapping):
        return None
    shown = stamp_of(f"{value.get('date')}T{str(value.get('time') or '')[:8]}").replace(tzinfo=None)
    try:
        zone = ZoneInfo(str(value.get("tz") or gathered.asked.zone))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Unreadable("no_zone", said=value.get("tz")) from error
    try:
        return instants.at(shown, zone).astimezone(gathered.asked.zone)
    except instants.SkippedByClocks as skipped:
        raise Unreadable("skipped", said=f"{shown:%Y-%m-%d %H:%M}", next=f"{skipped.next:%H:%M}") from skipped


def _people(one: Thing, place: str, gathered: Gathering) -> list[str]:
    listed: list[Any] = next((one[name] for name in _SPEAKERS if isinstance(one.get(name), list) and one[name]), [])
    found = []
    for person in (each for each in listed if isinstance(each, Mapping)):
        first, last = (
            str(person.get("first_name") or ""),
            str(person.get("last_name") or person.get("family_name") or ""),
        )
        name = f"{first} {last}".strip() or str(person.get("fullName") or person.get("name") or "")
        email = str(person.get("email") or "")
        number = person.get("person_id") or person.get("emailHash") or ""
        key = f"mail:{email.casefold()}" if email else f"indico:{number}" if number else f"name:{name.casefold()}"
        more: dict[str, Any] = {"affiliation": person.get("affiliation") or None, "email": email or None}
        made = gathered.person(key, name, place, **more)
        if made is None:
            gathered.note("person_without_name", place, "speakers")
        else:
            found.append(made)
    return found
