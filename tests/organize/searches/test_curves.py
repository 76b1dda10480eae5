from __future__ import annotations

import pytest

from organize.searches.curves import Curve, curve_of


def test_steps_fall_from_the_top_to_the_bottom_and_go_on_to_the_end() -> None:
    assert curve_of([(1.0, 100), (5.0, 50), (8.0, 0)], until=10) == Curve(
        "M64.0 4.0H320.0V80.0H512.0V156.0H640.0", highest=100, lowest=0, until=10
    )


@pytest.mark.parametrize("points", [[(0.0, 7)], [(0.0, 7), (3.0, 7)]])
def test_a_search_that_never_got_better_is_a_level_line(points: list[tuple[float, int]]) -> None:
    curve = curve_of(points, until=10)
    assert curve is not None
    assert (curve.highest, curve.lowest) == (7, 7)
    assert curve.path.startswith("M0.0 156.0")
    assert curve.path.endswith("H640.0")


def test_no_points_are_no_curve() -> None:
    assert curve_of([], until=10) is None
