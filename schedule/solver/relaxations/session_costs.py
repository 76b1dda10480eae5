"""On which sessions the objective of a timetable is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from schedule.solver.exact.objective_terms import room_cost, time_cost
from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Problem, Timetable


class SessionCosts:
    """What each session costs where it is: its wishes that clash (half of each), its room and its start."""

    def __init__(self, problem: Problem, demand: SeatDemand, timetable: Timetable) -> None:
        weights, days = problem.weights, Days(problem)
        rooms = {room.code: room for room in problem.rooms}
        sessions = {session.code: session for session in problem.sessions}
        at = {placement.session: placement for placement in timetable}
        self.of: Counter[str] = Counter()
        self.days: dict[int, list[str]] = {}
        for code, placement in at.items():
            self.of[code] += room_cost(demand, weights, sessions[code], rooms[placement.room])
            self.of[code] += time_cost(days, weights, sessions[code], placement.start)
            self.days.setdefault(days.number(placement.start), []).append(code)
        for (first, second), weight in demand.clash.items():
            if at[first].interval.overlaps(at[second].interval):
                for code in (first, second):
                    self.of[code] += weights.wish_clashes * weight / 2  # type: ignore[assignment]  # halves, only compared

    def costliest(self, most: int) -> list[str]:
        """Codes of the sessions that cost most, at most so many, those that cost nothing left out."""
        ranked = sorted(self.of.items(), key=lambda item: (-item[1], item[0]))
        return [code for code, cost in ranked[:most] if cost > 0]

    def mean(self, codes: Collection[str]) -> float:
        """What a session costs on average among these."""
        return sum(self.of[code] for code in codes) / len(codes) if codes else 0.0
