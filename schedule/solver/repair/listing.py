"""Other places that are listed for a session in the relaxed repair: all in its own room, or a few that hinder nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from schedule.solver.exact.interval_model import limits
from schedule.solver.problem import Placement, Room, Session, Timetable

from .beside import Beside
from .bound import Listed
from .choices import Choices, Gaps

SOME = 6
"""Places listed in the own room of a session that might stay as well, and of each other room for one that must move."""


class Lister:
    """Lists places beside a timetable; those once taken are free no more."""

    def __init__(self, choices: Choices, old: Timetable) -> None:
        self._choices = choices
        self._problem = choices.problem
        self._rooms = {room.code: room for room in self._problem.rooms}
        self._in_group = frozenset(code for group in self._problem.same_time for code in group)
        self._limited = [(limit, {s.code for s in used}) for _, limit, used in limits(self._problem)]
        self._all: dict[str, Placement] = {}
        self.take(old)
        self.moved: dict[str, Placement] = {}
        """Who has another time since."""

    def take(self, places: Timetable) -> None:
        """From now on these sessions are there."""
        before = self._all
        self.moved = {p.session: p for p in places if p.session in before and before[p.session].start != p.start}
        self._all |= {placed.session: placed for placed in places}
        timetable = tuple(self._all.values())
        self._gaps = Gaps(self._problem, timetable)
        self._beside = Beside(self._problem, timetable)
        self._counted = [(limit, used, [self._all[c] for c in used if c in self._all]) for limit, used in self._limited]

    def all_in_own_room(self, session: Session, old: Placement) -> Listed:
        """Every other time in its room, whoever is there."""
        return Listed(tuple(self._at(session, old.room, self._starts(session, old))), own_room=False)

    def some(self, session: Session, old: Placement, *, anywhere: bool) -> Listed:
        """A few other times in its room, near and far, at which it hinders nobody; `anywhere`: in other rooms as well."""
        starts = self._starts(session, old)
        if session.code in self._in_group:
            return Listed((), own_room=bool(starts))
        places = list(self._in(session, old, self._rooms[old.room], starts, SOME))
        if anywhere:
            for room in self._problem.rooms:
                if room.code != old.room:
                    starts_there = [s for s in self._choices.starts_in(session, room) if s != old.start]
                    places.extend(self._in(session, old, room, starts_there, SOME))
        in_own_room = sum(1 for place in places if place.room == old.room)
        return Listed(tuple(places), own_room=in_own_room < len(starts))

    def _starts(self, session: Session, old: Placement) -> list[int]:
        return [s for s in self._choices.starts_in(session, self._rooms[old.room]) if s != old.start]

    def _at(self, session: Session, room: str, starts: Iterable[int]) -> Iterator[Placement]:
        return (Placement(session.code, start, start + session.duration, room) for start in starts)

    def _in(self, session: Session, old: Placement, room: Room, starts: list[int], most: int) -> Iterator[Placement]:
        free = self._gaps.in_room(room, starts, session.duration, old)
        step = max(1, len(free) // most)
        # Every so many, and then the others until there are enough.
        for place in self._at(session, room.code, chain(free[::step], free[1::step] if step > 1 else ())):
            if most == 0:
                return
            if not self._beside.hindered(place, frozenset()) and self._within_limits(place):
                most -= 1
                yield place

    def _within_limits(self, place: Placement) -> bool:
        return all(
            sum(1 for other in held if other.session != place.session and other.interval.overlaps(place.interval)) < limit
            for limit, used, held in self._counted
            if place.session in used
        )
