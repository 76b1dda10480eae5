"""How few changes, asked of the few sessions that a loss can touch; all others are taken to stay where they are.

The bound of some sessions alone (`bound.ChangeBound`) holds for all: nobody can be made to change less by having others
beside. Where several plans change as little, the one is taken that hinders fewest of the others. Those it does hinder
are asked next time too. When a plan hinders nobody, it is a plan for all sessions, as good as the bound of its part:
the bound of all together could say no more. (Constraint generation, as Dantzig, Fulkerson and Johnson 1954 did it for
the travelling salesman; here whole sessions come in with their constraints.)

Where rooms are full, one session after the other comes in so. Then all are asked that run in the same stretches of time
(`stretches`): stretch by stretch, since who keeps a time in one does not meet who keeps a time in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Protocol

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import UnplaceableError
from schedule.solver.problem import Placement, Problem, Timetable, only
from schedule.solver.verify import violations

from .beside import Beside
from .bound import ChangeBound, ListedPlaces, RepairPlan
from .choices import RepairChoices
from .listing import Company, Lister
from .programme import Effort
from .stretches import stretches, with_groups

MOST_ROUNDS = 5
MOST_FREE = 24
MOST_MORE = 5
"""After as many rounds, with more sessions than that, after a round that hinders more than so many others, and after
one that is not soon proved, stretches are asked."""

MOST_TOGETHER = 2
"""How often the stretches are asked together."""

ROUND, STRETCHES = 0.03, 0.1
"""The shares of the work for one round and for one stretch."""


def least_changes(
    problem: Problem, old: Timetable, broken: frozenset[str], effort: RepairEffort
) -> Iterator[RepairPlan]:
    """The bound, and a plan for the sessions of `old`; if another is asked for, one that may say more.

    Where the time did not suffice for a plan there is the bound alone.
    `broken` are all sessions that break a rule in `old`, and those that have no place in it. Raises UnplaceableError.
    """
    return _Asking(replace(problem, attendees=()), old, broken, effort).plans()


class RepairEffort(Effort, Protocol):
    """How much may be done, and what has come of it."""

    @property
    def known(self) -> tuple[int, int] | None:
        """Changes of times and of rooms in the best repair found so far: no plan for as many is asked for."""


class _Asking:
    def __init__(self, problem: Problem, old: Timetable, broken: frozenset[str], effort: RepairEffort) -> None:
        self.problem, self.old, self.broken, self.effort = problem, old, broken, effort
        self.choices = RepairChoices(problem)
        self.lister = Lister(self.choices, old)
        self.sessions = {session.code: session for session in problem.sessions}
        self.at = {placed.session: placed for placed in old}

    def plans(self) -> Iterator[RepairPlan]:
        for code in sorted(self.broken):
            if not self.choices.anywhere(self.sessions[code]):
                raise UnplaceableError(code)
        free = with_groups(self.problem, self.broken)
        beside = Beside(self.problem, self.old)
        for _ in range(MOST_ROUNDS):
            if len(free) > MOST_FREE:
                break
            plan = self._bound(free, self._in_own_rooms(free), ROUND, partial(_count, beside, free))
            if not plan.placed:
                break
            plan = replace(plan, options=self._staying(free) | plan.options)
            hindered = self._wrong(plan)
            if not hindered:
                yield plan
                return
            if not 0 < len(hindered - free) <= MOST_MORE:
                break
            free = with_groups(self.problem, free | hindered)
        yield from self._by_stretches()

    def _by_stretches(self) -> Iterator[RepairPlan]:
        """The sums over the stretches in which somebody must change, with few places listed; then all of them together.

        Together, whoever goes elsewhere even so has every place listed, and so again whoever does then.
        """
        asked = list(stretches(self.problem, self.old, self.broken))
        touched = frozenset().union(*asked)
        company = Company(self.problem, tuple(placed for placed in self.old if placed.session not in touched))
        listed: dict[str, ListedPlaces] = {}
        plans: list[RepairPlan] = []
        for free in asked:
            # What those of an earlier stretch have taken is free no more.
            listed |= {p.session: self._some(p) for p in self.old if p.session in free}
            plans.append(self._of_stretch(free, listed))
        plan = self._joined(plans, touched)
        yield plan
        for _ in range(MOST_TOGETHER):
            astray = [p for p in self.old if p.session in touched and p.session not in plan.options]
            if not plan.placed or not self._list_all(listed, astray, company):
                return
            self.lister = Lister(self.choices, self.old)
            plan = self._joined([self._of_stretch(touched, listed, self.effort.known)], touched)
            yield plan

    def _joined(self, plans: list[RepairPlan], touched: frozenset[str]) -> RepairPlan:
        moved = frozenset().union(*(plan.moved for plan in plans))
        options = self._staying(touched | moved)
        for plan in plans:
            options |= plan.options
        times, rooms = sum(plan.times for plan in plans), sum(plan.rooms for plan in plans)
        return RepairPlan(times, rooms, options, moved, placed=all(plan.placed for plan in plans))

    def _of_stretch(
        self, free: frozenset[str], listed: dict[str, ListedPlaces], known: tuple[int, int] | None = None
    ) -> RepairPlan:
        settled = Beside(self.problem, self.lister.settled(free))
        everybody = self.lister.everybody.beside

        def hinders(place: Placement) -> int:
            keeps_time = place.start == self.at[place.session].start
            return len((settled if keeps_time else everybody).hindered(place, free))

        plan = self._bound(free, listed, STRETCHES, hinders, known)
        self.lister.take(self._places(plan.options))
        return plan

    def _some(self, placed: Placement) -> ListedPlaces:
        return self.lister.some(self.sessions[placed.session], placed, anywhere=placed.session in self.broken)

    def _list_all(self, listed: dict[str, ListedPlaces], astray: list[Placement], company: Company) -> bool:
        """List every place for these; whether there is one that was not listed before."""
        before = [listed[placed.session] for placed in astray]
        for placed in astray:
            session = self.sessions[placed.session]
            listed[session.code] = self.lister.all_beside(session, placed, company)
        return before != [listed[placed.session] for placed in astray]

    def _in_own_rooms(self, free: frozenset[str]) -> dict[str, ListedPlaces]:
        # Of two answers with as many changes one may touch fewer sessions. Many that must move are asked by stretches.
        moving = self.broken if len(self.broken) <= MOST_MORE else frozenset()
        return {
            p.session: self.lister.all_in_own_room(self.sessions[p.session], p, anywhere=p.session in moving)
            for p in self.old
            if p.session in free
        }

    def _bound(
        self,
        free: frozenset[str],
        listed: dict[str, ListedPlaces],
        share: float,
        hinders: Callable[[Placement], int],
        known: tuple[int, int] | None = None,
    ) -> RepairPlan:
        mine = tuple(placed for placed in self.old if placed.session in free)
        bound = ChangeBound(only(self.problem, free), mine, choices=self.choices, listed=listed, hinders=hinders)
        return bound.plan(self.effort, share, known)

    def _staying(self, free: frozenset[str]) -> dict[str, Options]:
        return {p.session: Options({p.room: (p.start,)}) for p in self.old if p.session not in free}

    def _places(self, options: dict[str, Options]) -> Timetable:
        return tuple(
            Placement(code, start, start + self.sessions[code].duration, room)
            for code, option in options.items()
            for room, starts in option.starts.items()
            for start in starts
        )

    def _wrong(self, plan: RepairPlan) -> frozenset[str]:
        """Who breaks a rule in a plan, but for those without a place in it."""
        wrong = violations(self.problem, self._places(plan.options))
        return frozenset(code for one in wrong if one.rule != "missing" for code in one.sessions)


def _count(beside: Beside, free: frozenset[str], place: Placement) -> int:
    """How many of those beside are hindered by a place."""
    return len(beside.hindered(place, free))
