"""All conflicts of a timetable, or those of some of its sessions. Every caller goes through here.

Cost: O(n log n + conflicts + rules given as pairs) for all; for some sessions, the agendas they share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.index import ProblemIndex
from schedule.conflicts.kinds import ConflictKind, Level, Levels
from schedule.conflicts.plan import Check, Focus, PairCounts, TimetablePlan
from schedule.conflicts.rules import group_rules, people, rooms, times
from schedule.solver.problem import Placement, Problem

CLASH_FROM: Final = 20
"""How many people must want or hold both of two sessions before their overlap is called a clash."""

NO_PAIRS: Final[PairCounts] = MappingProxyType({})

CHECKS: Final[Mapping[Check, frozenset[ConflictKind]]] = MappingProxyType(
    {
        rooms.room_use: frozenset({ConflictKind.ROOM_DOUBLE_USE, ConflictKind.ROOM_CHANGEOVER}),
        rooms.room_fit: frozenset(
            {
                ConflictKind.ROOM_TOO_SMALL_CONFIRMED,
                ConflictKind.ROOM_TOO_SMALL_WANTED,
                ConflictKind.ROOM_FEATURE_MISSING,
                ConflictKind.ROOM_BREAKS_ONLY,
            }
        ),
        rooms.room_closed: frozenset({ConflictKind.ROOM_CLOSED}),
        people.person_in_two_places: frozenset({ConflictKind.PERSON_DOUBLE_BOOKED, ConflictKind.PERSON_WALKING_TIME}),
        people.body_in_two_places: frozenset({ConflictKind.BODY_DOUBLE_BOOKED}),
        people.away: frozenset({ConflictKind.PERSON_AWAY, ConflictKind.BODY_AWAY}),
        group_rules.order: frozenset({ConflictKind.ORDER}),
        group_rules.not_parallel: frozenset({ConflictKind.NOT_PARALLEL}),
        group_rules.same_time: frozenset({ConflictKind.NOT_SAME_TIME}),
        group_rules.same_room: frozenset({ConflictKind.NOT_SAME_ROOM}),
        group_rules.blocks_all: frozenset({ConflictKind.BLOCKS_ALL}),
        group_rules.interpreters: frozenset({ConflictKind.INTERPRETERS_SHORT}),
        group_rules.parallel_sessions: frozenset({ConflictKind.TOO_MANY_PARALLEL}),
        group_rules.parallel_of_a_kind: frozenset({ConflictKind.KIND_TOO_PARALLEL}),
        group_rules.attendees_clash: frozenset({ConflictKind.ATTENDEES_CLASH}),
        times.hours_and_grid: frozenset({ConflictKind.OUTSIDE_HOURS, ConflictKind.OFF_GRID}),
        times.fixed_and_limits: frozenset(
            {ConflictKind.FIXED_TIME, ConflictKind.FIXED_ROOM, ConflictKind.TOO_EARLY, ConflictKind.TOO_LATE}
        ),
        times.length: frozenset({ConflictKind.TOO_SHORT, ConflictKind.TOO_LONG}),
        times.unplaced: frozenset({ConflictKind.UNPLACED}),
    }
)
"""Every check with the kinds it can find."""


def look(plan: TimetablePlan, focus: Focus, kinds: Collection[ConflictKind] | None = None) -> Iterator[Conflict]:
    """Run the checks (those that can find one of `kinds`, or all) in no particular order, without ignored kinds."""
    wanted = {kind for kind in ConflictKind if plan.levels[kind] is not Level.IGNORE}
    if kinds is not None:
        wanted &= set(kinds)
    for check, finds in CHECKS.items():
        if finds <= wanted:
            yield from check(plan, focus)
        elif finds & wanted:
            yield from (conflict for conflict in check(plan, focus) if conflict.kind in wanted)


def in_order(conflicts: Iterable[Conflict]) -> list[Conflict]:
    """Conflicts as lists show them: blocking ones first, then by time."""
    return sorted(conflicts, key=lambda conflict: conflict.sort_key)


def dismiss(conflicts: Iterable[Conflict], keys: Collection[str]) -> Iterator[Conflict]:
    """The same conflicts, those whose key an organizer has dismissed at the level `ignore`."""
    for conflict in conflicts:
        yield replace(conflict, level=Level.IGNORE) if keys and conflict.key in keys else conflict


def find_conflicts(
    problem: Problem | ProblemIndex,
    placements: Iterable[Placement],
    *,
    levels: Mapping[str, str] | None = None,
    pair_counts: PairCounts = NO_PAIRS,
    clash_from: int = CLASH_FROM,
    dismissed: Collection[str] = (),
) -> list[Conflict]:
    """Everything wrong with a timetable, sorted by level, time and objects.

    `levels` overrides the default levels by kind; kinds set to `ignore` are not looked for. `pair_counts` says how
    many people want or hold both sessions of a pair; pairs from `clash_from` people on count. Conflicts whose key
    is in `dismissed` come back at level `ignore`. Raises ValueError for broken input (see ProblemIndex and Plan).
    """
    plan = plan_of(problem, placements, levels=levels, pair_counts=pair_counts, clash_from=clash_from)
    return in_order(dismiss(look(plan, None), dismissed))


def conflicts_of(
    problem: Problem | ProblemIndex,
    placements: Iterable[Placement],
    sessions: Iterable[str],
    *,
    levels: Mapping[str, str] | None = None,
    pair_counts: PairCounts = NO_PAIRS,
    clash_from: int = CLASH_FROM,
    dismissed: Collection[str] = (),
) -> list[Conflict]:
    """The conflicts that touch one of the given sessions: the same as find_conflicts would list, at less cost.

    Raises ValueError for a session that is not part of the problem.
    """
    plan = plan_of(problem, placements, levels=levels, pair_counts=pair_counts, clash_from=clash_from)
    focus = frozenset(sessions)
    if unknown := focus - plan.index.sessions.keys():
        raise ValueError(f"Unknown sessions: {sorted(unknown)}.")
    return in_order(dismiss(look(plan, focus), dismissed))


def plan_of(
    problem: Problem | ProblemIndex,
    placements: Iterable[Placement],
    *,
    levels: Mapping[str, str] | None,
    pair_counts: PairCounts,
    clash_from: int,
) -> TimetablePlan:
    """Lay a timetable over a problem, ready for the checks."""
    index = problem if isinstance(problem, ProblemIndex) else ProblemIndex(problem)
    return TimetablePlan(
        index,
        placements,
        levels=levels if isinstance(levels, Levels) else Levels(levels),
        pair_counts=pair_counts,
        clash_from=clash_from,
    )
