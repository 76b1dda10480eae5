"""A linear programme over literals, and what its dual values prove in whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter

UNIT = 1 << 16
"""Dual values are rounded to multiples of one in so many."""

NEARLY = 1e-6
"""How far from a whole number a value of a whole solution may be; whether it is one is reckoned afterwards."""

Numbers = NDArray[np.int64]


class WorkLimits(Protocol):
    """How long it may take."""

    @property
    def left(self) -> float:
        """Seconds."""

    def watch(self, stop: Callable[[], None]) -> AbstractContextManager[None]:
        """While inside, `stop` is called as soon as the work is to end."""


@dataclass(frozen=True)
class Rule:
    """A sum of literals, each times its factor, between two whole numbers."""

    literals: Sequence[int]
    factors: Sequence[int]
    least: int
    most: int


@dataclass(frozen=True)
class Relaxed:
    """An optimum in fractions: of the literals, and the dual values of the rules."""

    primal: NDArray[np.float64]
    dual: NDArray[np.float64]


class LinearRules:
    """Rules over as many literals, as arrays."""

    def __init__(self, literals: int, rules: Iterable[Rule]) -> None:
        rules = list(rules)
        self._size = literals
        self._least = np.array([rule.least for rule in rules], np.int64)
        self._most = np.array([rule.most for rule in rules], np.int64)
        rows = np.repeat(np.arange(len(rules)), [len(rule.literals) for rule in rules])
        columns = np.array([literal for rule in rules for literal in rule.literals], np.int64)
        factors = np.array([factor for rule in rules for factor in rule.factors], np.int64)
        order = np.lexsort((columns, rows))
        self._rows, self._columns, self._factors = rows[order], columns[order], factors[order]

    def relaxed(
        self, price: Numbers, free: NDArray[np.bool_], limits: WorkLimits, *, is_cut: bool = False
    ) -> Relaxed | None:
        """The cheapest solution in fractions without literals that are not free; None if there is none in time.

        Where a rule cuts off what would be cheapest (`is_cut`), the dual simplex takes a tenth of the primal's time.
        """
        model = mathopt.Model.from_model_proto(self._proto(price, free))
        algorithm = mathopt.LPAlgorithm.DUAL_SIMPLEX if is_cut else mathopt.LPAlgorithm.PRIMAL_SIMPLEX
        params = mathopt.SolveParameters(lp_algorithm=algorithm)
        params.glop.max_time_in_seconds = limits.left
        interrupter = SolveInterrupter()
        with limits.watch(interrupter.interrupt):
            result = mathopt.solve(model, mathopt.SolverType.GLOP, params=params, interrupter=interrupter)
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            return None
        primal, dual = result.variable_values(), result.dual_values()
        return Relaxed(
            np.array([primal[variable] for variable in model.variables()]),
            np.array([dual[rule] for rule in model.linear_constraints()]),
        )

    def proved(self, price: Numbers, dual: NDArray[np.float64]) -> tuple[int, Numbers]:
        """What every solution costs at least, in units, and how much more one does in which a literal holds.

        Whatever the dual values are, both are true: the price of a solution is that of its literals less, and plus,
        each rule's sum times its dual value.
        """
        value = np.rint(dual * UNIT).astype(np.int64)
        reduced = price * UNIT
        np.subtract.at(reduced, self._columns, value[self._rows] * self._factors)
        of_rules = value * np.where(value > 0, self._least, self._most)
        return int(of_rules.sum()) + int(np.minimum(reduced, 0).sum()), reduced

    def whole(self, primal: NDArray[np.float64]) -> frozenset[int] | None:
        """The literals that hold, if it is a solution without fractions."""
        held = np.rint(primal).astype(np.int64)
        if np.abs(primal - held).max(initial=0) > NEARLY:
            return None
        sums = np.zeros(len(self._least), np.int64)
        np.add.at(sums, self._rows, held[self._columns] * self._factors)
        if (sums < self._least).any() or (sums > self._most).any():
            return None
        return frozenset(np.flatnonzero(held).tolist())

    def excluded(self, primal: NDArray[np.float64]) -> NDArray[np.bool_]:
        """The literals that cannot hold beside those that hold already, by the rules that let one of several hold."""
        held = primal > 1 - NEARLY
        only_one = self._most == 1
        full = np.zeros(len(self._most), np.bool_)
        full[self._rows[held[self._columns] & (self._factors == 1)]] = True
        found = np.zeros(self._size, np.bool_)
        found[self._columns[(full & only_one)[self._rows] & (self._factors == 1)]] = True
        return found & ~held

    def _proto(self, price: Numbers, free: NDArray[np.bool_]) -> model_pb2.ModelProto:
        proto = model_pb2.ModelProto()
        variables, objective = proto.variables, proto.objective.linear_coefficients
        variables.ids.extend(range(self._size))
        variables.lower_bounds.extend([0.0] * self._size)
        variables.upper_bounds.extend(free.astype(float).tolist())
        variables.integers.extend([False] * self._size)
        priced = np.flatnonzero(price)
        objective.ids.extend(priced.tolist())
        objective.values.extend(price[priced].astype(float).tolist())
        rules, matrix = proto.linear_constraints, proto.linear_constraint_matrix
        rules.ids.extend(range(len(self._least)))
        rules.lower_bounds.extend(self._least.astype(float).tolist())
        rules.upper_bounds.extend(self._most.astype(float).tolist())
        matrix.row_ids.extend(self._rows.tolist())
        matrix.column_ids.extend(self._columns.tolist())
        matrix.coefficients.extend(self._factors.astype(float).tolist())
        return proto
