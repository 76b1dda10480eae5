"""How a search divides its work and its time, on a clock that the test moves."""

from __future__ import annotations

import pytest

from schedule.solver.annealing.progress import Pace
from schedule.solver.budget import Deadline


class Clock(Deadline):
    now = 0.0

    @property
    def elapsed(self) -> float:
        return self.now


def walk(pace: Pace, clock: Clock, *, steps: int, seconds_each: float) -> tuple[int, list[float]]:
    """Advance until it is over; how often, and the fractions on the way."""
    fractions = []
    while not pace.over:
        clock.now += seconds_each
        pace.advance(steps)
        fractions.append(round(pace.fraction, 3))
    return len(fractions), fractions


@pytest.mark.parametrize("seconds_each", [0.001, 0.1, 0.9])
def test_alone_the_way_follows_from_the_work_while_the_clock_allows(seconds_each: float) -> None:
    clock = Clock(10)
    pace = Pace(clock, until=10, planned=1000)
    assert walk(pace, clock, steps=100, seconds_each=seconds_each) == (
        10,
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    )


def test_alone_on_a_slow_machine_the_way_is_walked_faster_and_to_its_end() -> None:
    clock = Clock(10)
    pace = Pace(clock, until=10, planned=1000)
    count, fractions = walk(pace, clock, steps=100, seconds_each=2)
    assert count == 5
    assert fractions == [0.2, 0.4, 0.6, 0.8, 1.0]


def test_in_company_the_way_follows_from_the_clock() -> None:
    clock = Clock(10)
    pace = Pace(clock, until=5, planned=None)
    assert walk(pace, clock, steps=1, seconds_each=1) == (5, [0.2, 0.4, 0.6, 0.8, 1.0])


def test_a_stop_ends_the_way() -> None:
    stop = [False]
    pace = Pace(Deadline(100, lambda: stop[0]), until=100, planned=None)
    assert not pace.over
    stop[0] = True
    assert pace.over


@pytest.mark.parametrize(("planned", "expected"), [(None, 3000.0), (500.0, 500.0)])
def test_what_is_to_be_expected_is_what_is_planned_or_follows_from_the_clock(
    planned: float | None, expected: float
) -> None:
    pace = Pace(Deadline(600), until=30.0, planned=planned)
    assert pace.expected(100.0) == pytest.approx(expected, rel=0.01)
