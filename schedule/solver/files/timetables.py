"""Timetables as JSON: local times with offset for people and other programs, minutes for us."""

from __future__ import annotations

import json

from schedule.solver.errors import FormatError
from schedule.solver.problem import Placement, Problem, Timetable

from .records import LocalClock, Record, Source, load_json


def write_timetable(problem: Problem, timetable: Timetable) -> str:
    """A JSON list of {session, room, start, end, start_minute, end_minute}, by time, then room."""
    clock = LocalClock(problem.origin)
    entries = [
        {
            "session": placement.session,
            "room": placement.room,
            "start": clock.local(placement.start).isoformat(timespec="minutes"),
            "end": clock.local(placement.end).isoformat(timespec="minutes"),
            "start_minute": placement.start,
            "end_minute": placement.end,
        }
        for placement in sorted(timetable, key=lambda p: (p.start, p.room, p.session))
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def read_timetable(problem: Problem, source: Source) -> Timetable:
    """Read what `write_timetable` wrote, or {"entries": [{session, date, start, end, room}]} with local times.

    Codes that the problem does not know are kept: whether a timetable is right is for `verify` to say, and a
    repair may start from one whose session was withdrawn. Raises FormatError, and OSError for a missing file.
    """
    data = load_json(source)
    entries = Record(data, "file").items("entries") if isinstance(data, dict) else data
    if not isinstance(entries, list):
        raise FormatError("file", "", "must be a list of placements")
    clock = LocalClock(problem.origin)
    found = []
    for index, value in enumerate(entries):
        record = Record(value, f"entry number {index + 1}")
        session = record.text("session")
        record.where = f"entry {session}"
        if "date" in record.value:
            day = record.day("date")
            start, end = (clock.parse_time(record, key, day) for key in ("start", "end"))
        else:
            start, end = (clock.parse(record, key) for key in ("start", "end"))
        if end <= start:
            raise record.fail("end", "must be later than start")
        for key, minute in (("start_minute", start), ("end_minute", end)):
            if record.value.get(key, minute) != minute:
                raise record.fail(key, f"says {record.value[key]}, the local time says {minute}")
        found.append(Placement(session, start, end, record.text("room")))
    return tuple(sorted(found))
