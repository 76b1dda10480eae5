"""Plenary's own versioned JSON file of a problem: format "plenary-problem".

All times are whole minutes from `origin`. Version 2 is written; version 1, which knows fewer rules, is read. The
schema is docs/reference/plenary-problem.schema.json. A field that the version does not know is refused: a rule that is
silently left out is worse than a file that cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from schedule.solver.problem import Body, Interval, Person, Pin, Problem, Room, Rules, Session, Weights, Window

from .interests import read_interests
from .records import (
    HEAVIEST,
    LONGEST,
    Record,
    check_year,
    groups,
    records,
    shown,
    unique_codes,
    zone,
)

FORMAT = "plenary-problem"
VERSION = 2
_VERSIONS = (1, 2)


def write(problem: Problem) -> str:
    """The problem as JSON text that `read` turns back into an equal problem."""
    data = {
        "format": FORMAT,
        "format_version": VERSION,
        "timezone": problem.timezone,
        "origin": problem.origin.isoformat(),
        "rules": {
            **{name: getattr(problem.rules, name) for name in Rules.__dataclass_fields__},
            "max_parallel_by_kind": dict(problem.rules.max_parallel_by_kind),
        },
        "weights": asdict(problem.weights),
        "windows": [_window(window) for window in problem.windows],
        "rooms": [_plain(room) for room in problem.rooms],
        "people": [_plain(person) for person in problem.people],
        "bodies": [_plain(body) for body in problem.bodies],
        "sessions": [_plain(session) for session in problem.sessions],
        "pins": [asdict(pin) for pin in problem.pins],
        "same_time": [sorted(group) for group in problem.same_time],
        "same_room": [sorted(group) for group in problem.same_room],
        "interests": [[list(wish) for wish in attendee.wishes] for attendee in problem.attendees],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _window(window: Window) -> dict[str, Any]:
    found: dict[str, Any] = {
        "day": window.day.isoformat(),
        "opens": window.hours.start,
        "closes": window.hours.end,
    }
    if window.core is not None:
        found["core"] = [window.core.start, window.core.end]
    return found


def _plain(thing: Room | Person | Body | Session) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in thing.__dataclass_fields__:
        value = getattr(thing, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        elif name in {"closed", "open", "away", "preferred_times"}:
            value = [[interval.start, interval.end] for interval in value]
        elif name in {"names", "titles"}:
            value = dict(value)
        elif isinstance(value, tuple):
            value = list(value)
        found[name] = value
    return found


def read_problem(top: Record) -> Problem:
    """The problem of a parsed file. Raises FormatError (names record and field)."""
    version = top.integer("format_version")
    if version not in _VERSIONS:
        raise top.fail("format_version", f"must be one of {', '.join(map(str, _VERSIONS))}")
    top.only(_KEYS["file"][version])
    timezone = zone(top, "timezone")
    try:
        origin = datetime.fromisoformat(top.text("origin"))
    except ValueError as error:
        raise top.fail("origin", "is not a date and time") from error
    if origin.tzinfo is None:
        raise top.fail("origin", "must carry an offset")
    check_year(top, "origin", origin)
    rules = top.record("rules")
    window_records = records(top, "windows", "window")
    room_records = records(top, "rooms", "room")
    person_records = records(top, "people", "person")
    body_records = records(top, "bodies", "body")
    session_records = records(top, "sessions", "session")
    for what, found in (
        ("rules", [rules]),
        ("window", window_records),
        ("room", room_records),
        ("person", person_records),
        ("body", body_records),
        ("session", session_records),
    ):
        for record in found:
            record.only(_KEYS[what][version])
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
            slot_minutes=rules.minutes("slot_minutes", minimum=1),
            room_changeover_minutes=rules.minutes("room_changeover_minutes", default=0),
            person_gap_same_group_minutes=rules.minutes("person_gap_same_group_minutes", default=0),
            person_gap_other_group_minutes=rules.minutes("person_gap_other_group_minutes", default=0),
            interpreter_teams=rules.optional_integer("interpreter_teams"),
            max_parallel_open_sessions=rules.optional_integer("max_parallel_open_sessions"),
            max_parallel_by_kind=_by_kind(rules),
        ),
        windows=tuple(
            Window(
                record.day("day"),
                _hours(record),
                _pair_of(record, "core"),
            )
            for record in window_records
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
        attendees=read_interests(top, known["session"]),
        pins=tuple(_pin(record, known) for record in records(top, "pins", "pin", optional=True)),
        same_time=groups(top, "same_time", known["session"]),
        same_room=groups(top, "same_room", known["session"]),
        weights=_weights(top),
    )


def _by_kind(rules: Record) -> tuple[tuple[str, int], ...]:
    if rules.value.get("max_parallel_by_kind") is None:
        return ()
    most = rules.record("max_parallel_by_kind")
    return tuple((kind, most.integer(kind)) for kind in sorted(most.value))


def _pin(record: Record, known: dict[str, list[str]]) -> Pin:
    record.only(frozenset({"session", "start", "room"}))
    found = Pin(record.text("session"), record.optional_minutes("start"), record.optional_text("room"))
    if found.session not in known["session"]:
        raise record.fail("session", f"unknown session {found.session!r}")
    if found.room is not None and found.room not in known["room"]:
        raise record.fail("room", f"unknown room {found.room!r}")
    if found.start is None and found.room is None:
        raise record.fail("start", "a pin needs a start, a room or both")
    return found


def _weights(top: Record) -> Weights:
    if top.value.get("weights") is None:
        return Weights()
    record = top.record("weights")
    record.only(frozenset(Weights.__dataclass_fields__))
    return Weights(**{name: record.integer(name, maximum=HEAVIEST) for name in record.value})


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
        open=_intervals(record, "open"),
        names=_texts(record, "names"),
    )


def _session(record: Record, known: dict[str, list[str]]) -> Session:
    fixed_room = record.optional_text("fixed_room")
    if fixed_room is not None and fixed_room not in known["room"]:
        raise record.fail("fixed_room", f"unknown room {fixed_room!r}")
    return Session(
        code=record.text("code"),
        title=record.text("title"),
        duration=record.minutes("duration", minimum=1),
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
        fixed_start=record.optional_minutes("fixed_start"),
        fixed_room=fixed_room,
        not_before=record.optional_minutes("not_before"),
        not_after=record.optional_minutes("not_after"),
        after=frozenset(record.codes("after", known=known["session"], what="session")),
        not_parallel_with=frozenset(record.codes("not_parallel_with", known=known["session"], what="session")),
        capacity_cap=record.optional_integer("capacity_cap"),
        track=record.text("track") if record.value.get("track") else "",
        preferred_times=_intervals(record, "preferred_times"),
        preferred_rooms=frozenset(record.codes("preferred_rooms", known=known["room"], what="room")),
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


def _pair_of(record: Record, key: str) -> Interval | None:
    if record.value.get(key) is None:
        return None
    pair = record.items(key)
    if len(pair) != 2:
        raise record.fail(key, "must be [start, end] in minutes")
    return _interval(record, pair[0], pair[1], key)


def _hours(record: Record) -> Interval:
    found = _interval(record, record.get("opens"), record.get("closes"), "closes")
    if found.start < 0:
        raise record.fail("opens", f"must not be before the origin, which is minute 0: {found.start}")
    return found


def _interval(record: Record, start: object, end: object, key: str) -> Interval:
    if isinstance(start, bool) or isinstance(end, bool) or not isinstance(start, int) or not isinstance(end, int):
        raise record.fail(key, "must be whole minutes")
    for minute in (start, end):
        if abs(minute) > LONGEST:
            raise record.fail(key, f"must be from -{LONGEST} to {LONGEST}, not {shown(minute)}")
    if end <= start:
        raise record.fail(key, f"must end after its start ({start} to {end})")
    return Interval(start, end)


def _fields(kind: type, *, newer: frozenset[str] = frozenset()) -> dict[int, frozenset[str]]:
    """The fields of a record in each version."""
    names = frozenset(kind.__dataclass_fields__)  # type: ignore[attr-defined]  # every kind named below is a dataclass
    return {1: names - newer, 2: names}


_FILE = frozenset({
    "format", "format_version", "timezone", "origin", "rules", "windows", "rooms", "people", "bodies", "sessions",
    "interests",
})  # fmt: skip
_KEYS: dict[str, dict[int, frozenset[str]]] = {
    "file": {1: _FILE, 2: _FILE | {"weights", "pins", "same_time", "same_room"}},
    "rules": _fields(Rules, newer=frozenset({"max_parallel_by_kind"})),
    "window": {1: frozenset({"day", "opens", "closes"}), 2: frozenset({"day", "opens", "closes", "core"})},
    "room": _fields(Room, newer=frozenset({"open"})),
    "person": _fields(Person),
    "body": _fields(Body),
    "session": _fields(Session, newer=frozenset({"track", "preferred_times", "preferred_rooms"})),
}
