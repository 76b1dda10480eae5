"""Why not here? What speaks against one session at one time in one room of a timetable: broken rules and costs."""

from __future__ import annotations

from dataclasses import dataclass

from schedule.solver.objective import SeatDemand, measure
from schedule.solver.problem import Placement, Problem, Timetable, Weights
from schedule.solver.verify import Violation, violations_of


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against a place.

    `rules` are the hard rules it would break, everything else left where it is. `costs` are the terms that would
    change, in units of the term, and `cost` their weighted sum: more than 0 is worse, less than 0 better than now.
    Of a session without a place, now is a timetable that lacks it; others that have none count nowhere.
    """

    placement: Placement
    rules: tuple[Violation, ...]
    costs: dict[str, int]
    cost: int


class Questions:
    """Answers for one timetable; what many answers need is worked out once."""

    def __init__(self, problem: Problem, timetable: Timetable, *, weights: Weights | None = None) -> None:
        self.problem = problem
        self.weights = weights or problem.weights
        self.sessions = {session.code: session for session in problem.sessions}
        self.rooms = {room.code: room for room in problem.rooms}
        self.at = {p.session: p for p in timetable if p.session in self.sessions and p.room in self.rooms}
        self._demand = SeatDemand(problem)
        self._wished_with: dict[str, dict[str, int]] = {}
        for (first, second), weight in self._demand.clash.items():
            self._wished_with.setdefault(first, {})[second] = weight
            self._wished_with.setdefault(second, {})[first] = weight

    def against(self, session: str, start: int, room: str) -> Against:
        """What speaks against `session` at `start` (minutes) in `room`. Raises KeyError for an unknown code."""
        if room not in self.rooms:
            raise KeyError(room)
        placement = Placement(session, start, start + self.sessions[session].duration, room)
        moved = tuple(sorted({**self.at, session: placement}.values()))
        broken = tuple(violations_of(self.problem, moved, session))
        now, then = self._terms(tuple(self.at.values()), self.at.get(session)), self._terms(moved, placement)
        costs = {name: then[name] - now[name] for name in then if then[name] != now[name]}
        return Against(placement, broken, costs, self.weights.total(costs))

    def _terms(self, timetable: Timetable, placement: Placement | None) -> dict[str, int]:
        terms = measure(self.problem, timetable, demand=self._demand)
        wished = self._wished_with.get(placement.session, {}) if placement is not None else {}
        terms["wish_clashes"] = sum(
            weight
            for other, weight in wished.items()
            if placement is not None and other in self.at and self.at[other].interval.overlaps(placement.interval)
        )
        return terms


def why_not(problem: Problem, timetable: Timetable, session: str, start: int, room: str) -> Against:
    """One question; ask `Questions` for several about the same timetable."""
    return Questions(problem, timetable).against(session, start, room)
