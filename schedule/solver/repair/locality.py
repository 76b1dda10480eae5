"""How few changes, asked of the few sessions that a loss can touch; all others are taken to stay where they are.

The bound of some sessions alone (`bound.ChangeBound`) holds for all: nobody can be made to change less by having others
beside. Where several plans change as little, the one is taken that hinders fewest of the others. Those it does hinder
are asked next time too. When a plan hinders nobody, it is a plan for all sessions, as good as the bound of its part:
the bound of all together could say no more. (Constraint generation, as Dantzig, Fulkerson and Johnson 1954 did it for
the travelling salesman; here whole sessions come in with their constraints.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace

from ortools.sat.python import cp_model

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.problem import Placement, Problem, Timetable, only
from schedule.solver.verify import Placed, Reader

from .bound import ChangeBound, RepairPlan

MOST_ROUNDS = 6
MOST_FREE = 4
"""After as many rounds, once more than one session in MOST_FREE is asked, and after a round that is not soon proved,
all are asked at once, without preferences: a part that goes on growing costs more than the whole."""

SMALL = 100
"""So many sessions are asked whatever part of all they are."""

SolveBound = Callable[[cp_model.CpModel, float], cp_model.CpSolver | None]
"""Solves a relaxation to its optimum with a share of the work; None where that or the time did not suffice."""

ROUND, WHOLE = 0.03, 0.3
"""The shares of the work for one round and for all sessions at once."""


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
        self._bound: dict[str, list[Placed]] = {}

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
        return frozenset(found)

    def _near(self, mine: Placed) -> Iterator[Placed]:
        place, session, room = mine
        gap = self._reader.longest_gap
        for atom in room.occupies:
            for other in self._in_room[atom]:
                if other[0].start < place.end + gap and place.start < other[0].end + gap:
                    yield other
        if session.code not in self._bound:
            self._bound[session.code] = [other for other in self._placed.values() if _bound(mine, other)]
        yield from self._bound[session.code]


def _bound(mine: Placed, other: Placed) -> bool:
    """Can two sessions be wrong for each other in different rooms?"""
    a, b = mine[1], other[1]
    return a is not b and (
        not a.people.isdisjoint(b.people)
        or a.blocks_all
        or b.blocks_all
        or not set(a.bodies).isdisjoint(b.bodies)
        or b.code in a.not_parallel_with
        or a.code in b.not_parallel_with
        or b.code in a.after
        or a.code in b.after
    )


def least_changes(problem: Problem, old: Timetable, broken: frozenset[str], solve: SolveBound) -> RepairPlan | None:
    """The bound, and a plan for the sessions of `old`. None if it is not known in time.

    `broken` are all sessions that break a rule in `old`, and those that have no place in it. Raises UnplaceableError.
    """
    bare = replace(problem, attendees=())
    beside = Beside(bare, old)
    free = _with_groups(problem, broken)
    for _ in range(MOST_ROUNDS):
        if len(free) * MOST_FREE > len(problem.sessions) and len(free) > SMALL:
            break
        hindered = _Hindered(beside, free)
        mine = tuple(p for p in old if p.session in free)
        bound = ChangeBound(TimetableModel(only(bare, free)), mine, hinders=hindered.count)
        solver = solve(bound.cp, ROUND)
        if solver is None:
            break
        plan = bound.plan(solver)
        more = hindered.by(plan.options)
        if not more:
            stay = {p.session: Options({p.room: (p.start,)}) for p in old if p.session not in free}
            return replace(plan, options=stay | plan.options)
        free = _with_groups(problem, free | more)
    whole = ChangeBound(TimetableModel(bare), old, hinders=lambda _: 0)
    solver = solve(whole.cp, WHOLE)
    return None if solver is None else whole.plan(solver)


class _Hindered:
    """Whom places hinder while some sessions are free."""

    def __init__(self, beside: Beside, free: frozenset[str]) -> None:
        self._beside, self._free = beside, free
        self._known: dict[tuple[str, int, str], frozenset[str]] = {}

    def count(self, place: Placement) -> int:
        """How many; remembers who."""
        who = self._known[place.session, place.start, place.room] = self._beside.hindered(place, self._free)
        return len(who)

    def by(self, options: dict[str, Options]) -> frozenset[str]:
        """All who are hindered by a plan, whose places have been counted."""
        found: set[str] = set()
        for code, option in options.items():
            for room, starts in option.starts.items():
                found.update(*(self._known[code, start, room] for start in starts))
        return frozenset(found)


def _with_groups(problem: Problem, codes: frozenset[str]) -> frozenset[str]:
    """These and all that must start with them or share their room."""
    groups = [*problem.same_time, *problem.same_room]
    while True:
        more = codes.union(*(group for group in groups if group & codes))
        if more == codes:
            return codes
        codes = more
