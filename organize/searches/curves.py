"""A falling curve as the numbers of an SVG path: how a search got better over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 160
# Room for the line's own width.
MARGIN = 4


@dataclass(frozen=True)
class Curve:
    """`path` in a box of WIDTH by HEIGHT; the figures beside its axes."""

    path: str
    highest: int
    lowest: int
    until: int
    width: int = WIDTH
    height: int = HEIGHT


def curve_of(points: Sequence[tuple[float, int]], *, until: float) -> Curve | None:
    """Steps through `points` (seconds, value), which fall, and level from the last to `until`; None without points."""
    if not points:
        return None
    highest, lowest = max(value for _, value in points), min(value for _, value in points)

    def across(seconds: float) -> str:
        return f"{seconds / until * WIDTH:.1f}"

    def down(value: int) -> str:
        share = (highest - value) / (highest - lowest) if highest > lowest else 1.0
        return f"{MARGIN + share * (HEIGHT - 2 * MARGIN):.1f}"

    path = [f"M{across(points[0][0])} {down(points[0][1])}"]
    path += [f"H{across(seconds)}V{down(value)}" for seconds, value in points[1:]]
    path.append(f"H{across(until)}")
    return Curve("".join(path), highest, lowest, round(until))
