"""Rounds of people who each hold what another waits for, on graphs without a database."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registration.domain.signups.steps.exchanges import SwapWish, next_exchange

SESSIONS = range(5)


def wishes(*rows: tuple[int, int, tuple[int, ...]]) -> list[SwapWish]:
    """(person, session, what they give), in the order of the line."""
    return [SwapWish(number, person, session, frozenset(gives)) for number, (person, session, gives) in enumerate(rows)]


def apart(_one: int, _other: int) -> bool:
    """All sessions are at other times."""
    return True


def at_once(_one: int, _other: int) -> bool:
    """All sessions are at the same time."""
    return False


def keys(exchange: list[SwapWish]) -> list[int]:
    return sorted(one.signup for one in exchange)


@pytest.mark.parametrize(
    ("rows", "fulfilled"),
    [
        ([], []),
        ([(1, 2, (1,))], []),
        ([(1, 2, (1,)), (2, 3, (2,))], []),
        ([(1, 2, (1,)), (2, 1, (2,))], [0, 1]),
        ([(1, 2, (1,)), (2, 3, (2,)), (3, 1, (3,))], [0, 1, 2]),
        # Whoever is first in the line of 2 of those who can exchange at all: not 1, for nobody waits for 4.
        ([(1, 2, (4,)), (2, 2, (1,)), (3, 2, (1,)), (4, 1, (2,))], [1, 3]),
        # What else somebody gives comes free.
        ([(1, 2, (1, 4)), (2, 1, (2,))], [0, 1]),
    ],
)
def test_who_exchanges(rows: list[tuple[int, int, tuple[int, ...]]], fulfilled: list[int]) -> None:
    assert keys(next_exchange(wishes(*rows), at_once)) == fulfilled


def test_nobody_is_given_two_places_at_once_by_one_round() -> None:
    """Person 1 gives 1 for 2 and 3 for 4: fine where 2 and 4 are not at the same time; else their later wish waits."""
    rows = wishes((1, 2, (1,)), (2, 3, (2,)), (1, 4, (3,)), (3, 1, (4,)))
    assert keys(next_exchange(rows, apart)) == [0, 1, 2, 3]
    assert next_exchange(rows, at_once) == []
    shorter = [*rows, SwapWish(9, 2, 1, frozenset({2}))]
    assert keys(next_exchange(shorter, at_once)) == [0, 9]


lines = st.lists(
    st.tuples(
        st.integers(0, 6), st.sampled_from(SESSIONS), st.frozensets(st.sampled_from(SESSIONS), min_size=1, max_size=2)
    ),
    max_size=9,
)


def rounds(of: list[SwapWish]) -> set[frozenset[int]]:
    """Every simple round there is, by trying all: the keys of its wishes."""
    found = set()
    for size in range(2, len(of) + 1):
        for some in itertools.permutations(of, size):
            if some[0].signup != min(one.signup for one in some) or len({one.session for one in some}) < size:
                continue
            if all(one.session in following.gives for one, following in zip(some, [*some[1:], some[0]], strict=True)):
                found.add(frozenset(one.signup for one in some))
    return found


@given(rows=lines)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_an_exchange_is_found_where_there_is_one_and_overtakes_nobody_who_could_exchange(
    rows: list[tuple[int, int, frozenset[int]]],
) -> None:
    line = [
        SwapWish(number, person, session, gives - {session})
        for number, (person, session, gives) in enumerate(rows)
        if gives - {session}
    ][:6]
    possible = rounds(line)
    exchange = next_exchange(line, apart)
    assert bool(exchange) == bool(possible)
    if exchange:
        assert frozenset(keys(exchange)) in possible
        can = set().union(*possible)
        for one in exchange:
            assert one.signup == min(
                other.signup for other in line if other.session == one.session and other.signup in can
            )
