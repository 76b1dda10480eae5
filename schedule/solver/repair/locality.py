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

from collections.abc import Callable
from dataclasses import replace

from ortools.sat.python import cp_model

from schedule.solver.exact.domains import Options
from schedule.solver.exact.interval_model import UnplaceableError
from schedule.solver.problem import Placement, Problem, Timetable, only
from schedule.solver.verify import violations

from .beside import Beside
from .bound import ChangeBound, Listed, RepairPlan
from .choices import Choices
from .listing import Lister
from .stretches import stretches, with_groups

MOST_ROUNDS = 4
MOST_FREE = 24
"""After as many rounds, with more sessions than that, or after a round that is not soon proved, stretches are asked."""

SolveBound = Callable[[cp_model.CpModel, float], cp_model.CpSolver | None]
"""Solves a relaxation to its optimum with a share of the work; None where that or the time did not suffice."""

ROUND, STRETCHES = 0.03, 0.3
"""The shares of the work for one round and for all stretches."""


def least_changes(problem: Problem, old: Timetable, broken: frozenset[str], solve: SolveBound) -> RepairPlan | None:
    """The bound, and a plan for the sessions of `old`. None if it is not known in time.

    `broken` are all sessions that break a rule in `old`, and those that have no place in it. Raises UnplaceableError.
    """
    return _Asking(replace(problem, attendees=()), old, broken, solve).answer()


class _Asking:
    def __init__(self, problem: Problem, old: Timetable, broken: frozenset[str], solve: SolveBound) -> None:
        self.problem, self.old, self.broken, self.solve = problem, old, broken, solve
        self.choices = Choices(problem)
        self.lister = Lister(self.choices, old)
        self.sessions = {session.code: session for session in problem.sessions}
        self.at = {placed.session: placed for placed in old}

    def answer(self) -> RepairPlan | None:
        for code in sorted(self.broken):
            if not self.choices.anywhere(self.sessions[code]):
                raise UnplaceableError(code)
        free = with_groups(self.problem, self.broken)
        beside = Beside(self.problem, self.old)
        for _ in range(MOST_ROUNDS):
            if len(free) > MOST_FREE:
                break
            plan = self._bound(free, whole=True, hinders=self._counting(beside, free))
            if plan is None:
                break
            plan = replace(plan, options=self._staying(free) | plan.options)
            hindered = self._wrong(plan)
            if not hindered:
                return plan
            if hindered <= free:
                break
            free = with_groups(self.problem, free | hindered)
        return self._by_stretches()

    def _by_stretches(self) -> RepairPlan | None:
        """The sums over the stretches in which somebody must change."""
        times = rooms = 0
        options = self._staying(frozenset())
        for free in stretches(self.problem, self.old, self.broken):
            beside = Beside(self.problem, tuple(self.lister.moved.values())) if self.lister.moved else None
            plan = self._bound(free, whole=False, hinders=self._counting(beside, free))
            if plan is None:
                return None
            times, rooms = times + plan.times, rooms + plan.rooms
            options = {code: option for code, option in options.items() if code not in free} | plan.options
            self.lister.take(self._places(plan.options))
        return RepairPlan(times, rooms, options)

    def _counting(self, beside: Beside | None, free: frozenset[str]) -> Callable[[Placement], int]:
        """How many of those beside are hindered by a place."""
        if beside is None:
            return lambda _: 0
        return lambda place: len(beside.hindered(place, free))

    def _bound(self, free: frozenset[str], *, whole: bool, hinders: Callable[[Placement], int]) -> RepairPlan | None:
        """`whole`: with every place in their own rooms, else with few that hinder nobody."""
        mine = tuple(placed for placed in self.old if placed.session in free)
        listed = {placed.session: self._listed(placed, whole=whole) for placed in mine}
        part = only(self.problem, free)
        bound = ChangeBound(part, mine, choices=self.choices, listed=listed, hinders=hinders)
        solver = self.solve(bound.cp, ROUND if whole else STRETCHES)
        return None if solver is None else bound.plan(solver)

    def _listed(self, placed: Placement, *, whole: bool) -> Listed:
        session = self.sessions[placed.session]
        if whole:
            return self.lister.all_in_own_room(session, placed)
        return self.lister.some(session, placed, anywhere=session.code in self.broken)

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
