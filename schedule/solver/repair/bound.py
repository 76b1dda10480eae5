"""How few changes could a repair possibly make? A small relaxation whose optimum is a proof, and a plan to follow.

Every session either keeps its time (in any room that suits it then), or moves to one of the other places that are
listed for it, or goes elsewhere. Sessions that have a place exclude each other as the rules say; one that goes
elsewhere costs what a place that is not listed costs at least, and is taken to find it. So no timetable has fewer
changes; and if those that go elsewhere do find places beside the others, that timetable has exactly so many: minimal,
and proved without searching all timetables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from ortools.sat.python import cp_model

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import limits
from schedule.solver.problem import Placement, Problem, Session, Timetable
from schedule.solver.verify import Reader

from .choices import RepairChoices
from .pairs import bound_pairs, clash


@dataclass(frozen=True)
class RepairPlan:
    """At least `times` sessions change their time, and if it is as few, at least `rooms` their room.

    `options` narrow every session that need not go elsewhere to the place it has in the relaxation.
    """

    times: int
    rooms: int
    options: dict[str, Options]


@dataclass(frozen=True)
class ListedPlaces:
    """Places of a session at other times.

    Where it takes one that is not listed, it changes its room, unless that may be one in its own (`own_room`), and
    somebody who is not asked has to change as well, if it `moves_others`: perhaps the same one for several sessions.
    """

    places: tuple[Placement, ...]
    own_room: bool
    moves_others: bool = False


Use = tuple[int, int, cp_model.IntVar]
"""From when to when a room is taken if the literal holds, changeover and all."""


class ChangeBound:
    """The relaxed repair of `old`, in which every session occurs at most once, by the sessions of `problem` alone.

    Of plans that change as little it prefers those that leave few sessions to go elsewhere, then those whose places
    count least by `hinders`, and then those that touch the fewest sessions: one that gets another time and room counts
    as much as two that get one of these.
    """

    def __init__(
        self,
        problem: Problem,
        old: Timetable,
        *,
        choices: RepairChoices,
        listed: Mapping[str, ListedPlaces],
        hinders: Callable[[Placement], int],
    ) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.at = {p.session: p for p in old if p.session in self.sessions}
        self.kept: dict[str, list[cp_model.IntVar]] = {}
        self.elsewhere: dict[str, cp_model.IntVar] = {}
        self.places: dict[str, list[tuple[cp_model.IntVar, Placement]]] = {}
        self.time_changes: list[cp_model.LinearExprT] = [0]
        self.room_changes: list[cp_model.LinearExprT] = [0]
        self.hindered: list[cp_model.LinearExprT] = [0]
        self.moved: list[cp_model.LinearExprT] = [0]
        self.most_hindered = 0
        self._choices, self._hinders = choices, hinders
        self._moving: cp_model.IntVar | None = None
        self._far: dict[tuple[str, str, int], bool] = {}
        for code, placed in list(self.at.items()):
            if placed.end - placed.start != self.sessions[code].duration:
                self.time_changes.append(1)  # it changes in any case; where it goes is left open
                del self.at[code]
            else:
                self._place(self.sessions[code], placed, listed[code])
        self._rooms_once()
        self._apart()
        self._limits()
        self._groups()
        touched = len(self.at) + 1
        astray: list[cp_model.LinearExprT] = [0, *self.elsewhere.values()]
        counted = [self.time_changes, self.room_changes, astray, self.hindered, self.moved]
        # A change of time weighs twice what all rooms could: with just enough, CP-SAT took eight times as long for the
        # second day of a full house.
        units = [1]
        for most in (touched, self.most_hindered + 1, touched, 2 * len(self.sessions) + 1):
            units.insert(0, units[0] * most)
        self.cp.minimize(cp_model.LinearExpr.weighted_sum([cp_model.LinearExpr.sum(c) for c in counted], units))

    def plan(self, solver: cp_model.CpSolver) -> RepairPlan:
        """The counts and places of the optimum the solver has found."""
        options = {}
        for code, places in self.places.items():
            for literal, placement in places:
                if solver.boolean_value(literal):
                    options[code] = Options({placement.room: (placement.start,)})
        return RepairPlan(
            solver.value(cp_model.LinearExpr.sum(self.time_changes)),
            solver.value(cp_model.LinearExpr.sum(self.room_changes)),
            options,
        )

    def _place(self, session: Session, old: Placement, listed: ListedPlaces) -> None:
        rooms = self._choices.rooms_at(session, old.start)
        there = [Placement(session.code, old.start, old.end, room) for room in rooms]
        places = [(self.cp.new_bool_var(""), place) for place in (*there, *listed.places)]
        elsewhere = self.cp.new_bool_var("")
        self.kept[session.code] = [literal for literal, _ in places[: len(there)]]
        self.time_changes.extend([*(literal for literal, _ in places[len(there) :]), elsewhere])
        self.room_changes.extend(literal for literal, place in places if place.room != old.room)
        if not listed.own_room:
            self.room_changes.append(elsewhere)
        if listed.moves_others:
            self.cp.add_implication(elsewhere, self._others_moved())
        self.moved.extend(literal for literal, place in places if place != old)
        self.moved.append(elsewhere)
        hindered = [self._hinders(place) for _, place in places]
        self.hindered.extend(count * literal for count, (literal, _) in zip(hindered, places, strict=True) if count)
        self.most_hindered += max(hindered, default=0)
        self.cp.add_exactly_one([elsewhere, *(literal for literal, _ in places)])
        self.elsewhere[session.code] = elsewhere
        self.places[session.code] = places

    def _others_moved(self) -> cp_model.IntVar:
        """Somebody who is not asked changes at least a room; counted once, whoever asks for it."""
        if self._moving is None:
            self._moving = self.cp.new_bool_var("")
            self.room_changes.append(self._moving)
        return self._moving

    def _rooms_once(self) -> None:
        """At every moment at most one use of a room is running."""
        changeover = self.problem.rules.room_changeover_minutes
        uses: dict[str, list[Use]] = defaultdict(list)
        for places in self.places.values():
            for literal, place in places:
                room = self.rooms[place.room]
                for atom in () if room.allows_parallel_use else sorted(room.occupies):
                    uses[atom].append((place.start, place.end + changeover, literal))
        for held in uses.values():
            for running in at_once(held):
                self.cp.add_at_most_one(running)

    def _limits(self) -> None:
        """How many at once."""
        for _, limit, used in limits(self.problem):
            held = [
                (place.start, place.end, literal)
                for session in used
                for literal, place in self.places.get(session.code, ())
            ]
            for running in at_once(held):
                if len(running) > limit:
                    self.cp.add(cp_model.LinearExpr.sum(running) <= limit)

    def _apart(self) -> None:
        """Sessions that cannot both have certain times, or rooms too far from each other for who is in both."""
        reader = Reader(self.problem)
        for first, second in sorted(bound_pairs(self.problem)):
            if first in self.at and second in self.at:
                a, b = self.sessions[first], self.sessions[second]
                if clash(reader, a, self.at[first], b, self.at[second]):
                    self.cp.add_at_most_one([*self.kept[first], *self.kept[second]])
                else:
                    self._walk(reader, first, second)
                self._beside_kept(reader, first, second)
                self._beside_kept(reader, second, first)

    def _beside_kept(self, reader: Reader, mover: str, kept: str) -> None:
        """Listed places of one session at which another cannot keep its time."""
        a, b = self.sessions[mover], self.sessions[kept]
        known: dict[int, bool] = {}
        for literal, place in self.places[mover][len(self.kept[mover]) :]:
            if place.start not in known:
                known[place.start] = clash(reader, a, place, b, self.at[kept])
            if known[place.start]:
                self.cp.add_at_most_one([literal, *self.kept[kept]])

    def _walk(self, reader: Reader, first: str, second: str) -> None:
        """Rooms of two sessions that keep their times: those with the same ones out of reach exclude them together."""
        if self.sessions[first].people.isdisjoint(self.sessions[second].people):
            return
        early, late = sorted((self.at[first], self.at[second]), key=lambda placed: placed.start)
        if late.start - early.end >= reader.longest_gap:
            return
        there = [(literal, place) for literal, place in self.places[late.session] if place.start == late.start]
        alike: dict[frozenset[int], list[cp_model.IntVar]] = defaultdict(list)
        for literal, place in self.places[early.session]:
            if place.start == early.start:
                out_of_reach = (n for n, (_, other) in enumerate(there) if self._too_far(reader, place, other))
                alike[frozenset(out_of_reach)].append(literal)
        for far, literals in alike.items():
            if far:
                self.cp.add_at_most_one([*literals, *(there[number][0] for number in sorted(far))])

    def _too_far(self, reader: Reader, first: Placement, second: Placement) -> bool:
        """Can somebody not be in both? That is a matter of the rooms and the minutes between."""
        key = first.room, second.room, second.start - first.end
        if key not in self._far:
            one, other = ((p, self.sessions[p.session], self.rooms[p.room]) for p in (first, second))
            self._far[key] = any(reader.pair(one, other))
        return self._far[key]

    def _groups(self) -> None:
        """Who starts with others keeps the time with them; who shares a room with others is where they are."""
        for group in self.problem.same_time:
            for first, second in pairwise(sorted(group & self.kept.keys())):
                if self.at[first].start == self.at[second].start:
                    both = [cp_model.LinearExpr.sum([0, *self.kept[code]]) for code in (first, second)]
                    self.cp.add(both[0] == both[1])
                else:
                    self.cp.add_at_most_one([*self.kept[first], *self.kept[second]])
        for group in self.problem.same_room:
            for first, second in product(sorted(group & self.kept.keys()), repeat=2):
                for room in self.rooms if first != second else ():
                    here, there = self._in_room(first, room), self._in_room(second, room)
                    self.cp.add(here <= cp_model.LinearExpr.sum([there, self.elsewhere[second]]))

    def _in_room(self, code: str, room: str) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([0, *(literal for literal, place in self.places[code] if place.room == room)])


def at_once(uses: Iterable[Use]) -> Iterator[list[cp_model.IntVar]]:
    """The literals of uses that may run at one moment, without those of which another moment says more."""
    uses = list(uses)
    begins = [(start, True, number) for number, (start, _, _) in enumerate(uses)]
    ends = [(end, False, number) for number, (_, end, _) in enumerate(uses)]
    running: dict[int, cp_model.IntVar] = {}
    grown = False
    for _, is_beginning, number in sorted(begins + ends):
        if is_beginning:
            running[number] = uses[number][2]
            grown = True
        else:
            if grown and len(running) > 1:
                yield list(running.values())
            grown = False
            del running[number]
