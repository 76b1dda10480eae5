"""Timetables as JSON: local times with offset for people and other programs, minutes for us."""

from __future__ import annotations

import json

from schedule.solver.problem import Placement, Problem, Timetable

from .reading.finding import Findings
from .reading.minutes import LocalMinute, MinuteOfDay
from .reading.record import Context, Record, shown
from .reading.source import Source, load_json
from .reading.times import DayValue, LocalClock
from .reading.values import Exact


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
    repair may start from one whose session was withdrawn. Raises FileRefused, and OSError for a missing file.
    """
    data = load_json(source)
    top = Record(data if isinstance(data, dict) else {"entries": data}, "", Context(Findings(at_once=True)))
    clock = LocalClock(problem.origin)
    return tuple(sorted(_placement(record, clock) for record in top.records("entries", label="session")))


def _placement(record: Record, clock: LocalClock) -> Placement:
    session = record.need(Exact(filled=True), "session")
    if record.has("date"):
        day = record.need(DayValue(), "date")
        start = record.need(MinuteOfDay(clock, day), "start")
        end = record.need(MinuteOfDay(clock, day, ends=True), "end")
    else:
        start, end = (record.need(LocalMinute(clock), key) for key in ("start", "end"))
    if end <= start:
        record.wrong("empty_interval", "end")
    for key, minute in (("start_minute", start), ("end_minute", end)):
        if record.value.get(key, minute) != minute:
            record.wrong("minute_differs", key, value=shown(record.value[key]), minute=minute)
    return Placement(session, start, end, record.need(Exact(filled=True), "room"))
