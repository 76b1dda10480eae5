"""The `plenary` format: the forum's programme file, and Plenary's own versioned JSON, which it also writes.

Plenary's own file ("plenary-problem", version 1) holds all times as whole minutes from `origin`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from . import forum
from .errors import FormatError
from .problem import Body, Interval, Person, Problem, Room, Rules, Session, Window
from .records import Record, Source, load_json, records, unique_codes, zone

FORMAT = "plenary-problem"
VERSION = 1

__all__ = ["FORMAT", "VERSION", "FormatError", "read", "write"]


def read(source: Source) -> Problem:
    """Read a problem from a path or JSON text. Raises FormatError (names record and field), OSError for no file."""
    data = load_json(source)
    top = Record(data, "file")
    name = top.choice("format", (forum.FORMAT, FORMAT))
    return forum.read_forum(data) if name == forum.FORMAT else _read_own(top)


def write(problem: Problem) -> str:
    """The problem as JSON text that `read` turns back into an equal problem."""
    data = {
        "format": FORMAT,
        "format_version": VERSION,
        "timezone": problem.timezone,
        "origin": problem.origin.isoformat(),
        "rules": {name: getattr(problem.rules, name) for name in Rules.__dataclass_fields__},
        "windows": [{"day": w.day.isoformat(), "opens": w.hours.start, "closes": w.hours.end} for w in problem.windows],
        "rooms": [_plain(room) for room in problem.rooms],
        "people": [_plain(person) for person in problem.people],
        "bodies": [_plain(body) for body in problem.bodies],
        "sessions": [_plain(session) for session in problem.sessions],
        "interests": [[list(wish) for wish in attendee.wishes] for attendee in problem.attendees],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _plain(thing: Room | Person | Body | Session) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in thing.__dataclass_fields__:
        value = getattr(thing, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        elif name in {"closed", "away"}:
            value = [[interval.start, interval.end] for interval in value]
        elif name in {"names", "titles"}:
            value = dict(value)
        elif isinstance(value, tuple):
            value = list(value)
        found[name] = value
    return found


def _read_own(top: Record) -> Problem:
    if top.integer("format_version") != VERSION:
        raise top.fail("format_version", f"must be {VERSION}")
    timezone = zone(top, "timezone")
    try:
        origin = datetime.fromisoformat(top.text("origin"))
    except ValueError as error:
        raise top.fail("origin", "is not a date and time") from error
    if origin.tzinfo is None:
        raise top.fail("origin", "must carry an offset")
    rules = top.record("rules")
    room_records = records(top, "rooms", "room")
    person_records = records(top, "people", "person")
    body_records = records(top, "bodies", "body")
    session_records = records(top, "sessions", "session")
    known = {
        "room": unique_codes(room_records),
        "person": unique_codes(person_records),
        "body": unique_codes(body_records),
        "session": unique_codes(session_records),
    }
    return Problem(
        origin=origin.astimezone(timezone),
        timezone=timezone.key,
        rules=Rules(
            slot_minutes=rules.integer("slot_minutes", minimum=1),
            room_changeover_minutes=rules.integer("room_changeover_minutes", default=0),
            person_gap_same_group_minutes=rules.integer("person_gap_same_group_minutes", default=0),
            person_gap_other_group_minutes=rules.integer("person_gap_other_group_minutes", default=0),
            interpreter_teams=rules.optional_integer("interpreter_teams"),
            max_parallel_open_sessions=rules.optional_integer("max_parallel_open_sessions"),
        ),
        windows=tuple(
            Window(record.day("day"), _interval(record, record.get("opens"), record.get("closes"), "closes"))
            for record in records(top, "windows", "window")
        ),
        rooms=tuple(_room(record, known["room"]) for record in room_records),
        people=tuple(
            Person(r.text("code"), r.text("name"), _intervals(r, "away"), _texts(r, "names")) for r in person_records
        ),
        bodies=tuple(
            Body(
                r.text("code"),
                r.text("name"),
                r.flag("single_team", default=False),
                _intervals(r, "away"),
                _texts(r, "names"),
            )
            for r in body_records
        ),
        sessions=tuple(_session(record, known) for record in session_records),
        attendees=forum.read_interests(top, known["session"]),
    )


def _room(record: Record, rooms: Collection[str]) -> Room:
    return Room(
        code=record.text("code"),
        name=record.text("name"),
        capacity=record.integer("capacity"),
        parts=frozenset(record.codes("parts", known=rooms, what="room")),
        features=frozenset(record.codes("features")),
        distance_group=record.text("distance_group", default="") if record.value.get("distance_group") else "",
        allows_parallel_use=record.flag("allows_parallel_use", default=False),
        breaks_only=record.flag("breaks_only", default=False),
        closed=_intervals(record, "closed"),
        names=_texts(record, "names"),
    )


def _session(record: Record, known: dict[str, list[str]]) -> Session:
    fixed_room = record.optional_text("fixed_room")
    if fixed_room is not None and fixed_room not in known["room"]:
        raise record.fail("fixed_room", f"unknown room {fixed_room!r}")
    return Session(
        code=record.text("code"),
        title=record.text("title"),
        duration=record.integer("duration", minimum=1),
        kind=record.text("kind") if record.value.get("kind") else "",
        people=frozenset(record.codes("people", known=known["person"], what="person")),
        bodies=tuple(record.codes("bodies", known=known["body"], what="body")),
        required_features=frozenset(record.codes("required_features")),
        needs_interpreters=record.flag("needs_interpreters", default=False),
        seats_needed=record.integer("seats_needed", default=0),
        confirmed=record.integer("confirmed", default=0),
        is_break=record.flag("is_break", default=False),
        counts_as_parallel=record.flag("counts_as_parallel", default=True),
        blocks_all=record.flag("blocks_all", default=False),
        fixed_start=record.optional_integer("fixed_start"),
        fixed_room=fixed_room,
        not_before=record.optional_integer("not_before"),
        not_after=record.optional_integer("not_after"),
        after=frozenset(record.codes("after", known=known["session"], what="session")),
        not_parallel_with=frozenset(record.codes("not_parallel_with", known=known["session"], what="session")),
        capacity_cap=record.optional_integer("capacity_cap"),
        titles=_texts(record, "titles"),
    )


def _texts(record: Record, key: str) -> tuple[tuple[str, str], ...]:
    return record.texts(key, tuple(record.get(key))) if record.value.get(key) else ()


def _intervals(record: Record, key: str) -> tuple[Interval, ...]:
    found = []
    for value in record.items(key, optional=True):
        if not isinstance(value, list) or len(value) != 2:
            raise record.fail(key, f"must be [start, end] pairs of minutes, found {value!r}")
        found.append(_interval(record, value[0], value[1], key))
    return tuple(found)


def _interval(record: Record, start: object, end: object, key: str) -> Interval:
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        raise record.fail(key, "must be whole minutes")
    if end <= start:
        raise record.fail(key, f"must end after its start ({start} to {end})")
    return Interval(start, end)
