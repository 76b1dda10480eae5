"""Plenary's own versioned JSON file of a problem: format "plenary-problem".

All times are whole minutes from `origin`. Version 2 is written; version 1, which knows fewer rules, is read. The
schema is docs/reference/plenary-problem.schema.json. A field that the version does not know is refused: a rule that is
silently left out is worse than a file that cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from schedule.solver.problem import (
    Body,
    Interval,
    Person,
    Pin,
    Placement,
    Problem,
    Room,
    Rules,
    Session,
    Timetable,
    Weights,
    Window,
)

from .interests import HEAVIEST, Interests
from .reading.finding import Findings, refuse
from .reading.minutes import Instant, Span
from .reading.record import Context, Record
from .reading.times import LONGEST, DayValue, Zone
from .reading.values import Exact, Flag, Groups, Ref, Refs, Whole
from .size import check_size

FORMAT = "plenary-problem"
VERSION = 2
_VERSIONS = (1, 2)
_CODE, _NAME = Exact(filled=True), Exact()
_MINUTE = Whole(0, LONGEST)


def write(problem: Problem, start: Timetable | None = None) -> str:
    """The problem as JSON text that `read` turns back into an equal one; `start` is a timetable to begin with."""
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
        **({} if start is None else {"start": [asdict(placement) for placement in start]}),
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


def read(data: dict[str, Any]) -> tuple[Problem, Timetable | None]:
    """The problem of a parsed file, and the timetable to begin with if it has one. Raises FileRefused."""
    version = data.get("format_version")
    if version not in _VERSIONS:
        refuse("unknown_version", "", "format_version", format=FORMAT, version=VERSION)
    context = Context(Findings(at_once=True))
    top = Record(data, "", context)
    top.only(_KEYS["file"][version], refuse=True)
    context.zone = top.need(Zone(), "timezone")
    rules = top.record("rules")
    found = {name: top.records(name) for name in ("windows", "rooms", "people", "bodies", "sessions")}
    for what, records in (("rules", [rules]), *found.items()):
        for record in records:
            record.only(_KEYS[what][version], refuse=True)
    context.codes = {name: _codes(records) for name, records in found.items() if name != "windows"}
    problem = Problem(
        origin=top.need(Instant(), "origin").astimezone(context.zone),
        timezone=context.zone.key,
        rules=_rules(rules),
        windows=tuple(_window_of(record) for record in found["windows"]),
        rooms=tuple(_room(record) for record in found["rooms"]),
        people=tuple(
            Person(r.need(_CODE, "code"), r.need(_NAME, "name"), _spans(r, "away"), _texts(r, "names"))
            for r in found["people"]
        ),
        bodies=tuple(
            Body(
                r.need(_CODE, "code"),
                r.need(_NAME, "name"),
                r.may(Flag(), "single_team", default=False),
                _spans(r, "away"),
                _texts(r, "names"),
            )
            for r in found["bodies"]
        ),
        sessions=tuple(_session(record) for record in found["sessions"]),
        attendees=top.may(Interests(), "interests", default=()),
        pins=tuple(_pin(record) for record in top.records("pins", required=False, label="session")),
        same_time=_groups(top, "same_time"),
        same_room=_groups(top, "same_room"),
        weights=_weights(top),
    )
    check_size(problem)
    return problem, _start(top) if top.has("start") else None


def _codes(records: Iterable[Record]) -> frozenset[str]:
    """The `code` of each record; refuses a code used twice."""
    seen: dict[str, str] = {}
    for record in records:
        code = record.need(_CODE, "code")
        if code in seen:
            record.wrong("code_twice", "code", code=code[:60], other=seen[code])
        seen[code] = record.where
    return frozenset(seen)


def _rules(record: Record) -> Rules:
    minutes = Whole(0, LONGEST)
    return Rules(
        slot_minutes=record.need(Whole(1, LONGEST), "slot_minutes"),
        room_changeover_minutes=record.may(minutes, "room_changeover_minutes", default=0),
        person_gap_same_group_minutes=record.may(minutes, "person_gap_same_group_minutes", default=0),
        person_gap_other_group_minutes=record.may(minutes, "person_gap_other_group_minutes", default=0),
        interpreter_teams=record.may(Whole(), "interpreter_teams", default=None),
        max_parallel_open_sessions=record.may(Whole(), "max_parallel_open_sessions", default=None),
        max_parallel_by_kind=_by_kind(record.record("max_parallel_by_kind")),
    )


def _by_kind(record: Record) -> tuple[tuple[str, int], ...]:
    return tuple((kind, record.need(Whole(), kind)) for kind in sorted(record.value))


def _window_of(record: Record) -> Window:
    opens, closes = record.need(_MINUTE, "opens"), record.need(_MINUTE, "closes")
    if closes <= opens:
        record.wrong("empty_interval", "closes")
    return Window(record.need(DayValue(), "day"), Interval(opens, closes), record.may(Span(), "core", default=None))


def _pin(record: Record) -> Pin:
    record.only(frozenset({"session", "start", "room"}), refuse=True)
    found = Pin(
        record.need(Ref("sessions"), "session"),
        record.may(_MINUTE, "start", default=None),
        record.may(Ref("rooms"), "room", default=None),
    )
    if found.start is None and found.room is None:
        record.wrong("empty_pin", "start")
    return found


def _start(top: Record) -> Timetable:
    """Placements in minutes. Sessions and rooms that the problem does not have are kept, as in a timetable's file."""
    found = []
    for record in top.records("start", label="session"):
        record.only(Placement.__dataclass_fields__, refuse=True)
        found.append(
            Placement(
                record.need(_CODE, "session"),
                record.need(_MINUTE, "start"),
                record.need(_MINUTE, "end"),
                record.need(_CODE, "room"),
            )
        )
        if found[-1].end <= found[-1].start:
            record.wrong("empty_interval", "end")
    return tuple(sorted(found))


def _weights(top: Record) -> Weights:
    record = top.record("weights")
    record.only(frozenset(Weights.__dataclass_fields__), refuse=True)
    return Weights(**{name: record.need(Whole(0, HEAVIEST), name) for name in record.value})


def _room(record: Record) -> Room:
    return Room(
        code=record.need(_CODE, "code"),
        name=record.need(_NAME, "name"),
        capacity=record.need(Whole(), "capacity"),
        parts=_refs(record, "parts", "rooms"),
        features=_set(record, "features"),
        distance_group=record.may(_NAME, "distance_group", default=""),
        allows_parallel_use=record.may(Flag(), "allows_parallel_use", default=False),
        breaks_only=record.may(Flag(), "breaks_only", default=False),
        closed=_spans(record, "closed"),
        open=_spans(record, "open"),
        names=_texts(record, "names"),
    )


def _session(record: Record) -> Session:
    return Session(
        code=record.need(_CODE, "code"),
        title=record.need(_NAME, "title"),
        duration=record.need(Whole(1, LONGEST), "duration"),
        kind=record.may(_NAME, "kind", default=""),
        people=_refs(record, "people", "people"),
        bodies=record.may(Refs("bodies"), "bodies", default=()),
        required_features=_set(record, "required_features"),
        needs_interpreters=record.may(Flag(), "needs_interpreters", default=False),
        seats_needed=record.may(Whole(), "seats_needed", default=0),
        confirmed=record.may(Whole(), "confirmed", default=0),
        is_break=record.may(Flag(), "is_break", default=False),
        counts_as_parallel=record.may(Flag(), "counts_as_parallel", default=True),
        blocks_all=record.may(Flag(), "blocks_all", default=False),
        fixed_start=record.may(_MINUTE, "fixed_start", default=None),
        fixed_room=record.may(Ref("rooms"), "fixed_room", default=None),
        not_before=record.may(_MINUTE, "not_before", default=None),
        not_after=record.may(_MINUTE, "not_after", default=None),
        after=_refs(record, "after", "sessions"),
        not_parallel_with=_refs(record, "not_parallel_with", "sessions"),
        capacity_cap=record.may(Whole(), "capacity_cap", default=None),
        track=record.may(_NAME, "track", default=""),
        preferred_times=_spans(record, "preferred_times"),
        preferred_rooms=_refs(record, "preferred_rooms", "rooms"),
        titles=_texts(record, "titles"),
    )


def _refs(record: Record, key: str, to: str) -> frozenset[str]:
    found: tuple[str, ...] = record.may(Refs(to), key, default=())
    return frozenset(found)


def _groups(top: Record, key: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(group) for group in top.may(Groups("sessions", least=0), key, default=()))


def _set(record: Record, key: str) -> frozenset[str]:
    return frozenset(
        Record({key: value}, record.where, record.context).need(_CODE, key)
        for value in record.items(key, required=False)
    )


def _texts(record: Record, key: str) -> tuple[tuple[str, str], ...]:
    texts = record.record(key)
    return tuple((language, texts.need(_NAME, language)) for language in texts.value)


def _spans(record: Record, key: str) -> tuple[Interval, ...]:
    return tuple(
        Record({key: value}, record.where, record.context).need(Span(), key)
        for value in record.items(key, required=False)
    )


def _fields(kind: type, *, newer: frozenset[str] = frozenset()) -> dict[int, frozenset[str]]:
    """The fields of a record in each version."""
    names = frozenset(kind.__dataclass_fields__)  # type: ignore[attr-defined]  # every kind named below is a dataclass
    return {1: names - newer, 2: names}


_FILE = frozenset({
    "format", "format_version", "timezone", "origin", "rules", "windows", "rooms", "people", "bodies", "sessions",
    "interests",
})  # fmt: skip
_KEYS: dict[str, dict[int, frozenset[str]]] = {
    "file": {1: _FILE, 2: _FILE | {"weights", "pins", "same_time", "same_room", "start"}},
    "rules": _fields(Rules, newer=frozenset({"max_parallel_by_kind"})),
    "windows": {1: frozenset({"day", "opens", "closes"}), 2: frozenset({"day", "opens", "closes", "core"})},
    "rooms": _fields(Room, newer=frozenset({"open"})),
    "people": _fields(Person),
    "bodies": _fields(Body),
    "sessions": _fields(Session, newer=frozenset({"track", "preferred_times", "preferred_rooms"})),
}
