"""A proved bound: what all tracks cost together at least.

Without the rule that a cell hosts one track, the tracks could be planned one by one. So the rule is given up and cells
get prices instead (Lagrange): for any prices of 0 or more, the cheapest plans of all tracks at these prices, less the
prices of all cells there are, cost no more than any acceptable schedule. Good prices come from a linear program over
the plans met so far (Dantzig and Wolfe, 1960), smoothed towards the best prices yet (Wentges, 1997).
"""

from __future__ import annotations

import numpy as np
from ortools.linear_solver import pywraplp

from ..budget import Deadline
from .arrays import cell_costs, room_costs, session_costs
from .conflicts import session_conflicts
from .instance import Instance, Schedule
from .kernel import Ints
from .track_model import SCALE, Plan, TrackModel, room_kinds

SMOOTHING = 0.5
"""The share of the best prices yet in the prices that are asked about."""


class Bound:
    """Tightened by `step`; `value` is proved at any time (None before the first)."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._kinds = room_kinds(instance)
        conflicts = session_conflicts(instance)
        self._models = [TrackModel(instance, t, self._kinds, conflicts) for t in range(len(instance.tracks))]
        self._capacity = np.array([len(rooms) for rooms in self._kinds], np.int64)
        shape = (len(instance.sessions), len(self._kinds))
        self._best_prices = np.zeros(shape, np.int64)
        self._best_total = 0
        self._plans: list[dict[bytes, Plan]] = [{} for _ in self._models]
        self.value: int | None = None
        self.finished = False

    def learn(self, schedule: Schedule) -> None:
        """Take over what the tracks do in an acceptable schedule."""
        instance = self._instance
        kind_of = {room: kind for kind, rooms in enumerate(self._kinds) for room in rooms}
        costs, sessions, rooms = cell_costs(instance), session_costs(instance), room_costs(instance)
        for track in range(len(self._models)):
            cells = np.zeros_like(self._best_prices)
            used: set[int] = set()
            cost = 0
            for s, row in enumerate(schedule.tracks):
                for r, host in enumerate(row):
                    if host == track:
                        cells[s, kind_of[r]] += 1
                        used.add(r)
                        cost += int(costs[track, s, r])
                        for i in {i for i in schedule.slots[s][r] if i is not None}:
                            cost += int(sessions[i, s]) + int(rooms[i].min())
            weights = instance.weights
            in_session = cells.sum(axis=1)
            cost += weights.rooms_per_track * (len(used) - 1)
            cost += weights.parallel_tracks * int(np.maximum(in_session - 1, 0).sum())
            where = np.flatnonzero(in_session)
            cost += weights.consecutive_tracks * int(where[-1] - where[0] + 1 != len(where))
            self._add(track, Plan(cost, cells))

    def _add(self, track: int, plan: Plan) -> bool:
        known = self._plans[track].get(plan.cells.tobytes())
        if known is not None and known.cost <= plan.cost:
            return False
        self._plans[track][plan.cells.tobytes()] = plan
        return True

    def step(self, deadline: Deadline, *, seed: int) -> None:
        """One round: prices from the plans known, then the cheapest plan of every track at these prices."""
        wanted = self._prices()
        smoothed = np.rint(SMOOTHING * self._best_prices + (1 - SMOOTHING) * wanted).astype(np.int64)
        if self.value is None:
            smoothed = wanted
        answered, new = self._ask(smoothed, deadline, seed)
        if answered and not new and (smoothed != wanted).any():
            # The smoothed prices taught nothing: ask about those of the linear program itself.
            answered, new = self._ask(wanted, deadline, seed)
        self.finished = answered and not new

    def _ask(self, prices: Ints, deadline: Deadline, seed: int) -> tuple[bool, bool]:
        """(were all tracks asked, was any plan new)."""
        total = -int((prices * self._capacity).sum())
        new = False
        for track, model in enumerate(self._models):
            if deadline.stopped or deadline.left <= 0:
                return False, new
            bound, plan = model.cheapest(prices, deadline, seed=seed)
            total += bound
            new |= plan is not None and self._add(track, plan)
        if self.value is None or total > self._best_total:
            self._best_total, self._best_prices = total, prices
            self.value = -(-total // SCALE)
        return True, new

    def _prices(self) -> Ints:
        """What one more cell of every kind would be worth, if only the plans known could be used."""
        solver = pywraplp.Solver.CreateSolver("GLOP")
        limits = [
            [solver.Constraint(-solver.infinity(), float(size)) for size in self._capacity]
            for _ in self._instance.sessions
        ]
        objective = solver.Objective()
        objective.SetMinimization()
        for plans in self._plans:
            one = solver.Constraint(1.0, 1.0)
            for plan in plans.values():
                share = solver.NumVar(0.0, solver.infinity(), "")
                one.SetCoefficient(share, 1.0)
                objective.SetCoefficient(share, float(plan.cost))
                for s, k in zip(*np.nonzero(plan.cells), strict=True):
                    limits[s][k].SetCoefficient(share, float(plan.cells[s, k]))
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            return np.zeros_like(self._best_prices)
        values = [[max(0.0, -limit.dual_value()) for limit in row] for row in limits]
        return np.array([[round(SCALE * value) for value in row] for row in values], np.int64)
