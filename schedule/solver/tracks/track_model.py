"""What one track costs at least, if cells have prices: a small CP-SAT model for each track alone.

It decides how many submissions of which kind are in which session, how many cells that takes, and in how many rooms of
which kind. Left out is only what depends on who shares a cell with whom and in which order: the order and slot-level
terms, and conflicts inside the track (but for submissions too long to share a cell). Whatever the track does in an
acceptable schedule, also with cells that it reserves without using them, is a solution of this model at no higher
cost. Submissions and rooms that the model could not tell apart are counted together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from ..budget import Deadline, new_solver, stoppable
from .arrays import cell_costs, room_costs, session_costs
from .conflicts import Pair
from .instance import Instance
from .kernel import Ints
from .packing import CellFlow

SCALE = 1000
"""Prices are whole numbers of thousandths of a cost."""

SECONDS_PER_QUESTION = 2.0
"""At most; what is not answered by then still has a bound."""


def room_kinds(instance: Instance) -> list[tuple[int, ...]]:
    """Rooms that cost every track the same in every session."""
    cells = cell_costs(instance)
    found: dict[bytes, list[int]] = defaultdict(list)
    for r in range(len(instance.rooms)):
        found[cells[:, :, r].tobytes()].append(r)
    return [tuple(members) for members in found.values()]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a track may do: its cost, and how many cells it takes [session, kind of room]."""

    cost: int
    cells: Ints


class TrackModel:
    """The model of one track; `cheapest` may be asked again and again with other prices."""

    def __init__(
        self, instance: Instance, track: int, kinds: list[tuple[int, ...]], conflicts: dict[Pair, int]
    ) -> None:
        """`kinds` are the instance's `room_kinds`, `conflicts` its `session_conflicts`."""
        self._instance = instance
        self._track = track
        self._kinds = kinds
        self._cp = cp_model.CpModel()
        self._costs: list[cp_model.LinearExprT] = []
        self._members = [i for i, submission in enumerate(instance.submissions) if submission.track == track]
        rooms = room_costs(instance)
        self._fixed = int(sum(rooms[i].min() for i in self._members)) - instance.weights.rooms_per_track
        inside = set(self._members)
        counts = self._choose_sessions({pair: cost for pair, cost in conflicts.items() if inside.issuperset(pair)})
        flows = self._fill_cells(counts)
        self._cells = self._choose_rooms(flows)
        self._price_sessions(flows)
        self._cost = cp_model.LinearExpr.sum(self._costs)

    def cheapest(self, prices: Ints, deadline: Deadline, *, seed: int) -> tuple[int, Plan | None]:
        """(a bound on SCALE * cost + prices * cells, a plan that is good under these prices).

        `prices` are [session, kind]. The plan is None if none was found in time.
        """
        priced = [
            int(prices[s, k]) * cell
            for s, cells in enumerate(self._cells)
            for k, cell in enumerate(cells)
            if prices[s, k]
        ]
        self._cp.minimize(SCALE * self._cost + cp_model.LinearExpr.sum(priced))
        seconds = min(SECONDS_PER_QUESTION, deadline.left)
        solver = new_solver(seconds=seconds, seed=seed, workers=1, work=SECONDS_PER_QUESTION)
        with stoppable(solver, deadline):
            status = solver.solve(self._cp)
        bound = math.ceil(solver.best_objective_bound - 1e-6) + SCALE * self._fixed
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return bound, None
        cells = np.array([[solver.value(cell) for cell in row] for row in self._cells], np.int64)
        return bound, Plan(int(solver.value(self._cost)) + self._fixed, cells)

    def _choose_sessions(self, conflicts: dict[Pair, int]) -> dict[tuple[int, int], list[cp_model.IntVar]]:
        """(slots, session) -> counts that sum up to the submissions of that length there."""
        costs, instance = session_costs(self._instance), self._instance
        alone = {i for pair in conflicts for i in pair}
        groups: dict[tuple[int, bytes, int], list[int]] = defaultdict(list)
        for i in self._members:
            groups[instance.submissions[i].slots, costs[i].tobytes(), i if i in alone else -1].append(i)
        found: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        of: dict[int, list[cp_model.IntVar]] = {}
        for (slots, _, _), members in groups.items():
            row = []
            for s, session in enumerate(instance.sessions):
                count = self._cp.new_int_var(0, len(members) if slots <= session.slots else 0, "")
                self._costs.append(int(costs[members[0], s]) * count)
                found[slots, s].append(count)
                row.append(count)
            self._cp.add(sum(row) == len(members))
            of[members[0]] = row
        for (i, j), cost in conflicts.items():
            together = instance.submissions[i].slots + instance.submissions[j].slots
            for s, session in enumerate(instance.sessions):
                if together > session.slots:
                    both = self._cp.new_bool_var("")
                    self._cp.add(both >= of[i][s] + of[j][s] - 1)
                    self._costs.append(cost * both)
        return found

    def _fill_cells(self, counts: dict[tuple[int, int], list[cp_model.IntVar]]) -> list[CellFlow]:
        """[session] the cells that the submissions there take."""
        supply: dict[int, int] = defaultdict(int)
        for i in self._members:
            supply[self._instance.submissions[i].slots] += 1
        most = min(len(self._instance.rooms), len(self._members) + 1)
        flows = []
        for s, session in enumerate(self._instance.sessions):
            flow = CellFlow(
                self._cp, session.slots, dict(sorted(supply.items(), reverse=True)), most, may_be_empty=True
            )
            for slots in supply:
                self._cp.add(flow.used(slots) == sum(counts[slots, s]))
            flows.append(flow)
        return flows

    def _choose_rooms(self, flows: list[CellFlow]) -> list[list[cp_model.IntVar]]:
        """[session][kind] how many cells."""
        costs = cell_costs(self._instance)
        in_all = [self._cp.new_int_var(0, len(rooms), "") for rooms in self._kinds]
        found = []
        for s, flow in enumerate(flows):
            cells = [self._cp.new_int_var(0, len(rooms), "") for rooms in self._kinds]
            self._cp.add(sum(cells) == flow.cells)
            for cell, most, rooms in zip(cells, in_all, self._kinds, strict=True):
                self._cp.add(cell <= most)
                self._costs.append(int(costs[self._track, s, rooms[0]]) * cell)
            found.append(cells)
        self._cp.add(sum(in_all) >= 1)
        self._costs.append(self._instance.weights.rooms_per_track * sum(in_all))
        return found

    def _price_sessions(self, flows: list[CellFlow]) -> None:
        """Parallel cells, and holes between sessions."""
        weights, starts, before = self._instance.weights, [], None
        for flow in flows:
            used = self._cp.new_bool_var("")
            self._cp.add(flow.cells >= 1).only_enforce_if(used)
            self._cp.add(flow.cells == 0).only_enforce_if(~used)
            self._costs.append(weights.parallel_tracks * (flow.cells - used))
            start = self._cp.new_bool_var("")
            self._cp.add(start >= (used if before is None else used - before))
            starts.append(start)
            before = used
        torn = self._cp.new_bool_var("")
        self._cp.add(sum(starts) <= 1 + len(starts) // 2 * torn)
        self._costs.append(weights.consecutive_tracks * torn)
