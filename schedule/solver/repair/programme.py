"""Yes or no, under linear rules: solved as a linear programme first, whose optimum mostly is whole.

What is proved does not rest on its fractions: from its dual values, rounded to whole multiples of a small unit, a bound
is reckoned in integers (Neumaier and Shcherbina 2004), and so is which literals cannot hold in any solution that costs
no more (reduced cost fixing: Dantzig, Fulkerson and Johnson 1954). Only where fractions are left CP-SAT is asked, with
those literals taken away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from schedule.solver.exact.interval_model import LINEARIZATION

from .linear import UNIT, LinearRules, Numbers, Rule, WorkLimits

Costs = Mapping[int, int]
"""What literals cost that hold; others cost nothing."""

MOST_CUTS = 4
MOST_RAISED = 3
"""How often a fraction of a major cost is cut off, and how often a least cost that nothing has is raised by one."""

FOUND = {cp_model.OPTIMAL, cp_model.FEASIBLE}


class Effort(WorkLimits, Protocol):
    """How much may be done, and when to stop."""

    def solver(self, share: float) -> cp_model.CpSolver:
        """One that may do this share of the work."""


@dataclass(frozen=True)
class Price:
    """Literals of which as few as possible are to hold, and then what counts: never more than `most` in a solution."""

    major: frozenset[int]
    minor: Costs
    most: int

    @property
    def weight(self) -> int:
        """Of a major cost: twice what is enough, with which CP-SAT takes an eighth of the time."""
        return 2 * (self.most + 1)

    @property
    def costs(self) -> Costs:
        """Both in one number."""
        return Counter(dict.fromkeys(self.major, self.weight)) + Counter(self.minor)

    def possible(self, cost: int) -> int:
        """The least number from this on that is the cost of a solution."""
        major, minor = divmod(cost, self.weight)
        return cost if minor <= self.most else (major + 1) * self.weight


@dataclass(frozen=True)
class LeastCost:
    """No solution costs less than `least`; the literals that hold in one that costs no more, if one was found."""

    least: int
    chosen: frozenset[int] | None


@dataclass(frozen=True)
class _Bounded:
    """A least cost, and of the linear programme that was asked last its rules, bound in units and reduced costs."""

    rules: list[Rule]
    least: int
    bound: int
    reduced: Numbers

    @property
    def free(self) -> NDArray[np.bool_]:
        """The literals that may hold in a solution that costs no more than the least."""
        return self.bound + np.maximum(self.reduced, 0) <= self.least * UNIT


class BinaryProgramme:
    """Literals are numbers from 0 on."""

    def __init__(self) -> None:
        self._size = 0
        self._rules: list[Rule] = []

    def literal(self) -> int:
        self._size += 1
        return self._size - 1

    def exactly_one(self, literals: Sequence[int]) -> None:
        self._rules.append(Rule(literals, [1] * len(literals), 1, 1))

    def at_most(self, literals: Sequence[int], most: int = 1) -> None:
        if len(literals) > most:
            self._rules.append(Rule(literals, [1] * len(literals), 0, most))

    def not_more(self, few: Sequence[int], many: Sequence[int]) -> None:
        """Of the first no more hold than of the second."""
        if few:
            self._rules.append(Rule([*many, *few], [1] * len(many) + [-1] * len(few), 0, len(many)))

    def best(
        self, price: Price, preferred: Costs, effort: Effort, share: float, enough: int | None = None
    ) -> LeastCost:
        """The least cost, and of the solutions that cost no more the one that is preferred, as far as there is time.

        Where the least is `enough` or more, no solution is asked for.
        """
        bounded = self._bounded(price, effort)
        if bounded is not None:
            if enough is not None and bounded.least >= enough:
                return LeastCost(bounded.least, None)
            for _ in range(MOST_RAISED):
                status, chosen = self._as_cheap(bounded, price.costs, preferred, effort, share)
                if chosen is not None:
                    return LeastCost(bounded.least, chosen)
                if status != cp_model.INFEASIBLE:
                    break
                bounded = replace(bounded, least=price.possible(bounded.least + 1))
        least = 0 if bounded is None else bounded.least
        return self._searched(price.costs, preferred, least, effort.solver(share), effort)

    def _bounded(self, price: Price, effort: Effort) -> _Bounded | None:
        """What the linear programme proves. Where part of a major cost is left, that is cut off and asked again."""
        rules, costs, least = list(self._rules), self._vector(price.costs), 0
        for cuts in range(MOST_CUTS):
            linear = LinearRules(self._size, rules)
            found = linear.relaxed(costs, np.ones(self._size, np.bool_), effort, is_cut=cuts > 0)
            if found is None:
                return None
            bound, reduced = linear.proved(costs, found.dual)
            proved = max(least, -(-bound // UNIT))
            least = price.possible(proved)
            if least == proved:
                break
            major = sorted(price.major)
            rules.append(Rule(major, [1] * len(major), least // price.weight, len(major)))
        return _Bounded(rules, least, bound, reduced)

    def _as_cheap(
        self, bounded: _Bounded, costs: Costs, preferred: Costs, effort: Effort, share: float
    ) -> tuple[cp_model.CpSolverStatus, frozenset[int] | None]:
        """A solution that costs no more than is proved, and whether there is one."""
        least, free = bounded.least, bounded.free
        rules = [*bounded.rules, Rule(list(costs), list(costs.values()), 0, least)]
        linear = LinearRules(self._size, rules)
        liked = linear.relaxed(self._vector(preferred), free, effort)
        chosen = None if liked is None else linear.whole(liked.primal)
        if chosen is not None:
            return cp_model.OPTIMAL, chosen
        # What is whole already mostly can stay so; if not, everything that may hold is asked.
        status = cp_model.UNKNOWN
        for asked in [free] if liked is None else [free & ~linear.excluded(liked.primal), free]:
            solver, (model, literals) = effort.solver(share), _model(rules, asked)
            model.minimize(_sum(literals, preferred))
            status = _solved(model, solver, effort)
            if status in FOUND:
                return status, _chosen(literals, solver)
        return status, None

    def _searched(
        self, costs: Costs, preferred: Costs, least: int, solver: cp_model.CpSolver, effort: Effort
    ) -> LeastCost:
        """By CP-SAT alone, whose own bound counts: in fractions less is possible than in whole numbers."""
        model, literals = _model(self._rules, np.ones(self._size, np.bool_))
        weight = sum(preferred.values()) + 1
        model.add(_sum(literals, costs) >= least)
        model.minimize(
            _sum(literals, Counter({one: weight * cost for one, cost in costs.items()}) + Counter(preferred))
        )
        if _solved(model, solver, effort) in FOUND:
            least = max(least, int(solver.best_objective_bound) // weight)
            chosen = _chosen(literals, solver)
            if sum(costs.get(literal, 0) for literal in chosen) <= least:
                return LeastCost(least, chosen)
        return LeastCost(least, None)

    def _vector(self, costs: Costs) -> Numbers:
        vector = np.zeros(self._size, np.int64)
        vector[list(costs)] = list(costs.values())
        return vector


def _model(rules: Sequence[Rule], free: NDArray[np.bool_]) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
    """The rules for the free literals."""
    model = cp_model.CpModel()
    literals = {int(literal): model.new_bool_var("") for literal in np.flatnonzero(free)}
    for rule in rules:
        factors = {one: factor for one, factor in zip(rule.literals, rule.factors, strict=True) if free[one]}
        held = [literals[one] for one in factors]
        if rule.most != 1 or set(factors.values()) - {1}:
            model.add_linear_constraint(_sum(literals, factors), rule.least, rule.most)
        elif rule.least == 1:
            model.add_exactly_one(held)
        else:
            model.add_at_most_one(held)
    return model, literals


def _sum(literals: Mapping[int, cp_model.IntVar], costs: Costs) -> cp_model.LinearExprT:
    priced = [one for one in costs if one in literals]
    return cp_model.LinearExpr.weighted_sum(
        [0, *(literals[one] for one in priced)], [0, *(costs[one] for one in priced)]
    )


def _solved(model: cp_model.CpModel, solver: cp_model.CpSolver, effort: Effort) -> cp_model.CpSolverStatus:
    # Its own relaxation proves sooner than presolve would shrink the model.
    solver.parameters.cp_model_presolve = False
    solver.parameters.linearization_level = LINEARIZATION
    with effort.watch(solver.stop_search):
        return solver.solve(model)


def _chosen(literals: Mapping[int, cp_model.IntVar], solver: cp_model.CpSolver) -> frozenset[int]:
    return frozenset(one for one, literal in literals.items() if solver.boolean_value(literal))
