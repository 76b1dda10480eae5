"""What a session adds to each soft term at each of several starts in each room, everything else left where it is.

The terms are those of `objective`. Each is a number for a place: what the term is for the whole timetable with the
session there, less what it is without it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from schedule.solver.objective import gap_minutes, off_preferred_room, off_preferred_time
from schedule.solver.problem import Session

from .others import Others
from .table import Ints, SessionTable


class PlaceCosts:
    """The soft terms of one session, for many places at once: [start, room] -> units."""

    def __init__(self, table: SessionTable, session: Session) -> None:
        self.table, self.session = table, session

    def added(self, starts: Ints, ends: Ints, others: Others, rooms: Ints) -> dict[str, Ints]:
        """Each term as a table that may be one wide or one high, where it depends on the start or the room alone."""
        over_time = {name: units[:, None] for name, units in self._over_time(starts, ends, others)}
        over_rooms = {name: units[None, :] for name, units in self._over_rooms(rooms)}
        found = over_time | over_rooms
        if self.session.track:
            found["track_rooms"] = self._track_rooms(self._days(starts), others, rooms)
        return found

    def _days(self, starts: Ints) -> Ints:
        return np.array([self.table.days.number(int(start)) for start in starts], np.int64)

    def _over_time(self, starts: Ints, ends: Ints, others: Others) -> Iterator[tuple[str, Ints]]:
        table, session, days = self.table, self.session, self.table.days
        yield "wish_clashes", self.clashes(starts, ends, others)
        stretches = [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]
        yield "off_half_hour", (starts % 30 != 0).astype(np.int64)
        yield "off_core_hours", np.array([days.off_core(start, end) for start, end in stretches], np.int64)
        yield "off_preferred_times", np.array([off_preferred_time(session, start) for start, _ in stretches], np.int64)
        if session.people:
            yield "person_gaps", sum((self._idle(person, stretches, others) for person in session.people), 0 * starts)
        if not session.is_break and days.share:
            held = np.bincount(others.those(table.counted).day, minlength=len(days.share))
            full = held >= np.array(days.share, np.int64)
            yield "day_imbalance", full[self._days(starts)].astype(np.int64)

    def clashes(self, starts: Ints, ends: Ints, others: Others) -> Ints:
        """What those who wish for the session lose to others, for each stretch of time."""
        numbers, weights = self.table.wishes.clashes(self.table.number[self.session.code])
        wanted = others.those(numbers)
        prices = weights[np.searchsorted(numbers, wanted.number)]
        return np.asarray(wanted.overlap(starts, ends) @ prices)

    def _idle(self, person: str, stretches: list[tuple[int, int]], others: Others) -> Ints:
        """Minutes that the person waits longer on that day."""
        days = self.table.days
        if len(self.table.by_person[person]) == 1:
            return np.zeros(len(stretches), np.int64)
        theirs = others.those(self.table.by_person[person])
        held = [(int(start), int(end)) for start, end in zip(theirs.start, theirs.end, strict=True)]
        before = gap_minutes(held, days)
        return np.array([gap_minutes([*held, one], days) - before for one in stretches], np.int64)

    def _over_rooms(self, rooms: Ints) -> Iterator[tuple[str, Ints]]:
        session, seats = self.session, self.table.seats
        there = [self.table.rooms[room] for room in rooms]
        yield "unseated", np.array([seats.unseated(session, room) for room in there], np.int64)
        yield "empty_seats", np.array([seats.empty_seats(session, room) for room in there], np.int64)
        yield "off_preferred_rooms", np.array([off_preferred_room(session, room.code) for room in there], np.int64)

    def _track_rooms(self, day: Ints, others: Others, rooms: Ints) -> Ints:
        """One more where its track is in other rooms on that day, but not in this one."""
        track = others.those(self.table.bonds(self.session).track)
        today = track.day == day[:, None]
        here = track.room == rooms[:, None]
        used = (today[:, None, :] & here[None, :, :]).any(axis=2)
        return np.asarray(today.any(axis=1)[:, None] & ~used).astype(np.int64)
