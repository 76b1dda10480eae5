"""Checks between sessions: order, what may not run together, how much may run at once, whom it tears apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.kinds import ConflictKind
from schedule.conflicts.plan import Focus, TimetablePlan, shared_time, touches
from schedule.conflicts.rules.sweep import crowds, in_time
from schedule.solver.problem import Interval, Placement


def order(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """A session that starts before one it must come after has ended."""
    index = plan.index
    if focus is None:
        pairs = {(earlier, later) for later, befores in index.earlier.items() for earlier in befores}
    else:
        pairs = {(earlier, code) for code in focus for earlier in index.earlier.get(code, ())}
        pairs |= {(code, later) for code in focus for later in index.later.get(code, ())}
    for earlier_code, later_code in pairs:
        earlier, later = plan.placed.get(earlier_code), plan.placed.get(later_code)
        if earlier is not None and later is not None and later.start < earlier.end:
            yield plan.conflict(
                ConflictKind.ORDER,
                earlier,
                later,
                when=Interval(later.start, earlier.end),
                earlier=earlier_code,
                later=later_code,
            )


def not_parallel(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Two sessions that the programme keeps apart, at the same time."""
    for first, second in _overlapping(plan, plan.index.not_parallel, focus):
        yield plan.conflict(ConflictKind.NOT_PARALLEL, first, second, when=shared_time(first, second))


def attendees_clash(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Two sessions at the same time that many of the same people want or hold."""
    shared_people = plan.shared_people
    for first, second in _overlapping(plan, shared_people, focus):
        people = shared_people[first.session][second.session]
        when = shared_time(first, second)
        yield plan.conflict(ConflictKind.ATTENDEES_CLASH, first, second, when=when, people=people)


def same_time(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Sessions that do not start with the earliest of a group that has to start together."""
    for first, second in _strays(plan, plan.index.same_time, focus, attrgetter("start")):
        yield plan.conflict(ConflictKind.NOT_SAME_TIME, first, second, when=Interval(first.start, second.start))


def same_room(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Sessions in another room than the earliest of a group that has to share one."""
    for first, second in _strays(plan, plan.index.same_room, focus, attrgetter("room")):
        yield plan.conflict(ConflictKind.NOT_SAME_ROOM, first, second, when=Interval(second.start, second.end))


def _strays(
    plan: TimetablePlan, groups: Iterable[frozenset[str]], focus: Focus, shared: Callable[[Placement], object]
) -> Iterator[tuple[Placement, Placement]]:
    """The earliest of each group with each that does not share what it has; a pair of two groups once."""
    found: set[tuple[str, str]] = set()
    for group in groups:
        placed = sorted((plan.placed[code] for code in group if code in plan.placed), key=in_time)
        for other in placed[1:]:
            first = placed[0]
            pair = (first.session, other.session)
            if shared(first) != shared(other) and pair not in found and touches(focus, first, other):
                found.add(pair)
                yield first, other


def _overlapping(
    plan: TimetablePlan, partners: Mapping[str, set[str] | dict[str, int]], focus: Focus
) -> Iterator[tuple[Placement, Placement]]:
    """The pairs of a symmetric relation that overlap in time, each once, in order of time."""
    placed = plan.placed
    for code in partners if focus is None else focus:
        own = placed.get(code)
        if own is None:
            continue
        for other_code in partners.get(code, ()):
            other = placed.get(other_code)
            if other is None or other.start >= own.end or own.start >= other.end:
                continue
            # Where both sides of the relation are visited, one of them reports the pair.
            if code > other_code and (focus is None or other_code in focus):
                continue
            yield (own, other) if in_time(own) <= in_time(other) else (other, own)


def blocks_all(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """Anything at the same time as a session that wants the whole conference."""
    sessions = plan.index.sessions
    # One list of each sort: a newcomer that blocks meets everybody, any other meets the blockers only. What a scan
    # drops is dropped for good, and what it keeps is a conflict, so the sweep stays linear in the answer.
    blockers: list[Placement] = []
    others: list[Placement] = []
    for later in sorted(plan.placed.values(), key=in_time):
        start = later.start
        blocking = sessions[later.session].blocks_all
        blockers = [earlier for earlier in blockers if earlier.end > start]
        if blocking:
            others = [earlier for earlier in others if earlier.end > start]
        for earlier in chain(blockers, others) if blocking else blockers:
            if touches(focus, earlier, later):
                blocker = earlier if sessions[earlier.session].blocks_all else later
                yield plan.conflict(
                    ConflictKind.BLOCKS_ALL, earlier, later, when=shared_time(earlier, later), blocker=blocker.session
                )
        (blockers if blocking else others).append(later)


def interpreters(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """More sessions that need interpreters at once than there are teams: every maximal set."""
    limit = plan.index.rules.interpreter_teams
    if limit is not None:
        sessions = plan.index.sessions
        needing = [p for p in plan.placed.values() if sessions[p.session].needs_interpreters]
        yield from _crowds(plan, focus, ConflictKind.INTERPRETERS_SHORT, needing, limit)


def parallel_sessions(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """More sessions at once than the conference wants to run, breaks not counted: every maximal set."""
    limit = plan.index.rules.max_parallel_open_sessions
    if limit is not None:
        sessions = plan.index.sessions
        counting = [
            p
            for p in plan.placed.values()
            if sessions[p.session].counts_as_parallel and not sessions[p.session].is_break
        ]
        yield from _crowds(plan, focus, ConflictKind.TOO_MANY_PARALLEL, counting, limit)


def parallel_of_a_kind(plan: TimetablePlan, focus: Focus) -> Iterator[Conflict]:
    """More sessions of one kind at once than that kind may have: every maximal set."""
    sessions = plan.index.sessions
    for kind, limit in plan.index.rules.max_parallel_by_kind:
        counting = [p for p in plan.placed.values() if sessions[p.session].kind == kind]
        yield from _crowds(plan, focus, ConflictKind.KIND_TOO_PARALLEL, counting, limit)


def _crowds(
    plan: TimetablePlan, focus: Focus, kind: ConflictKind, placements: list[Placement], limit: int
) -> Iterator[Conflict]:
    for crowd, when in crowds(placements, limit=limit):
        if touches(focus, *crowd):
            yield plan.conflict(kind, *crowd, when=when, limit=limit, count=len(crowd))
