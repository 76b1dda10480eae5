"""Repair a timetable that no longer fits its problem, with the fewest changes.

Order of goals: fewest sessions at another time, then fewest in another room, then quality (see `objective`). First
only the sessions that break a rule may move, then those near them, then all; the last step proves the count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ortools.sat.python import cp_model

from .budget import WORK_PER_SECOND, Deadline, ShouldStop, new_solver, stoppable
from .goals import moved_rooms, moved_times, quality
from .model import TimetableModel, UnplaceableError
from .objective import Demand, Weights, measure
from .problem import Placement, Problem, Timetable
from .search import WrongTimetableError
from .verify import violations

MOST_SESSIONS_WITH_WISHES = 80
"""With more sessions the pairs of wishes make the last step too slow; rooms and half hours are still polished."""

ChangeKind = Literal["time", "room", "both"]


@dataclass(frozen=True, slots=True, order=True)
class Change:
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
    """

    feasible: bool | None
    timetable: Timetable | None
    changes: tuple[Change, ...]
    changes_by_kind: dict[ChangeKind, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    proved_minimal: bool
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
) -> Repair:
    """The nearest right timetable. `timetable` may break any rule, lack sessions or hold some that are gone."""
    return _Repairer(problem, timetable, Deadline(seconds, should_stop), seed, weights or Weights()).run()


class _Repairer:
    def __init__(self, problem: Problem, timetable: Timetable, deadline: Deadline, seed: int, weights: Weights) -> None:
        self.problem = problem
        self.deadline = deadline
        self.seed = seed
        self.weights = weights
        self.sessions = {session.code: session for session in problem.sessions}
        self.given = timetable
        # A session placed twice is kept at its earliest placement.
        kept = {p.session: p for p in sorted(timetable, reverse=True) if p.session in self.sessions}
        self.old: Timetable = tuple(sorted(kept.values()))
        self.best: Timetable | None = None

    def run(self) -> Repair:
        proved = False
        if not violations(self.problem, self.old):
            return self.report(self.old, feasible=True, proved=True)
        try:
            for free in self._neighbourhoods():
                status = self._fewest_changes(free)
                if free is None:
                    if status == cp_model.INFEASIBLE:
                        return self.report(None, feasible=False, proved=False)
                    proved = status == cp_model.OPTIMAL
                if self.deadline.left <= 0 or self.deadline.stopped:
                    break
        except UnplaceableError:
            return self.report(None, feasible=False, proved=False)
        if self.best is None:
            return self.report(None, feasible=None, proved=False)
        self._polish()
        return self.report(self.best, feasible=True, proved=proved)

    def _neighbourhoods(self) -> Iterator[frozenset[str] | None]:
        """Sets of sessions that may move, growing; None: all."""
        broken = {code for wrong in violations(self.problem, self.old) for code in wrong.sessions}
        broken |= self.sessions.keys() - {placement.session for placement in self.old}
        if len(broken) < len(self.sessions) // 2:
            yield frozenset(broken)
            if self.best is None:
                yield frozenset(broken | self._near(broken))
        yield None

    def _near(self, broken: set[str]) -> set[str]:
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

    def _fewest_changes(self, free: frozenset[str] | None) -> cp_model.CpSolverStatus:
        """Minimise changes with only `free` sessions moving; keeps the result if it is better."""
        model = TimetableModel(self.problem)
        times, rooms, starts = self._counts(model)
        if free is not None:
            self._pin(model, self.old, free)
        model.hint(self.best or self.old)
        base = len(self.sessions) + 1
        model.cp.minimize(cp_model.LinearExpr.weighted_sum([times, rooms, starts], [base * base, base, 1]))
        status, found = self._solve(model, 0.2 if free is not None else 0.5)
        if found is not None and (self.best is None or self._distance(found) < self._distance(self.best)):
            self.best = found
        return status

    def _polish(self) -> None:
        """As few changes as found, and the best quality among those."""
        assert self.best is not None  # noqa: S101  # only called once a timetable is found; tells mypy so
        if self.deadline.left <= 0.05 or self.deadline.stopped:
            return
        model = TimetableModel(self.problem)
        times, rooms, starts = self._counts(model)
        for count, limit in zip((times, rooms, starts), self._distance(self.best), strict=True):
            model.cp.add(count <= limit)
        weights = self.weights
        if len(self.sessions) > MOST_SESSIONS_WITH_WISHES:
            weights = replace(weights, wish_clashes=0)
            self._pin(model, self.best, frozenset(change.session for change in self._changes(self.best)))
        model.hint(self.best)
        model.cp.minimize(quality(model, Demand(self.problem), weights))
        _, found = self._solve(model, 0.3)
        if found is not None:
            self.best = found

    def _counts(self, model: TimetableModel) -> tuple[cp_model.LinearExprT, ...]:
        """Time changes, room changes, and moved starts among sessions whose length changed anyway."""
        moved = moved_times(model, self.old)
        longer = {p.session for p in self.old if p.end - p.start != self.sessions[p.session].duration}
        times = [1 if code in longer else literal for code, literal in moved.items()]
        starts = [literal for code, literal in moved.items() if code in longer]
        rooms = list(moved_rooms(model, self.old).values())
        return tuple(cp_model.LinearExpr.sum([0, *parts]) for parts in (times, rooms, starts))

    def _pin(self, model: TimetableModel, timetable: Timetable, free: frozenset[str]) -> None:
        for placement in timetable:
            if placement.session not in free:
                model.cp.add(model.start[placement.session] == placement.start)
                room = model.in_room[placement.session].get(placement.room)
                model.cp.add_bool_or([] if room is None else [room])

    def _solve(self, model: TimetableModel, share: float) -> tuple[cp_model.CpSolverStatus, Timetable | None]:
        """Solve with a share of the work that all the seconds are worth."""
        work = share * self.deadline.seconds * WORK_PER_SECOND
        solver = new_solver(seconds=self.deadline.left, seed=self.seed, workers=1, work=work)
        with stoppable(solver, self.deadline):
            status = solver.solve(model.cp)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return status, None
        found = model.timetable(solver)
        wrong = violations(self.problem, found)
        if wrong:
            raise WrongTimetableError(f"repair: {wrong[0]}")
        return status, found

    def _changes(self, timetable: Timetable) -> tuple[Change, ...]:
        at = {placement.session: placement for placement in timetable}
        found = []
        for old in self.old:
            new = at[old.session]
            time, room = new.interval != old.interval, new.room != old.room
            if time or room:
                kind: ChangeKind = "both" if time and room else "time" if time else "room"
                found.append(Change(old.session, kind, old, new))
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
        return Repair(
            feasible=feasible,
            timetable=timetable,
            changes=changes,
            changes_by_kind={kind: count[kind] for kind in kinds},
            added=tuple(sorted(self.sessions.keys() - before)),
            removed=tuple(sorted(before - self.sessions.keys())),
            proved_minimal=proved,
            terms={} if timetable is None else measure(self.problem, timetable),
            seconds=self.deadline.elapsed,
        )
