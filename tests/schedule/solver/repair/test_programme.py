"""What a linear programme proves is true of every solution, also where its optimum is no solution."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.repair.linear import UNIT, LinearRules, Rule
from schedule.solver.repair.programme import BinaryProgramme, Price

from .test_locality import Unhurried

CLIQUES = st.lists(st.sets(st.integers(0, 5), min_size=2, max_size=4), max_size=5)


def made(groups: list[set[int]], cliques: list[set[int]]) -> BinaryProgramme:
    """Six literals, one of each group and at most one of each clique."""
    programme = BinaryProgramme()
    for _ in range(6):
        programme.literal()
    for group in groups:
        programme.exactly_one(sorted(group))
    for clique in cliques:
        programme.at_most(sorted(clique))
    return programme


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=3),
    CLIQUES,
    st.frozensets(st.integers(0, 5)),
    st.dictionaries(st.integers(0, 5), st.integers(1, 2), max_size=6),
)
def test_least_cost_is_that_of_trying_everything(
    groups: list[set[int]], cliques: list[set[int]], major: frozenset[int], minor: dict[int, int]
) -> None:
    price = Price(major, minor, most=12)
    solutions = [
        chosen
        for chosen in product((0, 1), repeat=6)
        if all(sum(chosen[one] for one in group) == 1 for group in groups)
        and all(sum(chosen[one] for one in clique) <= 1 for clique in cliques)
    ]
    costs = [sum(cost for one, cost in price.costs.items() if chosen[one]) for chosen in solutions]
    answer = made(groups, cliques).best(price, {0: 1}, Unhurried(), 1)
    if not solutions:
        assert answer.chosen is None
        return
    assert answer.least == min(costs)
    assert answer.chosen is not None
    assert tuple(int(one in answer.chosen) for one in range(6)) in solutions
    assert sum(price.costs.get(one, 0) for one in answer.chosen) == min(costs)


def test_half_a_change_is_a_whole_one() -> None:
    """Three groups want one of three that exclude each other: in halves 1.5 of them have it, in truth one."""
    programme = made([{0, 3}, {1, 4}, {2, 5}], [set(pair) for pair in combinations(range(3), 2)])
    price = Price(frozenset({3, 4, 5}), {}, most=6)
    assert programme.best(price, {}, Unhurried(), 1).least == 2 * price.weight


def test_what_is_known_is_not_asked_for() -> None:
    price = Price(frozenset({3}), {}, most=1)
    programme = made([{0, 3}, {1, 3}], [{0, 1}])
    assert programme.best(price, {}, Unhurried(), 1).chosen is not None
    assert programme.best(price, {}, Unhurried(), 1, enough=price.weight).chosen is None


@settings(max_examples=30)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=2))
def test_any_dual_values_prove_something_true(dual: list[float]) -> None:
    """Of three literals one holds, and of the first two at most one; the cheapest solution costs 1."""
    price = np.array([2, 1, 4], np.int64)
    rules = LinearRules(3, [Rule([0, 1, 2], [1, 1, 1], 1, 1), Rule([0, 1], [1, 1], 0, 1)])
    bound, reduced = rules.proved(price, np.array(dual))
    assert bound <= 1 * UNIT
    assert all(bound + max(0, reduced[one]) <= price[one] * UNIT for one in range(3))
