"""Whom a place hinders among the sessions that stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from schedule.solver.problem import Placement, Problem, Timetable
from schedule.solver.verify import Placed, Reader

from .pairs import bound_pairs


class Beside:
    """The sessions that stay, to be asked which of them a place of another one hinders."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self._reader = reader = Reader(problem)
        self._placed: dict[str, Placed] = {
            p.session: (p, reader.sessions[p.session], reader.rooms[p.room])
            for p in timetable
            if p.session in reader.sessions and p.room in reader.rooms
        }
        self._in_room: dict[str, list[Placed]] = defaultdict(list)
        for one in self._placed.values():
            for atom in one[2].occupies:
                self._in_room[atom].append(one)
        self._mates: dict[str, frozenset[str]] = defaultdict(frozenset)
        for group in problem.same_room:
            for code in group:
                self._mates[code] |= group - {code}
        self._bound: dict[str, list[Placed]] = defaultdict(list)
        for first, second in bound_pairs(problem):
            for code, other in ((first, second), (second, first)):
                if other in self._placed:
                    self._bound[code].append(self._placed[other])

    def hindered(self, place: Placement, free: frozenset[str]) -> frozenset[str]:
        """Who of those that are not `free` cannot stay while a session has this place."""
        reader = self._reader
        mine = place, reader.sessions[place.session], reader.rooms[place.room]
        found = set()
        for other in self._near(mine):
            code = other[0].session
            if code in free or code in found:
                continue
            if any(reader.pair(mine, other)) or any(reader.order(mine, other)):
                found.add(code)
        found.update(code for code in self._mates.get(place.session, ()) if self._parted(place, code, free))
        return frozenset(found)

    def _parted(self, place: Placement, mate: str, free: frozenset[str]) -> bool:
        """Is one that must share its room elsewhere?"""
        return mate in self._placed and mate not in free and self._placed[mate][0].room != place.room

    def _near(self, mine: Placed) -> Iterator[Placed]:
        place, session, room = mine
        gap = self._reader.longest_gap
        for atom in room.occupies:
            for other in self._in_room[atom]:
                if other[0].start < place.end + gap and place.start < other[0].end + gap:
                    yield other
        for other in self._bound.get(session.code, ()):
            is_near = other[0].start < place.end + gap and place.start < other[0].end + gap
            if is_near or other[0].session in session.after or session.code in other[1].after:
                yield other
