"""Repair a timetable that no longer fits its problem, with the fewest changes.

Order of goals: fewest sessions at another time, then fewest in another room, then quality (see `objective`). A
relaxation says how few changes are possible (`bound`; `locality` asks it of few sessions) and often how to get there.
Otherwise the sessions that break a rule may move, then those near them, then all. A repair is proved minimal when it
meets the relaxation's count, or when the search among all timetables has ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Literal

from ortools.sat.python import cp_model

from schedule.solver.budget import WORK_PER_SECOND, Deadline, ShouldStop, new_solver, stoppable, watched
from schedule.solver.exact.counting import shortage
from schedule.solver.exact.domains import Domains, Options
from schedule.solver.exact.interval_model import TimetableModel, UnplaceableError
from schedule.solver.exact.objective_terms import moved_rooms, moved_times, quality
from schedule.solver.objective import SeatDemand, measure
from schedule.solver.problem import Placement, Problem, Timetable, Weights
from schedule.solver.run import WrongTimetableError
from schedule.solver.verify import violations

from .choices import RepairChoices
from .locality import least_changes

FEW = 80
"""With more sessions the pairs of wishes make the last step too slow; rooms and half hours are still polished. Up to as
many, whether there are fewer changes is mostly settled in a second or two."""

MOST_POLISH = 1.0
"""With as many sessions, at most so many seconds' worth of work for the last step."""

ChangeKind = Literal["time", "room", "both"]


@dataclass(frozen=True, slots=True, order=True)
class RepairChange:
    """One session that is now at another time (or of another length), in another room, or both."""

    session: str
    kind: ChangeKind
    old: Placement
    new: Placement


@dataclass(frozen=True, slots=True)
class Repair:
    """The repaired timetable and what changed. Sessions added to or withdrawn from the problem are no changes.

    `feasible` is False if it is proved that the problem has no timetable (`timetable` is None then), None if none
    was found in time. `proved_minimal`: no timetable has fewer time changes, nor with as many fewer room changes.
    `at_least` so many sessions change their time, and if it is as few, so many their room, in every right timetable.
    `objective` is the weighted sum of `terms`, whose stability terms count against the timetable that was given.
    """

    feasible: bool | None
    timetable: Timetable | None
    changes: tuple[RepairChange, ...]
    changes_by_kind: dict[ChangeKind, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    proved_minimal: bool
    at_least: tuple[int, int]
    objective: int | None
    terms: dict[str, int]
    seconds: float


def repair(
    problem: Problem,
    timetable: Timetable,
    *,
    seconds: float = 10.0,
    seed: int = 0,
    weights: Weights | None = None,
    should_stop: ShouldStop | None = None,
    at_once: bool = False,
) -> Repair:
    """The nearest right timetable. `timetable` may break any rule, lack sessions or hold some that are gone.

    `at_once`: with many sessions it ends with the first one that the relaxation leads to, proved minimal or not.
    """
    deadline = Deadline(seconds, should_stop)
    return _Repairer(problem, timetable, deadline, seed, weights or problem.weights, at_once=at_once).run()


class _Repairer:
    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        deadline: Deadline,
        seed: int,
        weights: Weights,
        *,
        at_once: bool,
    ) -> None:
        self.problem = problem
        self.at_once = at_once
        self.deadline = deadline
        self.seed = seed
        self.weights = weights
        self.sessions = {session.code: session for session in problem.sessions}
        self.given = timetable
        # A session placed twice is kept at its earliest placement.
        kept = {p.session: p for p in sorted(timetable, reverse=True) if p.session in self.sessions}
        self.old: Timetable = tuple(sorted(kept.values()))
        self.added = self.sessions.keys() - {placement.session for placement in self.old}
        self.demand = SeatDemand(problem)
        self.best: Timetable | None = None
        self.least: tuple[int, int] | None = None

    def run(self) -> Repair:
        wrong = violations(self.problem, self.old)
        if not wrong:
            return self.report(self.old, feasible=True, proved=True)
        broken = frozenset(code for one in wrong for code in one.sessions) & self.sessions.keys()
        try:
            return self._repaired(broken | self.added)
        except UnplaceableError:
            return self.report(None, feasible=False, proved=False)

    def _repaired(self, broken: frozenset[str]) -> Repair:
        proved = is_counted = False
        for options in self._neighbourhoods(broken):
            status = self._fewest_changes(options)
            if options is None:
                if status == cp_model.INFEASIBLE:
                    return self.report(None, feasible=False, proved=False)
                proved = status == cp_model.OPTIMAL
            if self._is_least() or self.deadline.left <= 0 or self.deadline.stopped:
                break
            if self.best is None and not is_counted:
                is_counted = True
                if shortage(Domains(replace(self.problem, attendees=()))) is not None:
                    return self.report(None, feasible=False, proved=False)
        if self.best is None:
            return self.report(None, feasible=None, proved=False)
        proved = proved or self._is_least()
        self._polish()
        return self.report(self.best, feasible=True, proved=proved)

    def _neighbourhoods(self, broken: frozenset[str]) -> Iterator[dict[str, Options] | None]:
        """Options that most sessions are narrowed to, ever wider; None: everything."""
        for plan in least_changes(self.problem, self.old, broken, self):
            self.least = max(self.least or (0, 0), (plan.times, plan.rooms))
            if plan.placed:
                yield plan.options
        if self._is_least() or (self.at_once and self.best is not None and len(self.sessions) > FEW):
            return
        if len(broken) < len(self.sessions) // 2:
            yield self._pinned(self.old, broken)
            yield self._pinned(self.old, broken | self._near(broken))
        yield None

    @property
    def known(self) -> tuple[int, int] | None:
        """Changes of times and of rooms in the best repair so far."""
        return None if self.best is None else self._distance(self.best)[:2]

    def _is_least(self) -> bool:
        return self.least is not None and self.known == self.least

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self.deadline.left

    def watch(self, stop: Callable[[], None]) -> AbstractContextManager[None]:
        """Stops what is working as soon as the repair is stopped."""
        return watched(stop, self.deadline)

    def _pinned(self, timetable: Timetable, free: frozenset[str]) -> dict[str, Options]:
        return {p.session: Options({p.room: (p.start,)}) for p in timetable if p.session not in free}

    def _near(self, broken: frozenset[str]) -> set[str]:
        """Sessions that run within an hour of a broken one, or that order ties to one."""
        times = [p.interval for p in self.old if p.session in broken]
        near = {
            p.session for p in self.old if any(p.start < time.end + 60 and time.start < p.end + 60 for time in times)
        }
        for session in self.problem.sessions:
            if session.code in broken:
                near |= session.after & self.sessions.keys()
            elif session.after & broken:
                near.add(session.code)
        return near

    def _fewest_changes(self, options: dict[str, Options] | None) -> cp_model.CpSolverStatus:
        """Minimise changes, with sessions narrowed to `options`; keeps the result if it is better."""
        if options is not None and options.keys() == self.sessions.keys() and self._take(options):
            return cp_model.OPTIMAL
        try:
            model = TimetableModel(self.problem, narrowed=options)
        except UnplaceableError:
            return cp_model.UNKNOWN
        times, rooms, starts = self._counts(model)
        model.hint(self.best or self.old)
        base = len(self.sessions) + 1
        model.cp.minimize(cp_model.LinearExpr.weighted_sum([times, rooms, starts], [base * base, base, 1]))
        status, found = self._solve(model, 0.2 if options is not None else 0.5)
        if found is not None:
            self._keep(found)
        return status

    def _take(self, options: dict[str, Options]) -> bool:
        """Where everybody has one place that is all there is to try: whether it is right."""
        found = tuple(
            Placement(code, start, start + self.sessions[code].duration, room)
            for code, option in options.items()
            for room, starts in option.starts.items()
            for start in starts
        )
        if len(found) > len(self.sessions) or violations(self.problem, found):
            return False
        self._keep(tuple(sorted(found)))
        return True

    def _keep(self, found: Timetable) -> None:
        if self.best is None or self._distance(found) < self._distance(self.best):
            self.best = found

    def _polish(self) -> None:
        """As few changes as found, and the best quality among those."""
        assert self.best is not None  # noqa: S101  # only called once a timetable is found; tells mypy so
        if self.deadline.left <= 0.05 or self.deadline.stopped:
            return
        weights, options = self.weights, None
        if len(self.sessions) > FEW:
            weights, options = replace(weights, wish_clashes=0), self._as_changed(self.best)
        model = TimetableModel(self.problem, narrowed=options)
        times, rooms, starts = self._counts(model)
        for count, limit in zip((times, rooms, starts), self._distance(self.best), strict=True):
            model.cp.add(count <= limit)
        model.cp.add(self._touched(model) <= len(self._changes(self.best)))
        model.hint(self.best)
        model.cp.minimize(quality(model, self.demand, weights))
        _, found = self._solve(model, min(0.3, MOST_POLISH / self.deadline.seconds) if options else 0.3)
        if found is not None:
            self.best = found

    def _as_changed(self, timetable: Timetable) -> dict[str, Options]:
        """Everybody where they are, but whoever changed only the room in any room, only the time at any time."""
        choices, options = RepairChoices(self.problem), self._pinned(timetable, frozenset(self.added))
        for change in self._changes(timetable):
            session, new = self.sessions[change.session], change.new
            rooms = {room.code: choices.starts_in(session, room) for room in self.problem.rooms}
            if change.kind == "room":
                options[session.code] = Options(dict.fromkeys(choices.rooms_at(session, new.start), (new.start,)))
            elif change.kind == "time":
                options[session.code] = Options({new.room: rooms[new.room]})
            else:
                options[session.code] = Options({code: starts for code, starts in rooms.items() if starts})
        return options

    def _counts(self, model: TimetableModel) -> tuple[cp_model.LinearExprT, ...]:
        """Time changes, room changes, and moved starts among sessions whose length changed anyway."""
        moved = moved_times(model, self.old)
        longer = {p.session for p in self.old if p.end - p.start != self.sessions[p.session].duration}
        times = [1 if code in longer else literal for code, literal in moved.items()]
        starts = [literal for code, literal in moved.items() if code in longer]
        rooms = list(moved_rooms(model, self.old).values())
        return tuple(cp_model.LinearExpr.sum([0, *parts]) for parts in (times, rooms, starts))

    def _touched(self, model: TimetableModel) -> cp_model.LinearExprT:
        """At least how many change: one with another time and room is one, and fewer people hear of it than of two."""
        times, rooms = moved_times(model, self.old), moved_rooms(model, self.old)
        touched = {code: model.cp.new_bool_var("") for code in times}
        for code, literal in touched.items():
            model.cp.add(literal >= times[code])
            model.cp.add(literal >= rooms[code])
        return cp_model.LinearExpr.sum([0, *touched.values()])

    def solver(self, share: float) -> cp_model.CpSolver:
        """A solver with a share of the work that all the seconds are worth."""
        work = share * self.deadline.seconds * WORK_PER_SECOND
        return new_solver(seconds=self.deadline.left, seed=self.seed, workers=1, work=work)

    def _solve(self, model: TimetableModel, share: float) -> tuple[cp_model.CpSolverStatus, Timetable | None]:
        solver = self.solver(share)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return status, None
        found = model.timetable(solver)
        wrong = violations(self.problem, found)
        if wrong:
            raise WrongTimetableError(f"repair: {wrong[0]}")
        return status, found

    def _changes(self, timetable: Timetable) -> tuple[RepairChange, ...]:
        at = {placement.session: placement for placement in timetable}
        found = []
        for old in self.old:
            new = at[old.session]
            time, room = new.interval != old.interval, new.room != old.room
            if time or room:
                kind: ChangeKind = "both" if time and room else "time" if time else "room"
                found.append(RepairChange(old.session, kind, old, new))
        return tuple(found)

    def _distance(self, timetable: Timetable) -> tuple[int, int, int]:
        changes = self._changes(timetable)
        moved = [c for c in changes if c.kind != "room"]
        longer = [c for c in moved if c.old.end - c.old.start != c.new.end - c.new.start]
        return (
            len(moved),
            sum(1 for c in changes if c.kind != "time"),
            sum(1 for c in longer if c.old.start != c.new.start),
        )

    def report(self, timetable: Timetable | None, *, feasible: bool | None, proved: bool) -> Repair:
        changes = () if timetable is None else self._changes(timetable)
        count = Counter(change.kind for change in changes)
        kinds: tuple[ChangeKind, ...] = ("time", "room", "both")
        before = {placement.session for placement in self.given}
        at_least = self._distance(timetable)[:2] if proved and timetable is not None else self.least or (0, 0)
        terms = {} if timetable is None else measure(self.problem, timetable, demand=self.demand, previous=self.old)
        return Repair(
            feasible=feasible,
            timetable=timetable,
            changes=changes,
            changes_by_kind={kind: count[kind] for kind in kinds},
            added=tuple(sorted(self.sessions.keys() - before)),
            removed=tuple(sorted(before - self.sessions.keys())),
            proved_minimal=proved,
            at_least=at_least,
            objective=None if timetable is None else self.weights.total(terms),
            terms=terms,
            seconds=self.deadline.elapsed,
        )
