"""Other places that are listed for a session in the relaxed repair: all in its own room, or some that hinder nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from schedule.solver.exact.interval_model import limits
from schedule.solver.problem import Placement, Problem, Room, Session, Timetable

from .beside import Beside
from .bound import ListedPlaces
from .choices import Gaps, RepairChoices

SOME = 6
"""Places listed in the own room of a session that might stay as well, and of each other room for one that must move."""


class Lister:
    """Lists places beside a timetable; those once taken are free no more."""

    def __init__(self, choices: RepairChoices, old: Timetable) -> None:
        self._choices = choices
        self._problem = choices.problem
        self._rooms = {room.code: room for room in self._problem.rooms}
        self._in_time_group = frozenset(code for group in self._problem.same_time for code in group)
        self._mates = frozenset(code for group in self._problem.same_room for code in group)
        self._all: dict[str, Placement] = {}
        self._moved: set[str] = set()
        self.take(old)

    def take(self, places: Timetable) -> None:
        """From now on these sessions are there."""
        before = self._all
        self._moved.update(p.session for p in places if p.session in before and before[p.session].start != p.start)
        self._all = before | {placed.session: placed for placed in places}
        self.everybody = Company(self._problem, tuple(self._all.values()))

    def settled(self, free: frozenset[str]) -> Timetable:
        """Whom others that keep their times could hinder: who has moved there, and who shares a room with some."""
        return tuple(self._all[code] for code in (self._moved | self._mates) - free if code in self._all)

    def all_in_own_room(self, session: Session, old: Placement, *, anywhere: bool) -> ListedPlaces:
        """Every other time in its room, whoever is there; `anywhere`: in others a few at which it hinders nobody."""
        places = self._at(session, old.room, self._starts(session, self._rooms[old.room], old))
        return ListedPlaces((*places, *(self._in_others(session, old) if anywhere else ())), own_room=False)

    def some(self, session: Session, old: Placement, *, anywhere: bool) -> ListedPlaces:
        """A few other times, near and far, at which it hinders nobody, in its room; `anywhere`: in others as well."""
        starts = self._starts(session, self._rooms[old.room], old)
        if session.code in self._in_time_group:
            return ListedPlaces((), own_room=bool(starts))
        places = list(self._few(session, old, self._rooms[old.room], starts))
        own_room = len(places) < len(starts)
        return ListedPlaces((*places, *(self._in_others(session, old) if anywhere else ())), own_room=own_room)

    def all_beside(self, session: Session, old: Placement, company: Company) -> ListedPlaces:
        """Every other time in every room at which it hinders none of a company.

        In a place that is not listed it moves some of them: in its own room those that are named, in another it changes
        its room as well.
        """
        own = self._starts(session, self._rooms[old.room], old)
        if session.code in self._in_time_group:
            return ListedPlaces((), own_room=bool(own))
        places: list[Placement] = []
        for room in self._problem.rooms:
            starts = own if room.code == old.room else self._starts(session, room, old)
            free = company.gaps.in_room(room, starts, session.duration, None)
            places.extend(place for place in self._at(session, room.code, free) if company.suffers(place))
        listed = {place.start for place in places if place.room == old.room}
        others = [place for place in self._at(session, old.room, own) if place.start not in listed]
        hindered = {company.beside.hindered(place, frozenset()) for place in others}
        # Where it is limits that it exceeds, nobody knows who makes way.
        own_room = frozenset() in hindered
        fewest = [one for one in sorted(hindered, key=sorted) if not any(fewer < one for fewer in hindered)]
        instead_of = () if own_room else tuple(fewest)
        return ListedPlaces(tuple(places), own_room=own_room, moves_others=True, instead_of=instead_of)

    def _starts(self, session: Session, room: Room, old: Placement) -> list[int]:
        return [start for start in self._choices.starts_in(session, room) if start != old.start]

    def _at(self, session: Session, room: str, starts: Sequence[int]) -> Iterator[Placement]:
        return (Placement(session.code, start, start + session.duration, room) for start in starts)

    def _in_others(self, session: Session, old: Placement) -> Iterator[Placement]:
        for room in self._problem.rooms:
            if room.code != old.room:
                yield from self._few(session, old, room, self._starts(session, room, old))

    def _few(self, session: Session, old: Placement, room: Room, starts: list[int]) -> Iterator[Placement]:
        free = self.everybody.gaps.in_room(room, starts, session.duration, old)
        step = max(1, len(free) // SOME)
        found = 0
        # Every so many, and then the others until there are enough.
        for place in self._at(session, room.code, free[::step] + (free[1::step] if step > 1 else [])):
            if found < SOME and self.everybody.suffers(place):
                found += 1
                yield place


class Company:
    """Sessions in their places, to be asked whether one more may join them."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.gaps = Gaps(problem, timetable)
        self.beside = Beside(problem, timetable)
        self._at = {placed.session: placed for placed in timetable}
        self._first = min((placed.start for placed in timetable), default=0)
        self._limits = [(limit, *self._counted(used)) for _, limit, used in limits(problem)]

    def suffers(self, place: Placement) -> bool:
        """Does a place hinder nobody and exceed no limit?"""
        if self.beside.hindered(place, frozenset()):
            return False
        own = self._at.get(place.session)
        for limit, codes, running in self._limits:
            if place.session in codes:
                here = running[max(0, place.start - self._first) : max(0, place.end - self._first)].copy()
                if own is not None:
                    # It does not meet itself where it was.
                    here[max(0, own.start - place.start) : max(0, own.end - place.start)] -= 1
                if here.max(initial=0) >= limit:
                    return False
        return True

    def _counted(self, used: list[Session]) -> tuple[frozenset[str], NDArray[np.int64]]:
        """Who counts, and how many of them run at each minute."""
        running = np.zeros(max((placed.end for placed in self._at.values()), default=0) - self._first, np.int64)
        codes = frozenset(session.code for session in used)
        for code in codes & self._at.keys():
            running[self._at[code].start - self._first : self._at[code].end - self._first] += 1
        return codes, running
