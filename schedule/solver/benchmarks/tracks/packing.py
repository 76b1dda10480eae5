"""Which cells a track needs: the exact question whether everything fits, without saying where.

Whether a set of submissions fits into cells depends only on their lengths. For every track and every length of cell
an arc flow says how many cells are filled in which way: a path from slot 0 to the end is one cell, an arc is a
submission or an empty slot (Valério de Carvalho, 1999, for bin packing). It is exact, and small.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from ortools.sat.python import cp_model

from schedule.solver.budget import Deadline, new_solver, stoppable

from .instance import TracksInstance

Arc = tuple[int, int]
"""(first slot, slots of the submission); 0 slots stand for one empty slot."""


class CellFlow:
    """Ways to fill a number of cells of one length with submissions of one track, as flow in a model.

    `arcs` counts uses; `cells` is the number of cells filled. Empty slots come last in a cell, submissions in order
    of falling length: every filling can be put so, and it spares the search the others.
    """

    def __init__(self, cp: cp_model.CpModel, length: int, supply: dict[int, int], most: int) -> None:
        self.length = length
        self.arcs: dict[Arc, cp_model.IntVar] = {}
        self.cells = cp.new_int_var(0, most, "")
        into: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        out: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for slot in _reachable(length, supply):
            for size, amount in supply.items():
                if slot + size <= length:
                    limit = min(amount, most)
                    self.arcs[slot, size] = arc = cp.new_int_var(0, limit, "")
                    out[slot].append(arc)
                    into[slot + size].append(arc)
            if slot:
                self.arcs[slot, 0] = rest = cp.new_int_var(0, most, "")
                out[slot].append(rest)
                into[length].append(rest)
        cp.add(sum(out[0]) == self.cells)
        for slot, arcs in into.items():
            if slot < length:
                cp.add(sum(arcs) == sum(out[slot]))

    def used(self, size: int) -> cp_model.LinearExprT:
        """How many submissions of this length the cells hold."""
        return sum(arc for (_, slots), arc in self.arcs.items() if slots == size)

    def fillings(self, value: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> list[list[int]]:
        """The cells of a solution, each as the lengths of its submissions."""
        left = {arc: value.value(variable) for arc, variable in self.arcs.items()}
        found = []
        for _ in range(value.value(self.cells)):
            slot, sizes = 0, []
            while slot < self.length:
                size = next(size for (first, size), amount in left.items() if first == slot and amount)
                left[slot, size] -= 1
                if not size:
                    break
                sizes.append(size)
                slot += size
            found.append(sizes)
        return found


def _reachable(length: int, supply: dict[int, int]) -> list[int]:
    found = {0}
    for slot in range(length):
        if slot in found:
            found.update(slot + size for size in supply if slot + size <= length)
    return sorted(found - {length})


def supplies(instance: TracksInstance) -> list[dict[int, int]]:
    """For every track: length -> number of submissions."""
    found: list[Counter[int]] = [Counter() for _ in instance.tracks]
    for submission in instance.submissions:
        found[submission.track][submission.slots] += 1
    return [dict(sorted(counter.items(), reverse=True)) for counter in found]


@dataclass(frozen=True, slots=True)
class Packing:
    """The cells each track fills: (length of the cell, lengths of the submissions in it)."""

    cells: list[list[tuple[int, list[int]]]]


def pack(
    instance: TracksInstance, deadline: Deadline, *, seconds: float, seed: int
) -> tuple[bool | None, Packing | None]:
    """Fill as few cells as possible. (True, packing), (False, None) if proved impossible, (None, None) if not known."""
    offered = Counter(session.slots for session in instance.sessions)
    rooms = len(instance.rooms)
    cp = cp_model.CpModel()
    flows: list[list[CellFlow]] = []
    for supply in supplies(instance):
        submissions = sum(supply.values())
        track = [CellFlow(cp, length, supply, min(submissions, rooms * n)) for length, n in sorted(offered.items())]
        for size, amount in supply.items():
            cp.add(sum(flow.used(size) for flow in track) == amount)
        flows.append(track)
    for number, length in enumerate(sorted(offered)):
        cp.add(sum(track[number].cells for track in flows) <= rooms * offered[length])
    cp.minimize(sum(flow.cells for track in flows for flow in track))
    solver = new_solver(seconds=min(seconds, deadline.left), seed=seed, workers=1)
    solver.parameters.relative_gap_limit = 0.05
    with stoppable(solver, deadline):
        status = solver.solve(cp)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return (False if status == cp_model.INFEASIBLE else None), None
    return True, Packing([[(f.length, sizes) for f in track for sizes in f.fillings(solver)] for track in flows])
