"""A small forum to break: three joined and two single rooms on two floors, two days in Gwangju."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from schedule.conflicts import DEFAULT_LEVELS, Conflict, ConflictKind, Level, ProblemIndex
from schedule.conflicts.conflict import Detail
from schedule.solver.problem import Body, Interval, Person, Placement, Problem, Room, Rules, Session, Window

DAY = 24 * 60


def at(clock: str, day: int = 0) -> int:
    """Minutes from the origin of a time of day."""
    hours, minutes = clock.split(":")
    return day * DAY + int(hours) * 60 + int(minutes)


def span(start: str, end: str, day: int = 0) -> Interval:
    return Interval(at(start, day), at(end, day))


def put(session: str, start: str, end: str, room: str = "R212", day: int = 0) -> Placement:
    return Placement(session, at(start, day), at(end, day), room)


ROOMS = (
    Room("R212", "Room 212", 90, distance_group="2F", features=frozenset({"projector"})),
    Room("R213", "Room 213", 90, distance_group="2F", features=frozenset({"projector"})),
    Room("R212213", "Room 212+213", 190, parts=frozenset({"R212", "R213"}), distance_group="2F"),
    Room("R305", "Room 305", 70, distance_group="3F"),
    Room("LOBBY", "Lobby", 700, distance_group="2F", allows_parallel_use=True, breaks_only=True),
)


def session(code: str, duration: int = 60, **fields: object) -> Session:
    return Session(code, f"Title {code}", duration, **fields)  # type: ignore[arg-type]  # any field of Session


def make(
    *sessions: Session,
    rooms: tuple[Room, ...] = ROOMS,
    people: tuple[Person, ...] = (),
    bodies: tuple[Body, ...] = (),
    **rules: Any,
) -> Problem:
    return Problem(
        origin=datetime(2017, 9, 14, tzinfo=ZoneInfo("Asia/Seoul")),
        timezone="Asia/Seoul",
        rules=replace(Rules(slot_minutes=15), **rules),
        windows=(
            Window(date(2017, 9, 14), span("09:00", "21:00")),
            Window(date(2017, 9, 15), span("09:00", "18:30", day=1)),
        ),
        rooms=rooms,
        people=people,
        bodies=bodies,
        sessions=sessions,
    )


NOWHERE = ProblemIndex(make())


def expect(
    kind: ConflictKind,
    sessions: Iterable[str],
    rooms: Iterable[str] = (),
    when: Interval | None = None,
    *,
    level: Level | None = None,
    person: str | None = None,
    body: str | None = None,
    **details: Detail,
) -> Conflict:
    """The whole conflict, for comparisons by equality."""
    return Conflict(
        kind=kind,
        level=level or DEFAULT_LEVELS[kind],
        sessions=tuple(sessions),
        rooms=tuple(rooms),
        person=person,
        body=body,
        when=when,
        details=details,
        index=NOWHERE,
    )
