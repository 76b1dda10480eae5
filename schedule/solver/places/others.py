"""A timetable that changes session by session, and what is placed beside one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedule.solver.problem import Placement, Timetable

from .table import Bools, Ints, SessionTable


@dataclass(frozen=True)
class PlacedSessions:
    """Where some sessions are, one entry for each."""

    number: Ints
    start: Ints
    end: Ints
    room: Ints
    day: Ints

    def only(self, mask: Bools) -> PlacedSessions:
        """Those of a mask over these."""
        return PlacedSessions(self.number[mask], self.start[mask], self.end[mask], self.room[mask], self.day[mask])

    def overlap(self, start: Ints, end: Ints, gap: int = 0) -> Bools:
        """[stretch, session]: less than `gap` minutes between the two; without a gap, whether they overlap."""
        return np.asarray((start[:, None] < self.end + gap) & (self.start - gap < end[:, None]))


class TimetablePlaces:
    """Where every session is; a move costs the same however many there are."""

    def __init__(self, table: SessionTable, timetable: Timetable) -> None:
        self.table = table
        count = len(table.sessions)
        self.start: Ints = np.zeros(count, np.int64)
        self.end: Ints = np.zeros(count, np.int64)
        self.room: Ints = np.zeros(count, np.int64)
        self.day: Ints = np.zeros(count, np.int64)
        self.placed: Bools = np.zeros(count, bool)
        for placement in timetable:
            if placement.session in table.number and placement.room in table.room_number:
                self.put(placement)

    def put(self, placement: Placement) -> None:
        """Place a session, or move it. Raises KeyError for an unknown code."""
        index, room = self.table.number[placement.session], self.table.room_number[placement.room]
        self.start[index], self.end[index], self.room[index] = placement.start, placement.end, room
        self.day[index] = self.table.days.number(placement.start)
        self.placed[index] = True

    def take(self, session: str) -> None:
        """Leave a session without a place. Raises KeyError for an unknown code."""
        self.placed[self.table.number[session]] = False

    def at(self, session: str) -> Placement | None:
        """Where a session is; None where it has no place."""
        index = self.table.number[session]
        if not self.placed[index]:
            return None
        return Placement(session, int(self.start[index]), int(self.end[index]), self.table.rooms[self.room[index]].code)


class Others:
    """All that have a place but one session, until one is moved."""

    def __init__(self, where: TimetablePlaces, session: str) -> None:
        self._where = where
        self._here = where.placed.copy()
        self._here[where.table.number[session]] = False

    def all(self) -> PlacedSessions:
        return self._at(np.flatnonzero(self._here))

    def those(self, numbers: Ints) -> PlacedSessions:
        """Only these sessions, as far as they have a place."""
        return self._at(numbers[self._here[numbers]])

    def _at(self, numbers: Ints) -> PlacedSessions:
        where = self._where
        return PlacedSessions(
            numbers, where.start[numbers], where.end[numbers], where.room[numbers], where.day[numbers]
        )
