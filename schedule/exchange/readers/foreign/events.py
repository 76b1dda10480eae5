"""What the readers of programme files share: an event as such files tell it, made one session."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from schedule.exchange.incoming.moments import minutes_of
from schedule.exchange.incoming.records import Gathering, Unreadable, What, text
from schedule.validators import CODE
from values.instants import minutes_between

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*\Z")
# The role of people of whom a file says only that they appear: the one they have, or else speaker.
UNTOLD = ""


@dataclass
class EventSaid:
    """One event as its file tells it; what it does not tell is None or empty. `people` are keys with their roles, and
    `until` is when it ends, of a file that says how long it is as well, or might.
    """

    key: str
    place: str
    title: str | Mapping[str, str]
    minutes: str | int | None = None
    start: datetime | None = None
    until: datetime | None = None
    room: str | None = None
    kind: str = ""
    theme: str = ""
    subtitle: str = ""
    abstract: str | Mapping[str, str] = ""
    description: str = ""
    languages: str | Sequence[str] = ""
    people: Sequence[tuple[str, str]] | None = None
    code: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def take(gathered: Gathering, event: EventSaid) -> None:
    """Make a session of it; what is wrong with it is told, and then it is not taken."""
    title = event.title if isinstance(event.title, Mapping) else text(event.title)
    titled = _versions(title)
    if not titled:
        gathered.wrong("no_title", event.place, "title")
        return
    for written in titled.values():
        if "\N{REPLACEMENT CHARACTER}" in written:
            gathered.note("letters_lost", event.place, "title", said=written)
    try:
        minutes = _length(gathered, event)
    except Unreadable as refused:
        gathered.wrong(refused.code, event.place, "duration", **refused.values)
        return
    said: dict[str, Any] = {"title": titled, "duration_minutes": minutes, **event.more}
    said["abstract"] = _abstract(gathered, event)
    spoken = _languages(gathered, event)
    if spoken:
        said["languages"] = spoken
    if CODE.match(event.code) and len(event.code) <= 40:
        said["code"] = event.code
        if (like := gathered.code_like(event.code, event.place)) is not None:
            gathered.wrong("code_by_case_alone", event.place, "code", said=event.code, known=like[0], other=like[1])
            return
    elif event.code:
        gathered.note("no_code", event.place, "code", said=event.code)
    said["kind"] = gathered.named(What.KIND, event.kind or gathered.asked.kind, event.place)
    if not event.kind:
        gathered.note("no_kind", event.place)
    said["theme"] = gathered.named(What.THEME, event.theme, event.place)
    if event.people is not None:
        said["people"] = tuple(dict.fromkeys((key, role, "in-person") for key, role in event.people))
    _place(gathered, event, said)
    gathered.add(What.SESSION, event.key[:200], event.place, said)


def words(value: Any) -> str | Mapping[str, str]:
    """A text, or one in several languages; what is neither says nothing."""
    if isinstance(value, Mapping):
        return {str(code): said for code, said in value.items() if isinstance(said, str)}
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _versions(texts: Mapping[str, str], *, lines: bool = False) -> dict[str, str]:
    """A text in its languages, without those in which it is empty."""
    found: dict[str, str] = {}
    for language, said in texts.items():
        found |= text(said, lines=lines, language=language)
    return found


def _length(gathered: Gathering, event: EventSaid) -> int:
    between = minutes_between(event.start, event.until) if event.start and event.until else None
    if between is not None and between < 1:
        raise Unreadable("ends_before_start", said=f"{event.until:%Y-%m-%d %H:%M}")
    if event.minutes in (None, ""):
        if between is not None:
            return between
        if gathered.asked.minutes is None:
            raise Unreadable("length_missing")
        gathered.note("length_assumed", event.place, minutes=gathered.asked.minutes)
        return gathered.asked.minutes
    minutes = minutes_of(str(event.minutes))
    if between not in (None, minutes):
        gathered.note("end_differs", event.place, "duration", minutes=minutes, found=between)
    return minutes


def _abstract(gathered: Gathering, event: EventSaid) -> dict[str, str]:
    """The subtitle, the abstract and the description, one after the other; none of them twice."""
    if isinstance(event.abstract, Mapping):
        return _versions(event.abstract, lines=True)
    parts: list[str] = []
    for part in (event.subtitle, event.abstract, event.description):
        kept = text(part, lines=True).get("", "")
        if kept and not any(kept in other for other in parts):
            parts = [other for other in parts if other not in kept]
            parts.append(kept)
    if text(event.subtitle):
        gathered.note("subtitle", event.place)
    return text("\n\n".join(parts), lines=True)


def _languages(gathered: Gathering, event: EventSaid) -> tuple[str, ...]:
    given = re.split(r"[,;/]", event.languages) if isinstance(event.languages, str) else event.languages
    found = []
    for one in (str(code).strip().replace("_", "-") for code in given):
        if one and not _TAG.match(one):
            gathered.note("language_unknown", event.place, "language", said=one)
        elif one:
            found.append(one.lower() if len(one) <= 3 else one)
    return tuple(dict.fromkeys(found))


def _place(gathered: Gathering, event: EventSaid, said: dict[str, Any]) -> None:
    """A time and a room are a place in the timetable; one without the other is what a place must have."""
    if event.start is not None and event.room is not None:
        said["start"], said["room"] = event.start, event.room
    elif event.start is not None:
        said["fixed_start"] = event.start
        gathered.note("time_without_room", event.place)
    elif event.room is not None:
        said["fixed_room"] = event.room
        gathered.note("room_without_time", event.place)
