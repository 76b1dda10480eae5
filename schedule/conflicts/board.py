"""A timetable being worked on: move one session and learn at once what that breaks and what it mends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from schedule.conflicts.conflict import Conflict
from schedule.conflicts.engine import CLASH_FROM, NO_PAIRS, dismiss, in_order, look, plan_of
from schedule.conflicts.index import ProblemIndex
from schedule.conflicts.kinds import SET_KINDS, ConflictKind
from schedule.conflicts.plan import PairCounts
from schedule.solver.problem import Placement, Problem, Timetable


@dataclass(frozen=True, slots=True)
class BoardChange:
    """What one step did to the conflicts, told apart by key; each tuple in the order of lists."""

    appeared: tuple[Conflict, ...]
    gone: tuple[Conflict, ...]

    @property
    def solves(self) -> bool:
        """Whether the step only took conflicts away."""
        return bool(self.gone) and not self.appeared


class Board:
    """A timetable with its conflicts kept up to date, step by step.

    A step costs the agendas that the moved session shares and two sweeps, not the whole board.
    The arguments are those of `find_conflicts`.
    """

    def __init__(
        self,
        problem: Problem | ProblemIndex,
        placements: Iterable[Placement],
        *,
        levels: Mapping[str, str] | None = None,
        pair_counts: PairCounts = NO_PAIRS,
        clash_from: int = CLASH_FROM,
        dismissed: Collection[str] = (),
    ) -> None:
        self._plan = plan_of(problem, placements, levels=levels, pair_counts=pair_counts, clash_from=clash_from)
        self._dismissed = frozenset(dismissed)
        self._found = {conflict.key: conflict for conflict in dismiss(look(self._plan, None), self._dismissed)}

    @property
    def conflicts(self) -> list[Conflict]:
        """All conflicts now, in the order of lists; the same as `find_conflicts` on `placements`."""
        return in_order(self._found.values())

    @property
    def placements(self) -> Timetable:
        """The timetable now, sorted by session code."""
        return tuple(sorted(self._plan.placed.values()))

    def put(self, placement: Placement) -> BoardChange:
        """Place a session or move it to another time or room. Raises ValueError as `Plan.put`; then nothing moved."""
        self._plan.index.check_placement(placement)
        return self._step(placement.session, placement)

    def take(self, session: str) -> BoardChange:
        """Put a session back among the unplaced ones. Raises ValueError if the problem has no such session."""
        if session not in self._plan.index.sessions:
            raise ValueError(f"Unknown session {session!r}.")
        return self._step(session, None)

    def preview(self, placement: Placement) -> BoardChange:
        """What `put` would do, without doing it."""
        before, found = self._plan.placed.get(placement.session), self._found
        change = self.put(placement)
        self._plan.take(placement.session)
        if before is not None:
            self._plan.put(before)
        self._found = found
        return change

    def _step(self, session: str, placement: Placement | None) -> BoardChange:
        self._plan.take(session)
        if placement is not None:
            self._plan.put(placement)
        stays = {
            key: conflict
            for key, conflict in self._found.items()
            if conflict.kind not in SET_KINDS and session not in conflict.sessions
        }
        fresh = dismiss(
            (*look(self._plan, frozenset({session}), _PAIR_KINDS), *look(self._plan, None, SET_KINDS)), self._dismissed
        )
        now = stays | {conflict.key: conflict for conflict in fresh}
        before, self._found = self._found, now
        return BoardChange(
            appeared=tuple(in_order(conflict for key, conflict in now.items() if key not in before)),
            gone=tuple(in_order(conflict for key, conflict in before.items() if key not in now)),
        )


_PAIR_KINDS = frozenset(ConflictKind) - SET_KINDS
