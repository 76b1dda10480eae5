"""Too much for too little: sessions that need more time of rooms or people than there is, found by counting.

Each resource (all rooms together, a person, a single team, the interpreters, a limit on parallel sessions) offers its
minutes in stretches; each session needs some, where and when its own rules let it be. What it needs may be cut into
pieces and spread at will, so a maximum flow (Ford and Fulkerson 1956) that leaves a session wanting proves that there
is no timetable, and its minimum cut names the sessions that have too little: those of Hall's condition (Hall 1935) with
minutes for members. A second flow counts whole sessions, as 42 minutes fit once into an hour, not one time and a half.

Says nothing (None) where counting proves nothing; it never speaks of a problem that has a timetable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import gcd

import numpy as np
from ortools.graph.python import max_flow

from schedule.solver.exact.domains import Domains, RuleKey
from schedule.solver.problem import Interval, Problem, Session

from .interval_model import limits

MOST_LENGTHS = 8
"""Whole sessions are counted from so many lengths up, at most."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """What does not suffice, and for whom.

    `rule` is what makes the resource scarce: ("room_double",), ("person_twice", person), ("body_twice", body) or a
    limit of `interval_model.limits`. `rooms` (codes of the smallest rooms) are those that the sessions share. `needed`
    and `available` count minutes, or sessions if `whole`; a session in joined rooms counts for each of them.
    """

    rule: RuleKey
    sessions: tuple[str, ...]
    rooms: tuple[str, ...]
    needed: int
    available: int
    whole: bool


def shortage(domains: Domains) -> Shortage | None:
    """The first shortage that counting finds: people and teams, then limits, then rooms. None if it finds none."""
    if not all(option.starts for option in domains.options.values()):
        return None  # who has no place at all needs no count
    uses = _Uses(domains)
    for demand in chain(_of_others(uses), _of_rooms(uses)):  # the quickest first
        if (found := demand.shortage()) is not None:
            return found
    return None


ROOMS: RuleKey = ("room_double",)

Times = tuple[Interval, ...]
"""Stretches in order; no two touch."""


class _Uses:
    """How long each session keeps what it uses, and when it may."""

    def __init__(self, domains: Domains) -> None:
        self.domains = domains
        self.problem: Problem = domains.problem
        self._times: dict[tuple[int, int], Times] = {}
        self._alone: dict[int, list[tuple[str, int, Times]]] = {}
        self._same: dict[Times, Times] = {}

    @cached_property
    def grid(self) -> int:
        """All starts are multiples of it, so that what ends between two of them keeps others out until the next."""
        every = {id(starts): starts for option in self.domains.options.values() for starts in option.starts.values()}
        return gcd(*(gcd(*starts) for starts in every.values())) or 1

    def kept(self, session: Session, extra: int = 0) -> int:
        """Minutes from a start until the next session may start there."""
        return -(-(session.duration + extra) // self.grid) * self.grid

    def times(self, starts: tuple[int, ...], minutes: int) -> Times:
        """The stretches that a use of so many minutes can lie in, given its starts in order, which somebody keeps."""
        key = id(starts), minutes
        if key not in self._times:
            edges: list[int] = []
            for start in starts:
                if edges and start <= edges[-1]:
                    edges[-1] = start + minutes
                else:
                    edges += [start, start + minutes]
            found = tuple(Interval(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))
            self._times[key] = self._same.setdefault(found, found)
        return self._times[key]

    def joined(self, several: Iterable[Times]) -> Times:
        """As `_joined`; what is equal is one object, known by its `id`."""
        found = _joined(several)
        return self._same.setdefault(found, found)

    @cached_property
    def starts(self) -> dict[str, tuple[int, ...]]:
        """When each session may start in any room; mostly that does not depend on the room."""
        found = {}
        for code, option in self.domains.options.items():
            several = {id(starts): starts for starts in option.starts.values()}
            found[code] = next(iter(several.values())) if len(several) == 1 else option.all_starts
        return found

    @cached_property
    def alone(self) -> list[Session]:
        """Sessions during which no other may run."""
        on = self.domains.active
        return [one for one in self.problem.sessions if one.blocks_all and on(("blocks_all", one.code))]

    @cached_property
    def others(self) -> list[Session]:
        alone = {session.code for session in self.alone}
        return [session for session in self.problem.sessions if session.code not in alone]

    def keep_others_out(self, demand: _Demand, unit: str, extra: int) -> None:
        """During a session that runs alone nothing takes this unit, but for what the one before leaves behind."""
        for session, minutes, times in self._alone_for(extra):
            for _ in range(demand.width):
                demand.add(session, minutes, {unit: times})

    def _alone_for(self, extra: int) -> list[tuple[str, int, Times]]:
        """Sessions that run alone, the minutes that nothing else can reach into, and when these may be."""
        if extra not in self._alone:
            after = max((self.kept(other, extra) - other.duration for other in self.others), default=0)
            self._alone[extra] = [
                (
                    one.code,
                    minutes,
                    self.joined([tuple(Interval(t + after, t + one.duration) for t in self.starts[one.code])]),
                )
                for one in self.alone
                if (minutes := one.duration - after) > 0
            ]
        return self._alone[extra]


@dataclass
class _Need:
    """Sessions that are alike: each needs `minutes` (and one place) `times_over`, in any of `where`."""

    minutes: int
    times_over: int
    where: dict[str, Times]
    sessions: list[str] = field(default_factory=list)


@dataclass
class _Demand:
    """Everybody who needs one resource. It consists of units, each of which serves `width` sessions at a time."""

    rule: RuleKey
    width: int = 1
    needs: dict[object, _Need] = field(default_factory=dict)

    def add(self, code: str, minutes: int, where: dict[str, Times], times_over: int = 1) -> None:
        key = minutes, times_over, frozenset((unit, id(times)) for unit, times in where.items())
        self.needs.setdefault(key, _Need(minutes, times_over, where)).sessions.append(code)

    def shortage(self) -> Shortage | None:
        needs = [need for need in self.needs.values() if need.minutes > 0]
        if _have_plenty(needs, self.width):
            return None
        return self._in_minutes(needs) or self._in_sessions([need for need in needs if need.times_over == 1])

    def _in_minutes(self, needs: Sequence[_Need]) -> Shortage | None:
        """Whether all the minutes needed can be had."""
        stretches = {id(times): times for need in needs for times in need.where.values()}.values()
        edges = sorted({edge for times in stretches for span in times for edge in (span.start, span.end)})
        index = {edge: number for number, edge in enumerate(edges)}
        alike = _alike(needs)
        supply: dict[tuple[str, int], int] = {}
        arcs: list[tuple[int, tuple[str, int], int]] = []
        for number, need in enumerate(needs):
            for unit, units in alike.items():
                most = len(need.sessions) * min(len(units), need.times_over)
                spans = need.where.get(unit, ())
                for piece in (piece for span in spans for piece in range(index[span.start], index[span.end])):
                    size = edges[piece + 1] - edges[piece]
                    supply[unit, piece] = size * len(units) * self.width
                    arcs.append((number, (unit, piece), most * min(size, need.minutes)))
        wanted = [need.minutes * need.times_over * len(need.sessions) for need in needs]
        return self._missing(needs, wanted, supply, arcs, whole=False)

    def _in_sessions(self, single: Sequence[_Need]) -> Shortage | None:
        """Whether all the sessions can be had, of one length or longer at a time."""
        for least in sorted({need.minutes for need in single}, reverse=True)[:MOST_LENGTHS]:
            needs = [need for need in single if need.minutes >= least]
            supply: dict[tuple[str, int], int] = {}
            arcs: list[tuple[int, tuple[str, int], int]] = []
            for unit, units in _alike(needs).items():
                joined = _joined({id(one): one for need in needs if (one := need.where.get(unit))}.values())
                for place, stretch in enumerate(joined):
                    supply[unit, place] = (stretch.end - stretch.start) // least * len(units) * self.width
                    arcs += [
                        (number, (unit, place), len(need.sessions))
                        for number, need in enumerate(needs)
                        if any(span.overlaps(stretch) for span in need.where.get(unit, ()))
                    ]
            found = self._missing(needs, [len(need.sessions) for need in needs], supply, arcs, whole=True)
            if found is not None:
                return found
        return None

    def _missing(
        self,
        needs: Sequence[_Need],
        wanted: Sequence[int],
        supply: dict[tuple[str, int], int],
        arcs: Sequence[tuple[int, tuple[str, int], int]],
        *,
        whole: bool,
    ) -> Shortage | None:
        """What a maximum flow from the needs to the supply leaves wanting."""
        places = {place: len(needs) + number for number, place in enumerate(supply)}
        source, sink = len(needs) + len(places), len(needs) + len(places) + 1
        network = max_flow.SimpleMaxFlow()
        network.add_arcs_with_capacity(
            np.array([source] * len(needs) + [one for one, _, _ in arcs] + list(places.values())),
            np.array([*range(len(needs)), *(places[place] for _, place, _ in arcs), *([sink] * len(places))]),
            np.array([*wanted, *(most for _, _, most in arcs), *supply.values()]),
        )
        if network.solve(source, sink) != network.OPTIMAL:
            raise RuntimeError("The flow of a count has no maximum.")
        missing = sum(wanted) - network.optimal_flow()
        if missing <= 0:
            return None
        cut = set(network.get_source_side_min_cut())
        short = [number for number in range(len(needs)) if number in cut]
        needed = sum(wanted[number] for number in short)
        units = {unit for number in short for unit in needs[number].where}
        return Shortage(
            rule=self.rule,
            sessions=tuple(dict.fromkeys(code for number in short for code in needs[number].sessions)),
            rooms=tuple(sorted(units)) if self.rule == ROOMS else (),
            needed=needed,
            available=needed - missing,
            whole=whole,
        )


def _of_rooms(uses: _Uses) -> Iterator[_Demand]:
    """The rooms: what is joined takes each of its parts. Who may use a room that is shared needs none of them."""
    domains, problem = uses.domains, uses.problem
    minutes = problem.rules.room_changeover_minutes
    atoms: dict[str, list[str]] = {}
    extra: dict[str, int] = {}
    for room in problem.rooms:
        exclusive = [] if room.allows_parallel_use else sorted(room.occupies)
        atoms[room.code] = [atom for atom in exclusive if domains.active(("room_double", atom))]
        extra |= {atom: minutes if minutes and domains.active(("changeover", atom)) else 0 for atom in exclusive}
    demand = _Demand(ROOMS)
    for session in uses.others:
        starts = domains.options[session.code].starts
        fewest = min(len(atoms[room]) for room in starts)
        if not fewest:
            continue
        where: dict[str, Times] = {}
        kept = uses.kept(session, min(extra[atom] for room in starts for atom in atoms[room]))
        for code, allowed in starts.items():
            times = uses.times(allowed, kept)
            for atom in atoms[code]:
                where[atom] = times if where.get(atom, times) is times else uses.joined((where[atom], times))
        demand.add(session.code, kept, where, fewest)
    for unit in sorted({unit for need in demand.needs.values() for unit in need.where}):
        uses.keep_others_out(demand, unit, minutes)
    yield demand


def _of_others(uses: _Uses) -> Iterator[_Demand]:
    """People, single teams, and the limits on how many run at once."""
    problem, on = uses.problem, uses.domains.active
    bound: dict[str, list[Session]] = {}
    for session in problem.sessions:
        for code in session.people:
            bound.setdefault(code, []).append(session)
    for person, theirs in sorted(bound.items()):
        if len(theirs) > 1 and on(("person_twice", person)):
            yield _of_one(uses, ("person_twice", person), 1, theirs)
    for body in problem.bodies:
        theirs = [session for session in problem.sessions if body.code in session.bodies]
        if body.single_team and len(theirs) > 1 and on(("body_twice", body.code)):
            yield _of_one(uses, ("body_twice", body.code), 1, theirs)
    for rule, limit, counted in limits(problem):
        if len(counted) > limit and on(rule):
            yield _of_one(uses, rule, limit, counted)


def _of_one(uses: _Uses, rule: RuleKey, width: int, sessions: Sequence[Session]) -> _Demand:
    demand = _Demand(rule, width)
    alone = {session.code for session in uses.alone}
    for session in sessions:
        if session.code not in alone:
            kept = uses.kept(session)
            demand.add(session.code, kept, {"": uses.times(uses.starts[session.code], kept)})
    uses.keep_others_out(demand, "", 0)
    return demand


def _have_plenty(needs: Sequence[_Need], width: int) -> bool:
    """Whether what serves the one that has least would serve all of them one after another: then no count is needed."""
    longest = max((need.minutes for need in needs), default=0)
    turns = sum(len(need.sessions) * need.times_over for need in needs)
    return all(
        width * sum((span.end - span.start) // longest for span in times) >= turns
        for times in {id(times): times for need in needs for times in need.where.values()}.values()
    )


def _alike(needs: Sequence[_Need]) -> dict[str, list[str]]:
    """The units that nobody tells apart, under the name of the first."""
    found: dict[tuple[int, ...], list[str]] = {}
    for unit in dict.fromkeys(unit for need in needs for unit in need.where):
        found.setdefault(tuple(id(need.where.get(unit)) for need in needs), []).append(unit)
    return {units[0]: units for units in found.values()}


def _joined(several: Iterable[Times]) -> Times:
    """The stretches that any of these cover; those that touch are one."""
    found: list[Interval] = []
    for span in sorted(span for spans in several for span in spans):
        if found and span.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)
