"""How few changes could a repair possibly make? A small relaxation whose optimum is a proof, and a plan to follow.

Every session either keeps its time (in any room that suits it then), or moves to another time in its own room, or goes
elsewhere. Sessions that keep their time or room exclude each other as the rules say; one that goes elsewhere costs a
change of both and is taken to find a place. So no timetable has fewer changes; and if those that go elsewhere do find
places beside the others, that timetable has exactly so many: minimal, and proved without searching all timetables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

from ortools.sat.python import cp_model

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import TimetableModel, limits
from schedule.solver.problem import Placement, Session, Timetable
from schedule.solver.verify import Reader

MOST_STARTS = 60_000
"""With more (session, start) pairs a session may move within its own room without being checked against others."""


@dataclass(frozen=True)
class RepairPlan:
    """At least `times` sessions change their time, and if it is as few, at least `rooms` their room.

    `options` narrow every session that need not go elsewhere to the place it has in the relaxation.
    """

    times: int
    rooms: int
    options: dict[str, Options]


class ChangeBound:
    """The relaxed repair of `old`, in which every session occurs at most once.

    Of plans that change as little it prefers those whose places count least by `hinders`, and then those that touch the
    fewest sessions: one that gets another time and room counts as much as two that get one of these.
    """

    def __init__(self, model: TimetableModel, old: Timetable, *, hinders: Callable[[Placement], int]) -> None:
        self.model = model
        self.hinders = hinders
        self.problem = model.problem
        self.cp = cp_model.CpModel()
        self.sessions = {session.code: session for session in self.problem.sessions}
        self.kept: dict[str, list[cp_model.IntVar]] = {}
        self.elsewhere: dict[str, cp_model.IntVar] = {}
        self.at: dict[str, Placement] = {}
        self.places: dict[str, list[tuple[cp_model.IntVar, Placement]]] = {}
        self.times: list[cp_model.LinearExprT] = [0]
        self.rooms: list[cp_model.LinearExprT] = [0]
        self.hindered: list[cp_model.LinearExprT] = [0]
        self.most_hindered = 0
        self.moved: list[cp_model.LinearExprT] = [0]
        self.uses: dict[str, list[tuple[int, int, cp_model.IntVar]]] = {}
        known = [p for p in old if p.session in self.sessions]
        starts = sum(len(model.domains.options[p.session].starts.get(p.room, ())) for p in known)
        for placement in known:
            session = self.sessions[placement.session]
            if placement.end - placement.start != session.duration:
                self.times.append(1)  # it changes in any case; where it goes is left open
            else:
                self._place(session, placement, checked=starts <= MOST_STARTS)
        self._rooms_once()
        self._together()
        self._walks()
        self._groups()
        base, unit = len(self.sessions) + 1, (len(self.at) + 1) * (self.most_hindered + 1)
        counted = [cp_model.LinearExpr.sum(parts) for parts in (self.times, self.rooms, self.hindered, self.moved)]
        self.cp.minimize(cp_model.LinearExpr.weighted_sum(counted, [base * unit, unit, len(self.at) + 1, 1]))

    def plan(self, solver: cp_model.CpSolver) -> RepairPlan:
        """The counts and places of the optimum the solver has found."""
        options = {}
        for code, places in self.places.items():
            for literal, placement in places:
                if solver.boolean_value(literal):
                    options[code] = Options({placement.room: (placement.start,)})
        return RepairPlan(
            solver.value(cp_model.LinearExpr.sum(self.times)),
            solver.value(cp_model.LinearExpr.sum(self.rooms)),
            options,
        )

    def _place(self, session: Session, old: Placement, *, checked: bool) -> None:
        options = self.model.domains.options[session.code].starts
        places: list[tuple[cp_model.IntVar, Placement]] = []
        kept = []
        for room, starts in options.items():
            if old.start in starts:
                literal = self.cp.new_bool_var(f"{session.code} then in {room}")
                places.append((literal, Placement(session.code, old.start, old.end, room)))
                kept.append(literal)
                if room != old.room:
                    self.rooms.append(literal)
        own = [start for start in options.get(old.room, ()) if start != old.start]
        for start in own if checked else ():
            literal = self.cp.new_bool_var(f"{session.code} at {start} in its room")
            places.append((literal, Placement(session.code, start, start + session.duration, old.room)))
            self.times.append(literal)
        hindered = [self.hinders(place) for _, place in places]
        self.hindered.extend(count * literal for count, (literal, _) in zip(hindered, places, strict=True) if count)
        self.most_hindered += max(hindered, default=0)
        elsewhere = self.cp.new_bool_var(f"{session.code} elsewhere")
        self.times.append(elsewhere)
        stays = (old.start, old.room)
        self.moved.extend(literal for literal, place in places if (place.start, place.room) != stays)
        self.moved.append(elsewhere)
        if checked or not own:
            self.rooms.append(elsewhere)
        self.cp.add_exactly_one([elsewhere, *(literal for literal, _ in places)])
        self.elsewhere[session.code] = elsewhere
        self.kept[session.code] = kept
        self.at[session.code] = old
        self.places[session.code] = places
        changeover = self.problem.rules.room_changeover_minutes
        for literal, place in places:
            room_used = self.model.domains.rooms[place.room]
            for atom in () if room_used.allows_parallel_use else sorted(room_used.occupies):
                self.uses.setdefault(atom, []).append((place.start, place.end + changeover, literal))

    def _rooms_once(self) -> None:
        """At every moment at which a use of a room may begin, at most one use of it is running."""
        for uses in self.uses.values():
            for moment in sorted({start for start, _, _ in uses}):
                running = [literal for start, end, literal in uses if start <= moment < end]
                if len(running) > 1:
                    self.cp.add_at_most_one(running)

    def _together(self) -> None:
        """Sessions that cannot both keep their time, and limits on those that do."""
        for first, second in sorted(self.model.apart):
            if first in self.kept and second in self.kept and self._clash(first, second):
                self.cp.add_at_most_one([*self.kept[first], *self.kept[second]])
        for _, limit, used in limits(self.problem):
            counted = [session.code for session in used if session.code in self.kept]
            for moment in sorted({self.at[code].start for code in counted}):
                running = [
                    literal
                    for code in counted
                    if self.at[code].start <= moment < self.at[code].end
                    for literal in self.kept[code]
                ]
                if len(running) > limit:
                    self.cp.add(cp_model.LinearExpr.sum(running) <= limit)

    def _walks(self) -> None:
        """Rooms that are too far from each other for somebody who is in two sessions that keep their times."""
        reader = Reader(self.problem)
        by_person: dict[str, list[str]] = {}
        for code in sorted(self.at, key=lambda code: self.at[code].start):
            for person in sorted(self.sessions[code].people):
                by_person.setdefault(person, []).append(code)
        followed = {pair for codes in by_person.values() for pair in pairwise(codes)}
        for first, second in sorted(followed):
            if 0 <= self.at[second].start - self.at[first].end < reader.longest_gap:
                for (here, a), (there, b) in product(self._kept_places(first), self._kept_places(second)):
                    one = a, self.sessions[first], reader.rooms[a.room]
                    if any(reader.pair(one, (b, self.sessions[second], reader.rooms[b.room]))):
                        self.cp.add_bool_or([~here, ~there])

    def _kept_places(self, code: str) -> list[tuple[cp_model.IntVar, Placement]]:
        return [(literal, place) for literal, place in self.places[code] if place.start == self.at[code].start]

    def _groups(self) -> None:
        """Who starts with others keeps the time with them; who shares a room with others is where they are."""
        for group in self.problem.same_time:
            for first, second in pairwise(sorted(group & self.kept.keys())):
                if self.at[first].start == self.at[second].start:
                    both = [cp_model.LinearExpr.sum(self.kept[code]) for code in (first, second)]
                    self.cp.add(both[0] == both[1])
        for group in self.problem.same_room:
            for first, second in product(sorted(group & self.kept.keys()), repeat=2):
                for room in self.model.domains.rooms if first != second else ():
                    here, there = self._in_room(first, room), self._in_room(second, room)
                    self.cp.add(here <= cp_model.LinearExpr.sum([there, self.elsewhere[second]]))

    def _in_room(self, code: str, room: str) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([0, *(literal for literal, place in self.places[code] if place.room == room)])

    def _clash(self, first: str, second: str) -> bool:
        a, b = self.at[first], self.at[second]
        return (
            a.interval.overlaps(b.interval)
            or (first in self.sessions[second].after and b.start < a.end)
            or (second in self.sessions[first].after and a.start < b.end)
        )
