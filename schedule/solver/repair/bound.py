"""How few changes could a repair possibly make? A small relaxation whose optimum is a proof, and a plan to follow.

Every session either keeps its time (in any room that suits it then), or moves to one of the other places that are
listed for it, or goes elsewhere. Sessions that have a place exclude each other as the rules say; one that goes
elsewhere costs what a place that is not listed costs at least, and is taken to find it. So no timetable has fewer
changes; and if those that go elsewhere do find places beside the others, that timetable has exactly so many: minimal,
and proved without searching all timetables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, product

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import limits
from schedule.solver.problem import Placement, Problem, Session, Timetable
from schedule.solver.verify import Reader

from .choices import RepairChoices
from .pairs import bound_pairs, clash
from .programme import BinaryProgramme, Effort, Price

ASTRAY, HINDERED, TOUCHED = 1000, 10, 1
"""Of plans that change as little: how much it counts that a session goes elsewhere, hinders one, changes at all."""


@dataclass(frozen=True)
class RepairPlan:
    """At least `times` sessions change their time, and if it is as few, at least `rooms` their room.

    `options` narrow every session that need not go elsewhere to the place it has in the relaxation. Those in `moved`
    were not asked, but somebody who goes elsewhere takes their place. Nobody is placed where there was no time for it.
    """

    times: int
    rooms: int
    options: dict[str, Options]
    moved: frozenset[str] = frozenset()
    placed: bool = True


@dataclass(frozen=True)
class ListedPlaces:
    """Places of a session at other times.

    Where it takes one that is not listed, it changes its room, unless that may be one in its own (`own_room`), and
    somebody who is not asked has to change as well, if it `moves_others`: perhaps the same one for several sessions.
    Of places in its own room that are not listed either, each takes those of one of the sets `instead_of` from theirs.
    """

    places: tuple[Placement, ...]
    own_room: bool
    moves_others: bool = False
    instead_of: tuple[frozenset[str], ...] = ()


Use = tuple[int, int, int]
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
        self.rules = BinaryProgramme()
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.at = {p.session: p for p in old if p.session in self.sessions}
        self.kept: dict[str, list[int]] = {}
        self.elsewhere: dict[str, list[int]] = {}
        self.places: dict[str, list[tuple[int, Placement]]] = {}
        self.time_changes: set[int] = set()
        self.room_changes: set[int] = set()
        self.preferred: Counter[int] = Counter()
        self._others: dict[str, int] = {}
        self._moving: list[int] = []
        self._choices, self._hinders = choices, hinders
        self._far: dict[tuple[str, str, int], bool] = {}
        self._longer = 0
        for code, placed in list(self.at.items()):
            if placed.end - placed.start != self.sessions[code].duration:
                self._longer += 1  # it changes in any case; where it goes is left open
                del self.at[code]
            else:
                self._place(self.sessions[code], placed, listed[code])
        self._others_moved()
        self._rooms_once()
        self._apart()
        self._limits()
        self._groups()

    def plan(self, effort: Effort, share: float, known: tuple[int, int] | None = None) -> RepairPlan:
        """The counts and places of the optimum, as far as this share of the work brings it.

        Where as few changes as the optimum has are `known`, its places are not asked for.
        """
        # One change of its room for each, and perhaps for one more who is not asked.
        most = len(self.at) + len(self._others) + 1
        price = Price(frozenset(self.time_changes), dict.fromkeys(self.room_changes, 1), most)
        enough = None if known is None else (known[0] - self._longer) * price.weight + known[1]
        found = self.rules.best(price, self.preferred, effort, share, enough)
        times, rooms = divmod(found.least, price.weight)
        if found.chosen is None:
            return RepairPlan(times + self._longer, rooms, {}, placed=False)
        options = {
            code: Options({placement.room: (placement.start,)})
            for code, places in self.places.items()
            for literal, placement in places
            if literal in found.chosen
        }
        moved = frozenset(code for code, literal in self._others.items() if literal in found.chosen)
        return RepairPlan(times + self._longer, rooms, options, moved)

    def _place(self, session: Session, old: Placement, listed: ListedPlaces) -> None:
        rooms = self._choices.rooms_at(session, old.start)
        there = [Placement(session.code, old.start, old.end, room) for room in rooms]
        places = [(self.rules.literal(), place) for place in (*there, *listed.places)]
        for literal, place in places:
            if place != old:
                self._change(literal, time=place.start != old.start, room=place.room != old.room)
            self.preferred[literal] += HINDERED * self._hinders(place)
        self.kept[session.code] = [literal for literal, _ in places[: len(there)]]
        self.elsewhere[session.code] = elsewhere = [self._astray(room=not listed.own_room)]
        if listed.moves_others:
            self._moving.append(elsewhere[0])
        for others in listed.instead_of:
            elsewhere.append(self._astray(room=False))
            for code in others:
                self.rules.not_more([elsewhere[-1]], [self._other(code)])
        self.rules.exactly_one([*elsewhere, *(literal for literal, _ in places)])
        self.places[session.code] = places

    def _change(self, literal: int, *, time: bool, room: bool) -> None:
        if time:
            self.time_changes.add(literal)
        if room:
            self.room_changes.add(literal)
        self.preferred[literal] += TOUCHED

    def _astray(self, *, room: bool) -> int:
        literal = self.rules.literal()
        self._change(literal, time=True, room=room)
        self.preferred[literal] += ASTRAY
        return literal

    def _other(self, code: str) -> int:
        """Somebody who is not asked changes at least a room; counted once, whoever asks for it."""
        if code not in self._others:
            self._others[code] = self.rules.literal()
            self._change(self._others[code], time=False, room=True)
        return self._others[code]

    def _others_moved(self) -> None:
        """Where somebody who is not asked has to change, whoever it is, one of those counted already will do."""
        if self._moving:
            anybody = self.rules.literal()
            self._change(anybody, time=False, room=True)
            for literal in self._moving:
                self.rules.not_more([literal], [anybody, *self._others.values()])

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
                self.rules.at_most(running)

    def _limits(self) -> None:
        """How many at once."""
        for _, limit, used in limits(self.problem):
            held = [
                (place.start, place.end, literal)
                for session in used
                for literal, place in self.places.get(session.code, ())
            ]
            for running in at_once(held):
                self.rules.at_most(running, limit)

    def _apart(self) -> None:
        """Sessions that cannot both have certain times, or rooms too far from each other for who is in both."""
        reader = Reader(self.problem)
        for first, second in sorted(bound_pairs(self.problem)):
            if first in self.at and second in self.at:
                a, b = self.sessions[first], self.sessions[second]
                if clash(reader, a, self.at[first], b, self.at[second]):
                    self.rules.at_most([*self.kept[first], *self.kept[second]])
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
                self.rules.at_most([literal, *self.kept[kept]])

    def _walk(self, reader: Reader, first: str, second: str) -> None:
        """Rooms of two sessions that keep their times: those with the same ones out of reach exclude them together."""
        if self.sessions[first].people.isdisjoint(self.sessions[second].people):
            return
        early, late = sorted((self.at[first], self.at[second]), key=lambda placed: placed.start)
        if late.start - early.end >= reader.longest_gap:
            return
        there = [(literal, place) for literal, place in self.places[late.session] if place.start == late.start]
        alike: dict[frozenset[int], list[int]] = defaultdict(list)
        for literal, place in self.places[early.session]:
            if place.start == early.start:
                out_of_reach = (n for n, (_, other) in enumerate(there) if self._too_far(reader, place, other))
                alike[frozenset(out_of_reach)].append(literal)
        for far, literals in alike.items():
            if far:
                self.rules.at_most([*literals, *(there[number][0] for number in sorted(far))])

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
                    self.rules.not_more(self.kept[first], self.kept[second])
                    self.rules.not_more(self.kept[second], self.kept[first])
                else:
                    self.rules.at_most([*self.kept[first], *self.kept[second]])
        for group in self.problem.same_room:
            for first, second in product(sorted(group & self.kept.keys()), repeat=2):
                for room in self.rooms if first != second else ():
                    there = [*self._in_room(second, room), *self.elsewhere[second]]
                    self.rules.not_more(self._in_room(first, room), there)

    def _in_room(self, code: str, room: str) -> list[int]:
        return [literal for literal, place in self.places[code] if place.room == room]


def at_once(uses: Iterable[Use]) -> Iterator[list[int]]:
    """The literals of uses that may run at one moment, without those of which another moment says more."""
    uses = list(uses)
    begins = [(start, True, number) for number, (start, _, _) in enumerate(uses)]
    ends = [(end, False, number) for number, (_, end, _) in enumerate(uses)]
    running: dict[int, int] = {}
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
