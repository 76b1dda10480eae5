"""Pairs covered by complete groups."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.solver.exact.cliques import cover


def joined(count: int, pairs: set[tuple[int, int]]) -> np.ndarray:
    matrix = np.zeros((count, count), np.bool_)
    for first, second in pairs:
        matrix[first, second] = matrix[second, first] = True
    return matrix


def test_a_complete_group_is_one() -> None:
    assert cover(joined(4, {(0, 1), (0, 3), (1, 3)})) == [[0, 1, 3]]


@settings(max_examples=50, deadline=None)
@given(st.sets(st.sampled_from(list(combinations(range(9), 2)))))
def test_groups_cover_the_pairs_and_no_others(pairs: set[tuple[int, int]]) -> None:
    groups = cover(joined(9, pairs))
    assert {pair for group in groups for pair in combinations(sorted(group), 2)} == pairs
