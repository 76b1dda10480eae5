"""Sessionize' API, its view "all": sessions, speakers, categories and rooms beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schedule.exchange.incoming.moments import Stamps
from schedule.exchange.incoming.records import Gathering, Unreadable, What, at, text
from schedule.exchange.readers.foreign.events import UNTOLD, EventSaid, take, words
from schedule.exchange.readers.tables.columns import language_named
from values.instants import minutes_between

# Lunch, registration, and what else nobody speaks in.
_SERVICE = "Break"
# What categories hold, by a word of what they are called; the first that fits.
_CATEGORIES = {"language": "language", "sprache": "language", "format": "kind", "type": "kind", "track": "theme"}
_LEFT_OUT = frozenset({"declined", "decline_queue", "waitlisted", "nominated"})
Thing = Mapping[str, Any]


def is_one(data: Any) -> bool:
    """Whether this is the view "all"."""
    return isinstance(data, Mapping) and all(
        isinstance(data.get(name), list) for name in ("sessions", "speakers", "rooms")
    )


def is_other_view(data: Any) -> bool:
    """Whether this is a list of groups of sessions, or of days with their grids: views that lack much."""
    return isinstance(data, list) and bool(data) and all(
        isinstance(one, Mapping) and ({"groupId", "sessions"} <= one.keys() or {"date", "rooms"} <= one.keys())
        for one in data
    )  # fmt: skip


def gather(data: Thing, gathered: Gathering) -> None:
    """Gather what the file says."""
    sessions = _things(data, "sessions")
    written = [str(one.get(name) or "") for one in sessions for name in ("startsAt", "endsAt")]
    stamps = Stamps(gathered, [one for one in written if one])
    held = _categories(data, gathered)
    people = {str(one.get("id")): one for one in _things(data, "speakers")}
    rooms = {str(one.get("id")): str(one.get("name") or "") for one in _things(data, "rooms")}
    for name in rooms.values():
        gathered.named(What.ROOM, name, "")
    for one in sessions:
        place = at("session", one.get("id"))
        status = str(one.get("status") or "").lower()
        if status in _LEFT_OUT:
            gathered.note("not_accepted", place, said=status)
            continue
        try:
            start, minutes = _times(one, stamps)
        except Unreadable as refused:
            gathered.wrong(refused.code, place, "startsAt", **refused.values)
            continue
        if one.get("roomId") is not None and str(one["roomId"]) not in rooms:
            gathered.note("names_nothing", place, "roomId", said=one["roomId"])
        if one.get("endsAt") and start is None:
            gathered.note("end_without_start", place, "endsAt")
        items = [held[str(item)] for item in one.get("categoryItems") or () if str(item) in held]
        chosen = dict(reversed(items))
        event = EventSaid(
            key=f"sessionize:{one.get('id')}",
            place=place,
            title=words(one.get("title")),
            minutes=minutes,
            start=start,
            room=gathered.named(What.ROOM, rooms.get(str(one.get("roomId")), ""), place),
            kind=_SERVICE if one.get("isServiceSession") else chosen.get("kind", ""),
            theme=chosen.get("theme", ""),
            abstract=str(one.get("description") or ""),
            languages=[code for about, name in items if about == "language" and (code := language_named(name, ()))],
            people=[(key, UNTOLD) for key in _speakers(one, people, place, gathered)],
        )
        if one.get("liveUrl"):
            event.more["online_url"] = str(one["liveUrl"])
        take(gathered, event)


def _things(data: Thing, name: str) -> Sequence[Thing]:
    return [one for one in data.get(name) or () if isinstance(one, Mapping)]


def _categories(data: Thing, gathered: Gathering) -> dict[str, tuple[str, str]]:
    """By the id of an item: what it is about, and what it is called."""
    found: dict[str, tuple[str, str]] = {}
    for category in _things(data, "categories"):
        title = str(category.get("title") or "")
        about = next((what for word, what in _CATEGORIES.items() if word in title.casefold()), "")
        items = _things(category, "items")
        if not about:
            gathered.note("ignored", column=title, count=len(items))
            continue
        found |= {str(item.get("id")): (about, str(item.get("name") or "")) for item in items}
    return found


def _times(one: Thing, stamps: Stamps) -> tuple[Any, int | None]:
    if not one.get("startsAt"):
        return None, None
    start = stamps.read(str(one["startsAt"]))
    if not one.get("endsAt"):
        return start, None
    minutes = minutes_between(start, stamps.read(str(one["endsAt"])))
    if minutes < 1:
        raise Unreadable("ends_before_start", said=one["endsAt"])
    return start, minutes


def _speakers(one: Thing, people: Mapping[str, Thing], place: str, gathered: Gathering) -> list[str]:
    found = []
    for given in one.get("speakers") or ():
        key = str(given.get("id") if isinstance(given, Mapping) else given)
        if key not in people and not isinstance(given, Mapping):
            gathered.note("names_nothing", place, "speakers", said=key)
            continue
        about = people.get(key, given if isinstance(given, Mapping) else {})
        name = str(about.get("fullName") or " ".join(filter(None, (about.get("firstName"), about.get("lastName")))))
        more: dict[str, Any] = {"biography": text(str(about.get("bio") or ""), lines=True)}
        more["email"] = about.get("email") or None
        more["affiliation"] = about.get("tagLine") or None
        made = gathered.person(f"sessionize:{key}", name, place, **more)
        if made is None:
            gathered.note("person_without_name", place, "speakers")
        else:
            found.append(made)
    return found
