"""All tracks at once: what any acceptable schedule costs at least, as a mixed-integer model for HiGHS.

It decides how many submissions of which kind are in which session and how many cells of which kind of room every
track takes there; a cell hosts one track. Left out is only what depends on who shares a cell with whom and in which
order: the order and slot-level terms, rooms that single submissions dislike, and conflicts inside a track (but for
submissions too long to share a cell). Whatever an acceptable schedule does is a solution of this model at no higher
cost, once cells without a submission are given up where the track has another cell in that session: that saves, never
costs. Submissions and rooms that the model could not tell apart are counted together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt

from schedule.solver.benchmarks.tracks.arrays import cell_costs, room_costs, session_costs
from schedule.solver.benchmarks.tracks.conflicts import Pair, session_conflicts, track_conflicts
from schedule.solver.benchmarks.tracks.instance import TracksInstance
from schedule.solver.benchmarks.tracks.packing import supplies

from .plan import JointPlan

ROUNDING = 1e-6
"""Of a bound: how far HiGHS may be off, because it counts with fractions of limited precision."""


@dataclass(frozen=True, slots=True)
class JointSolution:
    """A proved bound; whether there was time for the whole question; the best plan found and its cost in the model.

    Without a plan, the cost is the limit that was asked about.
    """

    bound: int
    finished: bool
    cost: int
    plan: JointPlan | None


def room_kinds(instance: TracksInstance) -> list[tuple[int, ...]]:
    """Rooms that cost every track the same in every session."""
    cells = cell_costs(instance)
    found: dict[bytes, list[int]] = defaultdict(list)
    for r in range(len(instance.rooms)):
        found[cells[:, :, r].tobytes()].append(r)
    return [tuple(members) for members in found.values()]


def fillings(length: int, supply: dict[int, int]) -> list[dict[int, int]]:
    """Ways to fill a cell of `length` slots to which nothing can be added: slots -> number of submissions."""

    def continued(sizes: list[int], space: int) -> Iterator[dict[int, int]]:
        if not sizes:
            yield {}
            return
        size, *others = sizes
        for amount in range(min(supply[size], space // size), -1, -1):
            for rest in continued(others, space - amount * size):
                yield {size: amount, **rest}

    def is_full(filling: dict[int, int]) -> bool:
        space = length - sum(size * amount for size, amount in filling.items())
        return all(size > space or amount == supply[size] for size, amount in filling.items())

    return [filling for filling in continued(sorted(supply, reverse=True), length) if is_full(filling)]


class JointModel:
    """The model of one instance; `ask` may be called again with another limit."""

    def __init__(self, instance: TracksInstance, below: int) -> None:
        """Schedules that cost `below` or more need not be solutions."""
        self._instance = instance
        self._below = below
        self._model = mathopt.Model()
        self._costs: list[Any] = []
        self._kinds = room_kinds(instance)
        self._capacity: dict[tuple[int, int], list[Any]] = defaultdict(list)
        # What the tracks do, by (track, session): cells of every kind, number of cells, whether there is any.
        self._cells: dict[tuple[int, int], list[Any]] = {}
        self._taken: dict[tuple[int, int], Any] = {}
        self._present: dict[tuple[int, int], Any] = {}
        self._most: dict[tuple[int, int], float] = {}
        self._of: dict[int, list[Any]] = {}  # submission -> whether it is in a session, where that is asked for
        self._groups: list[tuple[list[int], list[Any]]] = []  # submissions, and how many of them are in a session
        self._ways: dict[tuple[int, int], list[tuple[dict[int, int], Any]]] = {}  # fillings, and how many cells so
        conflicts = session_conflicts(instance)
        members: list[list[int]] = [[] for _ in instance.tracks]
        for i, submission in enumerate(instance.submissions):
            members[submission.track].append(i)
        alone = {i for pair in conflicts if any(self._is_sure(pair)) for i in pair}
        for track, supply in enumerate(supplies(instance)):
            counts = self._choose_sessions(members[track], alone)
            self._choose_cells(track, len(members[track]))
            self._fill_cells(track, supply, counts)
            self._price_sessions(track)
        for (_, kind), cells in self._capacity.items():
            self._at_most(cells, len(self._kinds[kind]))
        for pair, cost in conflicts.items():
            self._price_together(pair, cost)
        for pair, cost in track_conflicts(instance).items():
            self._price_parallel(pair, cost)
        rooms = int(room_costs(instance).min(axis=1).sum())
        self._model.minimize(mathopt.fast_sum(self._costs) + rooms)

    def ask(self, *, seconds: float, seed: int, gap: float = 0, on_message: Any = None) -> JointSolution:
        """How much do schedules that cost less than `below` cost at least? The bound is at most `below`.

        A plan that costs at most this share (`gap`) more than is proved ends the question.
        """
        below = self._below
        parameters = mathopt.SolveParameters(
            time_limit=timedelta(seconds=seconds), random_seed=seed, relative_gap_tolerance=gap
        )
        parameters.highs.double_options["objective_bound"] = below - 0.5
        result = mathopt.solve(self._model, mathopt.SolverType.HIGHS, params=parameters, msg_cb=on_message)
        reason = result.termination.reason
        if reason == mathopt.TerminationReason.INFEASIBLE:
            return JointSolution(below, finished=True, cost=below, plan=None)
        bound = min(below, whole(result.termination.objective_bounds.dual_bound))
        finished = reason == mathopt.TerminationReason.OPTIMAL or bound == below
        if result.has_primal_feasible_solution() and result.objective_value() < below:
            return JointSolution(bound, finished, round(result.objective_value()), self._plan(result.variable_values()))
        return JointSolution(bound, finished, cost=below, plan=None)

    def relaxed(self, *, seconds: float) -> int:
        """The same bound without asking for whole numbers: quick, and low."""
        variables = list(self._model.variables())
        whole_ones = [variable for variable in variables if variable.integer]
        for variable in whole_ones:
            variable.integer = False
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds))
        result = mathopt.solve(self._model, mathopt.SolverType.HIGHS, params=parameters)
        for variable in whole_ones:
            variable.integer = True
        return min(self._below, whole(result.termination.objective_bounds.dual_bound))

    def _number(self, most: int) -> Any:
        return self._model.add_integer_variable(lb=0, ub=most)

    def _at_most(self, terms: Iterable[Any], most: Any) -> None:
        self._model.add_linear_constraint(mathopt.fast_sum(terms) <= most)

    def _is_sure(self, pair: Pair) -> list[bool]:
        """[session] is a session of both sure to cost their conflict? Only what may share a cell can avoid it."""
        one, other = (self._instance.submissions[i] for i in pair)
        together = one.slots + other.slots
        return [one.track != other.track or together > session.slots for session in self._instance.sessions]

    def _choose_sessions(self, members: list[int], alone: set[int]) -> dict[tuple[int, int], list[Any]]:
        """(slots, session) -> counts that sum up to the submissions of that length there."""
        costs, instance = session_costs(self._instance), self._instance
        groups: dict[tuple[int, bytes, int], list[int]] = defaultdict(list)
        for i in members:
            groups[instance.submissions[i].slots, costs[i].tobytes(), i if i in alone else -1].append(i)
        found: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for (slots, _, _), group in groups.items():
            row = []
            for s, session in enumerate(instance.sessions):
                count = self._number(len(group) if slots <= session.slots else 0)
                self._costs.append(int(costs[group[0], s]) * count)
                found[slots, s].append(count)
                row.append(count)
            self._model.add_linear_constraint(mathopt.fast_sum(row) == len(group))
            self._groups.append((group, row))
            self._of[group[0]] = row
        return found

    def _choose_cells(self, track: int, members: int) -> None:
        """How many cells of every kind of room, in how many rooms."""
        costs, weights = cell_costs(self._instance), self._instance.weights
        rooms = [self._number(len(kind)) for kind in self._kinds]
        self._model.add_linear_constraint(mathopt.fast_sum(rooms) >= 1)
        self._costs.append(weights.rooms_per_track * (mathopt.fast_sum(rooms) - 1))
        for s in range(len(self._instance.sessions)):
            self._present[track, s] = present = self._model.add_binary_variable()
            self._cells[track, s] = cells = []
            for kind, members_of_kind in enumerate(self._kinds):
                price = int(costs[track, s, members_of_kind[0]])
                most = min(len(members_of_kind), members) if price < self._below else 0
                cell = self._number(most)
                self._model.add_linear_constraint(cell <= rooms[kind])
                self._model.add_linear_constraint(cell <= most * present)
                self._costs.append(price * cell)
                self._capacity[s, kind].append(cell)
                cells.append(cell)
            self._taken[track, s] = taken = mathopt.fast_sum(cells)
            self._most[track, s] = min(members, sum(cell.upper_bound for cell in cells))
            self._model.add_linear_constraint(taken >= present)

    def _fill_cells(self, track: int, supply: dict[int, int], counts: dict[tuple[int, int], list[Any]]) -> None:
        """The cells taken in a session have room for the submissions there."""
        for s, session in enumerate(self._instance.sessions):
            most = min(sum(supply.values()), len(self._instance.rooms))
            self._ways[track, s] = ways = [(way, self._number(most)) for way in fillings(session.slots, supply)]
            self._model.add_linear_constraint(self._taken[track, s] == mathopt.fast_sum(used for _, used in ways))
            for size in supply:
                held = mathopt.fast_sum(way[size] * used for way, used in ways)
                self._model.add_linear_constraint(held >= mathopt.fast_sum(counts[size, s]))

    def _price_sessions(self, track: int) -> None:
        """Parallel cells, and holes between sessions."""
        weights, starts, before = self._instance.weights, [], None
        for s in range(len(self._instance.sessions)):
            present = self._present[track, s]
            self._costs.append(weights.parallel_tracks * (self._taken[track, s] - present))
            start = self._model.add_binary_variable()
            self._model.add_linear_constraint(start >= (present if before is None else present - before))
            starts.append(start)
            before = present
        torn = self._model.add_binary_variable()
        self._at_most(starts, 1 + (len(starts) - 1) // 2 * torn)
        self._costs.append(weights.consecutive_tracks * torn)

    def _price_together(self, pair: Pair, cost: int) -> None:
        """Two submissions in one session, where that is sure to cost."""
        for s, sure in enumerate(self._is_sure(pair)):
            if sure:
                both = self._model.add_variable(lb=0)
                self._model.add_linear_constraint(both >= self._of[pair[0]][s] + self._of[pair[1]][s] - 1)
                self._costs.append(cost * both)

    def _price_parallel(self, pair: Pair, cost: int) -> None:
        """Every cell of one track beside every cell of another: at least as many as the larger number of cells."""
        for s in range(len(self._instance.sessions)):
            beside = self._model.add_variable(lb=0)
            for one, other in (pair, pair[::-1]):
                most = self._most[one, s]
                self._model.add_linear_constraint(beside >= self._taken[one, s] - most * (1 - self._present[other, s]))
            self._costs.append(cost * beside)

    def _plan(self, values: dict[Any, float]) -> JointPlan:
        sessions = [0] * len(self._instance.submissions)
        for group, row in self._groups:
            where = (s for s, count in enumerate(row) for _ in range(round(values[count])))
            for i, s in zip(group, where, strict=True):
                sessions[i] = s
        rooms = {
            place: [self._kinds[kind] for kind, cell in enumerate(row) for _ in range(round(values[cell]))]
            for place, row in self._cells.items()
        }
        ways = {
            place: [way for way, used in row for _ in range(round(values[used]))] for place, row in self._ways.items()
        }
        return JointPlan(sessions, rooms, ways)


def whole(bound: float) -> int:
    """The whole number that a cost of at least `bound` reaches; 0 if nothing is known."""
    if not math.isfinite(bound):
        return 0
    return max(0, math.ceil(bound - ROUNDING * max(1.0, abs(bound))))
