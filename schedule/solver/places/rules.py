"""Which rules a session would break at each of several starts in each room, everything else left where it is.

The names are those of `verify`. What is wrong whatever the others do is read by the verifier itself, once for each
start and once for each room; what is wrong between two sessions is reckoned for all places at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from schedule.solver.problem import Placement, Session

from .others import Others, PlacedSessions
from .table import Bools, Ints, SessionTable

RULES = (
    *("hours", "grid", "fixed_start", "not_before", "not_after", "person_away", "body_away"),
    *("fixed_room", "room_too_small", "room_feature", "breaks_only"),
    *("pinned", "room_closed", "room_hours"),
    *("room_double", "person_twice", "body_twice", "not_parallel", "blocks_all", "order", "same_time", "same_room"),
    *("interpreters", "max_parallel", "kind_parallel"),
)
"""All that a place can break, those first that do not depend on other sessions; each is a bit."""

BIT = {rule: 1 << index for index, rule in enumerate(RULES)}
ALONE = BIT["room_double"] - 1
"""The bits of the rules that do not depend on other sessions."""

_OF_THE_TIME_TOO = {"room_closed", "room_hours"}

Broken = NDArray[np.int64]


class PlaceRules:
    """The rules about one session, asked for many places at once: [start, room] -> bits."""

    def __init__(self, table: SessionTable, session: Session) -> None:
        self.table, self.session = table, session
        self.bonds = table.bonds(session)

    def broken(self, starts: Ints, others: Others, rooms: Ints) -> Broken:
        """The rules broken at each start in each of these rooms."""
        ends = starts + self.session.duration
        found = np.zeros((len(starts), len(rooms)), np.int64)
        found |= np.array([self._of_time(int(start)) for start in starts], np.int64).reshape(-1, 1)
        found |= np.array([self._of_room(int(room)) for room in rooms], np.int64).reshape(1, -1)
        for rule, wrong in self._over_time(starts, ends, others):
            found |= np.where(wrong, BIT[rule], 0)[:, None]
        for rule, wrong in self._over_rooms(others, rooms):
            found |= np.where(wrong, BIT[rule], 0)[None, :]
        for rule, wrong in self._over_both(starts, ends, others, rooms):
            found |= np.where(wrong, BIT[rule], 0)
        return found

    def _of_time(self, start: int) -> int:
        placement = Placement(self.session.code, start, start + self.session.duration, "")
        reader = self.table.reader
        return _bits(
            found.rule for found in (*reader.time(placement, self.session), *reader.absences(placement, self.session))
        )

    def _of_room(self, number: int) -> int:
        room = self.table.rooms[number]
        placement = Placement(self.session.code, 0, self.session.duration, room.code)
        wrong = {found.rule for found in self.table.reader.place(placement, self.session, room)}
        return _bits(wrong - _OF_THE_TIME_TOO)

    def _over_time(self, starts: Ints, ends: Ints, others: Others) -> Iterator[tuple[str, Bools]]:
        bonds = self.bonds
        apart = [("body_twice", bonds.teams), ("not_parallel", bonds.apart), ("blocks_all", bonds.blocking)]
        for rule, numbers in apart:
            if len(numbers):
                yield rule, _any(others.those(numbers).overlap(starts, ends))
        if self.session.blocks_all:
            yield "blocks_all", _any(others.all().overlap(starts, ends))
        if len(bonds.earlier):
            yield "order", _any(starts[:, None] < others.those(bonds.earlier).end)
        if len(bonds.later):
            yield "order", _any(others.those(bonds.later).start < ends[:, None])
        if len(bonds.same_time):
            yield "same_time", _any(others.those(bonds.same_time).start != starts[:, None])
        for rule, most, numbers in bonds.limits:
            yield rule, _most_beside(others.those(numbers), starts, ends) >= most

    def _over_rooms(self, others: Others, rooms: Ints) -> Iterator[tuple[str, Bools]]:
        if len(self.bonds.same_room):
            yield "same_room", _any(others.those(self.bonds.same_room).room != rooms[:, None])

    def _over_both(self, starts: Ints, ends: Ints, others: Others, rooms: Ints) -> Iterator[tuple[str, Bools]]:
        yield from self._closed(starts, ends, rooms)
        beside = others.all()
        late = beside.overlap(starts, ends, self.table.problem.rules.room_changeover_minutes)
        taking = self.table.exclusive[:, rooms][beside.room]
        # A product of whole numbers far below 2 ** 24: how many others are in the way.
        yield "room_double", (late.astype(np.float32) @ taking.astype(np.float32)) > 0
        if len(self.bonds.people):
            theirs = others.those(self.bonds.people)
            gap = self.table.walk[rooms][:, theirs.room]
            near = (starts[:, None, None] < theirs.end + gap) & (theirs.start - gap < ends[:, None, None])
            yield "person_twice", _any(near)

    def _closed(self, starts: Ints, ends: Ints, rooms: Ints) -> Iterator[tuple[str, Bools]]:
        reader = self.table.reader
        closed, shut = (np.zeros((len(starts), len(rooms)), bool) for _ in range(2))
        for column, number in enumerate(rooms):
            room = self.table.rooms[number]
            for place in (reader.rooms[code] for code in {room.code} | room.parts):
                for away in place.closed:
                    closed[:, column] |= (starts < away.end) & (away.start < ends)
                if place.open:
                    opened = [(hours.start <= starts) & (ends <= hours.end) for hours in place.open]
                    shut[:, column] |= ~np.any(opened, axis=0)
        yield "room_closed", closed
        yield "room_hours", shut

    def in_the_way(self, starts: Ints, others: Others, rooms: Ints) -> Ints:
        """[start, room]: the number of the first session that takes the room then; -1 where none does."""
        beside = others.all()
        order = np.argsort(beside.start, kind="stable")
        late = beside.overlap(starts, starts + self.session.duration, self.table.problem.rules.room_changeover_minutes)
        found = np.full((len(starts), len(rooms)), -1, np.int64)
        for column, room in enumerate(rooms):
            taking = order[self.table.exclusive[beside.room[order], room]]
            if len(taking):
                there = late[:, taking]
                found[:, column] = np.where(there.any(axis=1), beside.number[taking[there.argmax(axis=1)]], -1)
        return found


def _any(by_other: Bools) -> Bools:
    """Whether it is so of any of the others, which are the last axis."""
    return np.asarray(by_other.any(axis=-1))


def _bits(rules: Iterable[str]) -> int:
    found = 0
    for rule in rules:
        found |= BIT[rule]
    return found


def _most_beside(used: PlacedSessions, starts: Ints, ends: Ints) -> Ints:
    """How many of these run at once at most between each start and end: then or when another one begins."""
    begun, ended = np.sort(used.start), np.sort(used.end)

    def running(moments: Ints) -> Ints:
        return np.asarray(begun.searchsorted(moments, side="right") - ended.searchsorted(moments, side="right"))

    within = (starts[:, None] <= used.start) & (used.start < ends[:, None])
    later = np.where(within, running(used.start), 0).max(axis=1, initial=0)
    return np.asarray(np.maximum(running(starts), later))
