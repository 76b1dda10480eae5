"""Where a session may go: asked one by one, since a repair asks this of few of all the sessions, rooms and starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from schedule.solver.exact.domains import Alone
from schedule.solver.problem import Placement, Problem, Room, Session, Timetable


class RepairChoices:
    """What the rules about one session alone allow; starts are remembered, they go through the whole grid."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.alone = Alone(problem)
        self._times: dict[str, tuple[int, ...]] = {}
        self._starts: dict[tuple[str, int, tuple[int, ...]], tuple[int, ...]] = {}

    def rooms_at(self, session: Session, start: int) -> list[str]:
        """The rooms in which a session may be at this time."""
        if start not in self.times(session):
            return []
        end = start + session.duration
        return [
            room.code
            for room in self.problem.rooms
            if self.alone.suits(session, room) and self.alone.room_free(room, start, end)
        ]

    def starts_in(self, session: Session, room: Room) -> tuple[int, ...]:
        """When a session may be in this room."""
        if not self.alone.suits(session, room):
            return ()
        key = room.code, session.duration, self.times(session)
        if key not in self._starts:
            self._starts[key] = self.alone.while_free(room, key[2], session.duration)
        return self._starts[key]

    def anywhere(self, session: Session) -> bool:
        """Is there any room and time for this session?"""
        return any(self.starts_in(session, room) for room in self.problem.rooms)

    def times(self, session: Session) -> tuple[int, ...]:
        if session.code not in self._times:
            self._times[session.code] = tuple(self.alone.times(session))
        return self._times[session.code]


class Gaps:
    """Which stretches of rooms a timetable leaves free."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._changeover = problem.rules.room_changeover_minutes
        self._rooms = {room.code: room for room in problem.rooms}
        self._first = min((placed.start for placed in timetable), default=0)
        last = max((placed.end for placed in timetable), default=0) + self._changeover
        users: dict[str, NDArray[np.int64]] = {}
        for placed in timetable:
            for atom in self._taken_by(placed.room):
                change = users.setdefault(atom, np.zeros(last - self._first + 1, np.int64))
                change[placed.start - self._first] += 1
                change[placed.end + self._changeover - self._first] -= 1
        # Minutes taken before each minute.
        self._taken = {atom: np.cumsum([0, *np.cumsum(change)]) for atom, change in users.items()}

    def in_room(self, room: Room, starts: Sequence[int], length: int, own: Placement | None) -> list[int]:
        """Those starts at which a session of this length hinders nobody there; `own` is its place in the timetable."""
        if room.allows_parallel_use or not starts:
            return list(starts)
        begin = np.array(starts)
        end = begin + length + self._changeover
        minutes = np.zeros(len(begin), np.int64)
        for atom in room.occupies & self._taken.keys():
            taken = self._taken[atom]
            first, last = (np.clip(at - self._first, 0, len(taken) - 1) for at in (begin, end))
            minutes += taken[last] - taken[first]
        if own is not None:
            shared = np.minimum(end, own.end + self._changeover) - np.maximum(begin, own.start)
            minutes -= np.maximum(0, shared) * len(room.occupies & self._taken_by(own.room))
        return [int(start) for start in begin[minutes == 0]]

    def _taken_by(self, code: str) -> frozenset[str]:
        """What a use of a room takes from others."""
        room = self._rooms.get(code)
        return frozenset() if room is None or room.allows_parallel_use else room.occupies
