"""The hidden timetable of a planted conference: who is where and when, before anything is asked for."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from schedule.solver.problem import Interval, Room

from .frame import CHANGEOVER, CORE, HALL, LENGTHS, LOBBY, LUNCH, PLENARY, SHARES, Frame

JOINED = 0.06
"""Of the sessions, those that are tried in a joined room."""

GAP_OTHER = 10
"""Minutes to walk to another group of rooms; none within one."""


class FullError(ValueError):
    """There is no room left for a session."""


@dataclass(slots=True)
class Hidden:
    """One placed session: a `plenary` has nothing beside it, nor has lunch (`is_break`)."""

    number: int
    start: int
    length: int
    room: Room
    plenary: bool = False
    is_break: bool = False
    people: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        return f"S{self.number}"

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def during(self) -> Interval:
        return Interval(self.start, self.end)

    @property
    def day(self) -> int:
        return self.start // 1440


def hide(frame: Frame, chance: random.Random) -> list[Hidden]:
    """A timetable of all sessions, the days' shares as even as can be. Raises FullError if they do not fit."""
    rooms = {room.code: room for room in frame.rooms}
    taken: set[tuple[str, int]] = set()
    found: list[Hidden] = []
    for day in range(frame.days):
        found.append(Hidden(len(found), day * 1440 + PLENARY, 55, rooms[HALL], plenary=True))
        found.append(Hidden(len(found), day * 1440 + LUNCH, 60, rooms[LOBBY], is_break=True))
    joined = [room for room in frame.rooms if room.parts]
    single = [room for room in frame.rooms if not room.parts and room.code != LOBBY]
    while len(found) < frame.sessions:
        day = len(found) % frame.days
        length = chance.choices(LENGTHS, SHARES)[0]
        wide = bool(joined) and chance.random() < JOINED
        place = _first_free(
            frame,
            chance.sample(joined if wide else single, len(joined if wide else single)),
            day,
            length,
            taken,
            chance,
        )
        while place is None:
            shorter = [one for one in LENGTHS if one < length]
            if not shorter:
                raise FullError(f"day {day} is full with {len(found)} sessions")
            length = shorter[-1]
            place = _first_free(frame, single, day, length, taken, chance)
        room, start = place
        taken |= {(atom, start // frame.grid + cell) for atom in room.occupies for cell in range(frame.cells(length))}
        found.append(Hidden(len(found), start, length, room))
    return found


def _first_free(
    frame: Frame, rooms: list[Room], day: int, length: int, taken: set[tuple[str, int]], chance: random.Random
) -> tuple[Room, int] | None:
    """The first place in the first of the rooms that has one in the core hours, beside plenary and lunch."""
    skip = frame.grid * (chance.random() < 0.1)
    stretches = [(PLENARY + 60, LUNCH), (LUNCH + 60, CORE[1])]
    if chance.random() < 0.5:
        stretches.reverse()
    for room in rooms:
        for opens, closes in stretches:
            for start in range(day * 1440 + opens + skip, day * 1440 + closes - length + 1, frame.grid):
                cells = range(start // frame.grid, start // frame.grid + frame.cells(length))
                if not any((atom, cell) in taken for atom in room.occupies for cell in cells):
                    return room, start
    return None


def staff(frame: Frame, hidden: list[Hidden], chance: random.Random) -> int:
    """Give every session its people, several sessions to most of them; how many people there are.

    Nobody idles: two sessions of a person on one day follow each other without a minute between, near each other.
    """
    count = max(4, round(len(hidden) * 2.2 / frame.days))
    held: dict[str, list[Hidden]] = {f"P{number}": [] for number in range(count)}
    people = list(held)
    for one in hidden:
        if one.is_break:
            continue
        wanted = chance.choice((1, 1, 1, 2))
        neighbours = [
            person
            for other in hidden
            if other.day == one.day and (other.end == one.start or one.end == other.start)
            for person in other.people
        ]
        for person in (*neighbours, *chance.sample(people, min(count, 40))):
            if len(one.people) < wanted and person not in one.people and _free(one, held[person]):
                one.people.append(person)
                held[person].append(one)
    return count


def _free(one: Hidden, theirs: list[Hidden]) -> bool:
    same_day = [other for other in theirs if other.day == one.day]
    if not same_day:
        return True
    if len(same_day) > 1:
        return False
    other = same_day[0]
    touching = other.end == one.start or one.end == other.start
    near = other.room.distance_group == one.room.distance_group
    apart = not (other.room.occupies & one.room.occupies) or CHANGEOVER == 0
    return touching and near and apart
