"""Changed problems: one rule softer, one hour longer, one room more, one session less. Nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from schedule.solver.exact.domains import RuleKey
from schedule.solver.problem import Interval, Problem, Room, Session, only
from schedule.solver.sentences.message import CodedMessage


class Asks(IntEnum):
    """What a change asks for, the least first: `relax` ranks by this where any timetable would be welcome.

    A decision is the organizers' own and costs nothing; an hour concerns everybody's day; people have to change
    their plans; equipment is hired; a room is hired with all that is in it; a session left out is lost.
    """

    DECISION = 1
    HOUR = 2
    PEOPLE = 3
    EQUIPMENT = 4
    ROOM = 5
    SESSION = 6


@dataclass(frozen=True)
class Step:
    """One strength of a change: the changed problem, and what the change is.

    `size` compares changes that ask for the same kind of thing: minutes, seats or people, less is better.
    """

    problem: Problem
    size: int
    message: CodedMessage


@dataclass(frozen=True)
class Relaxation:
    """One change that may help, in one or more strengths: the mildest first, each allowing all that a milder one does.

    `subject` is the rule it softens and whom that concerns.
    """

    asks: Asks
    subject: RuleKey
    steps: tuple[Step, ...]


def with_rules(problem: Problem, **changes: Any) -> Problem:
    """Other conference-wide rules."""
    return replace(problem, rules=replace(problem.rules, **changes))


def with_session(problem: Problem, code: str, **changes: Any) -> Problem:
    """One session changed."""
    return replace(problem, sessions=tuple(replace(s, **changes) if s.code == code else s for s in problem.sessions))


def with_room(problem: Problem, code: str, **changes: Any) -> Problem:
    """One room changed."""
    return replace(problem, rooms=tuple(replace(r, **changes) if r.code == code else r for r in problem.rooms))


def with_person(problem: Problem, code: str, **changes: Any) -> Problem:
    """One person changed."""
    return replace(problem, people=tuple(replace(p, **changes) if p.code == code else p for p in problem.people))


def with_body(problem: Problem, code: str, **changes: Any) -> Problem:
    """One organisation changed."""
    return replace(problem, bodies=tuple(replace(b, **changes) if b.code == code else b for b in problem.bodies))


def with_more_room(problem: Problem, room: Room) -> Problem:
    """One room more."""
    return replace(problem, rooms=(*problem.rooms, room))


def with_hours(problem: Problem, number: int, hours: Interval) -> Problem:
    """Other opening hours in the window of that number."""
    windows = list(problem.windows)
    windows[number] = replace(windows[number], hours=hours)
    return replace(problem, windows=tuple(windows))


def without_pins(problem: Problem, code: str) -> Problem:
    """A session free to move again."""
    return replace(problem, pins=tuple(pin for pin in problem.pins if pin.session != code))


def without_pair(problem: Problem, first: str, second: str) -> Problem:
    """Two sessions that may run at once."""

    def freed(session: Session) -> Session:
        pair = {first, second}
        return replace(session, not_parallel_with=session.not_parallel_with - pair) if session.code in pair else session

    return replace(problem, sessions=tuple(freed(session) for session in problem.sessions))


def without_group(problem: Problem, field: str, number: int) -> Problem:
    """One group less of `field`: "same_time" or "same_room"."""
    if field == "same_time":
        return replace(problem, same_time=problem.same_time[:number] + problem.same_time[number + 1 :])
    return replace(problem, same_room=problem.same_room[:number] + problem.same_room[number + 1 :])


def without_session(problem: Problem, code: str) -> Problem:
    """One session less, and nothing names it any more."""
    return only(problem, [session.code for session in problem.sessions if session.code != code])


def free_code(problem: Problem, wanted: str) -> str:
    """`wanted`, lengthened until no room has it."""
    taken: Iterable[str] = {room.code for room in problem.rooms}
    while wanted in taken:
        wanted += "+"
    return wanted
