"""The synthetic attendee-preference instances: JSON with `format` = `session-scheduling-synthetic-1`.

A timetable is JSON too: {"slot": [...], "room": [...]}, one entry per session, -1 for an unplaced one; the `witness` of
a problem has the same shape.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from schedule.solver.benchmarks.enrolment.instance import (
    UNPLACED,
    Bits,
    EnrolmentInstance,
    EnrolmentKind,
    Ints,
    Solution,
)
from schedule.solver.errors import FormatError
from schedule.solver.files.reading.finding import Findings
from schedule.solver.files.reading.record import Context, Record
from schedule.solver.files.reading.source import as_object, load_json
from schedule.solver.files.reading.values import Exact, Whole

FORMAT = "session-scheduling-synthetic-1"
LARGEST = 1_000_000


def read(source: Path | str) -> EnrolmentInstance:
    """Read a problem from a path or from JSON text. Raises FormatError, OSError."""
    record = _file(source)
    if record.need(Exact(), "format") != FORMAT:
        raise FormatError("file", "format", f"must be {FORMAT!r}, not {record.value['format']!r}")
    session, room, slot = (_axis(record, what, 1) for what in ("session", "room", "slot"))
    attendee = _axis(record, "attendee", 0)
    event_features, room_features = _features(record, session, room)
    return EnrolmentInstance(
        kind=EnrolmentKind.PREFERENCES,
        days=1,
        attendance=_bits(record, "preferences", attendee, session),
        suitable=_bits(record, "suitable_rooms", session, room),
        available=_bits(record, "available_slots", session, slot),
        precedences=_pairs(record, session),
        capacity=_integers(record, "room_capacity", room, 0, LARGEST),
        room_features=room_features,
        event_features=event_features,
        speaker=_integers(record, "speaker", session, 0, LARGEST),
    )


def read_timetable(instance: EnrolmentInstance, source: Path | str) -> Solution:
    """Read what `write_timetable` wrote, or a whole problem file, whose `witness` is taken."""
    record = _file(source)
    if "witness" in record.value:
        record = record.record("witness")
    sessions = _Axis("session", instance.events)
    slot = _integers(record, "slot", sessions, UNPLACED, instance.slots - 1)
    room = _integers(record, "room", sessions, UNPLACED, instance.rooms - 1)
    for session in np.flatnonzero((slot == UNPLACED) != (room == UNPLACED)):
        raise _fail(record, f"session {session}", f"has slot {slot[session]} and room {room[session]}; both or none")
    return Solution(slot, room)


def write_timetable(instance: EnrolmentInstance, solution: Solution) -> str:  # noqa: ARG001  # every format has this signature
    """JSON text of a timetable."""
    return json.dumps({"slot": solution.slot.tolist(), "room": solution.room.tolist()}) + "\n"


def _file(source: Path | str) -> Record:
    return Record(as_object(load_json(source)), "", Context(Findings(at_once=True)))


def _fail(record: Record, where: str, message: str) -> FormatError:
    return FormatError(record.where or "file", where, message)


class _Axis(NamedTuple):
    """What a list has an entry for, or what an entry may be."""

    what: str
    length: int


def _axis(record: Record, what: str, minimum: int) -> _Axis:
    return _Axis(what, record.need(Whole(minimum, LARGEST), f"{what}s"))


def _list(record: Record, key: str, axis: _Axis) -> list[Any]:
    values = record.items(key)
    if len(values) != axis.length:
        raise _fail(record, key, f"must have one entry for each of the {axis.length} {axis.what}s, not {len(values)}")
    return values


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _integers(record: Record, key: str, axis: _Axis, low: int, high: int) -> Ints:
    values = _list(record, key, axis)
    for index, value in enumerate(values):
        if not _whole(value, low, high):
            where = f"{key}, {axis.what} {index}"
            raise _fail(record, where, f"must be a whole number from {low} to {high}, not {value!r}")
    return np.array(values, np.int64)


def _bits(record: Record, key: str, axis: _Axis, member: _Axis) -> Bits:
    """A list of lists of different members as a table of truth values."""
    table = np.zeros((axis.length, member.length), np.bool_)
    for index, row in enumerate(_list(record, key, axis)):
        where = f"{key}, {axis.what} {index}"
        if not isinstance(row, list):
            raise _fail(record, where, f"must be a list of {member.what}s")
        for value in row:
            if not _whole(value, 0, member.length - 1):
                raise _fail(record, where, f"must hold {member.what}s from 0 to {member.length - 1}, not {value!r}")
        if len(set(row)) != len(row):
            raise _fail(record, where, f"names a {member.what} twice")
        table[index, row] = True
    return table


def _features(record: Record, session: _Axis, room: _Axis) -> tuple[Bits, Bits]:
    of_sessions, of_rooms = _list(record, "session_features", session), _list(record, "room_features", room)
    named = [value for row in of_sessions + of_rooms if isinstance(row, list) for value in row]
    feature = _Axis("feature", 1 + max((value for value in named if _whole(value, 0, LARGEST)), default=-1))
    return _bits(record, "session_features", session, feature), _bits(record, "room_features", room, feature)


def _pairs(record: Record, session: _Axis) -> tuple[tuple[int, int], ...]:
    found = []
    last = session.length - 1
    for index, pair in enumerate(record.items("precedences")):
        where = f"precedences, entry {index}"
        if not isinstance(pair, list) or len(pair) != 2 or not all(_whole(value, 0, last) for value in pair):
            raise _fail(record, where, f"must be two sessions from 0 to {last}, not {pair!r}")
        if pair[0] == pair[1]:
            raise _fail(record, where, f"puts session {pair[0]} before itself")
        found.append((pair[0], pair[1]))
    return tuple(found)
