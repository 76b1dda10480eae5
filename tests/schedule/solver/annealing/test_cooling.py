from __future__ import annotations

import math
from itertools import pairwise

import pytest

from schedule.solver.annealing.cooling import BLUR, FALL, adapted, geometric

EVERY = [1 - step / 1000 for step in range(1000)]


def trace(*pieces: tuple[float, int]) -> list[tuple[float, int]]:
    """A cooling along `pieces` (temperature, cost), straight between them, in many small steps."""
    found = []
    for (hot, high), (cold, low) in pairwise(pieces):
        found += [(cold * (hot / cold) ** part, round(low + part * (high - low))) for part in EVERY]
    return found


def test_a_geometric_cooling_falls_by_one_factor_in_one_time() -> None:
    schedule = geometric(80.0, 5.0)
    assert [schedule(fraction) for fraction in (0, 0.25, 0.5, 0.75, 1)] == pytest.approx([80, 40, 20, 10, 5])


def test_an_adapted_cooling_begins_where_the_cost_has_left_its_height() -> None:
    schedule = adapted(trace((64.0, 1000), (16.0, 1000), (8.0, 0), (1.0, 0)), 1.0)
    # 65 % of the fall is left at a third of the way from 16 to 8.
    assert schedule(0) == pytest.approx(16 * 0.5**0.35, rel=0.01)
    assert schedule(1) == pytest.approx(1.0)


def test_an_adapted_cooling_takes_its_time_where_the_cost_falls() -> None:
    schedule = adapted(trace((64.0, 1000), (16.0, 1000), (8.0, 0), (1.0, 0)), 1.0)
    logs = math.log(schedule(0) / 8.0) / math.log(schedule(0) / 1.0)
    when = FALL + (1 - FALL) * logs
    assert schedule(when) == pytest.approx(8.0, rel=0.01)
    assert schedule(when / 2) == pytest.approx(math.sqrt(schedule(0) * 8.0), rel=0.01)


def test_a_cost_that_trembles_does_not_lead_it_astray() -> None:
    pieces = trace((64.0, 1000), (16.0, 1000), (8.0, 0), (1.0, 0))
    trembling = [(temperature, cost + 30 * (-1) ** step) for step, (temperature, cost) in enumerate(pieces)]
    calm, shaken = adapted(pieces, 1.0), adapted(trembling, 1.0)
    for fraction in (0, 0.2, 0.4, 0.6, 0.8, 1):
        assert shaken(fraction) == pytest.approx(calm(fraction), rel=0.15)


@pytest.mark.parametrize("cost", [0, 700])
def test_a_cost_that_never_falls_is_cooled_evenly(cost: int) -> None:
    schedule = adapted([(8.0, cost), (4.0, cost), (2.0, cost), (1.0, cost)], 0.5)
    assert [schedule(0), schedule(1)] == pytest.approx([1.0, 0.5])


def test_without_a_trace_it_is_cold() -> None:
    assert adapted([], 0.4)(0.0) == adapted([], 0.4)(0.7) == pytest.approx(0.4)


def test_one_reading_is_enough() -> None:
    schedule = adapted([(40.0, 7)], 0.4)
    assert [schedule(0), schedule(1)] == pytest.approx([40.0, 0.4])
    assert BLUR % 2 == 1  # an even number would shift the costs against their temperatures
