"""A timetable laid over a problem: who and what is taken when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from schedule.conflicts.conflict import Conflict, Detail
from schedule.conflicts.index import ProblemIndex
from schedule.conflicts.kinds import ConflictKind, Levels
from schedule.solver.problem import Interval, Placement

PairCounts = Mapping[tuple[str, str], int]
"""How many people want or hold both sessions of a pair; each pair once, in either order."""

Focus = frozenset[str] | None
"""The sessions whose conflicts are asked for; None for all."""


class TimetablePlan:
    """One timetable, kept so that a single placement can be put or taken in time that does not grow with the rest.

    `clash_from` is the least number of people in `pair_counts` that makes an attendees' clash. Raises ValueError
    for placements that name an unknown session or room, have no length, or place a session twice.
    """

    def __init__(
        self,
        index: ProblemIndex,
        placements: Iterable[Placement],
        *,
        levels: Levels,
        pair_counts: PairCounts,
        clash_from: int,
    ) -> None:
        self.index = index
        self.levels = levels
        self.placed: dict[str, Placement] = {}
        self.uses: dict[str, list[Placement]] = defaultdict(list)
        """Smallest room -> the placements that take it."""
        self.agendas: dict[str, list[Placement]] = defaultdict(list)
        """Person -> the placements they appear in."""
        self.team_agendas: dict[str, list[Placement]] = defaultdict(list)
        """Body with one team -> the placements it hosts."""
        self.shared_people: dict[str, dict[str, int]] = defaultdict(dict)
        """Session -> other session -> people who want or hold both, symmetric, only counts that matter."""
        for (first, second), people in pair_counts.items():
            if people >= clash_from:
                self.shared_people[first][second] = people
                self.shared_people[second][first] = people
        for placement in placements:
            if placement.session in self.placed:
                raise ValueError(f"Session {placement.session!r} is placed twice.")
            self.put(placement)

    def put(self, placement: Placement) -> None:
        """Place a session that has no placement yet."""
        self.index.check_placement(placement)
        self.placed[placement.session] = placement
        for agenda in self._agendas_of(placement):
            agenda.append(placement)

    def take(self, code: str) -> Placement | None:
        """Remove a session's placement and return it; None if it had none."""
        placement = self.placed.pop(code, None)
        if placement is not None:
            for agenda in self._agendas_of(placement):
                agenda.remove(placement)
        return placement

    def _agendas_of(self, placement: Placement) -> Iterator[list[Placement]]:
        for part in self.index.claims[placement.room]:
            yield self.uses[part]
        for person in self.index.sessions[placement.session].people:
            yield self.agendas[person]
        for body in self.index.teams[placement.session]:
            yield self.team_agendas[body]

    def of_focus(self, focus: Focus) -> Iterable[Placement]:
        """The placements of the sessions asked for."""
        if focus is None:
            return self.placed.values()
        return [self.placed[code] for code in focus if code in self.placed]

    def conflict(
        self,
        kind: ConflictKind,
        *placements: Placement,
        when: Interval,
        person: str | None = None,
        body: str | None = None,
        **details: Detail,
    ) -> Conflict:
        """A conflict between placements, given in order of time."""
        return Conflict(
            kind=kind,
            level=self.levels[kind],
            sessions=tuple(sorted({placement.session for placement in placements})),
            rooms=tuple(sorted({placement.room for placement in placements})),
            person=person,
            body=body,
            when=when,
            details=details,
            placements=placements,
            index=self.index,
        )


Check = Callable[[TimetablePlan, Focus], Iterator[Conflict]]


def touches(focus: Focus, *placements: Placement) -> bool:
    """Whether one of the placements is asked for."""
    return focus is None or any(placement.session in focus for placement in placements)


def shared_time(first: Placement, second: Placement) -> Interval:
    """The time two overlapping placements have in common."""
    return Interval(max(first.start, second.start), min(first.end, second.end))
