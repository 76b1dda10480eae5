"""Temperatures over the time of an annealing, from 0 to 1: `geometric`, and `adapted` to how the cost falls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Schedule = Callable[[float], float]
"""The temperature at a fraction of the time."""

NEAR = 0.65
"""What part of the fall of the cost is near its height: the slow cooling starts below that."""

FALL = 0.6
"""Share of the time that goes where the cost falls; the rest is even over the logarithm of the temperature."""

BLUR = 9
"""Readings of the cost that are averaged: it trembles most where it falls."""


def geometric(hot: float, cold: float) -> Schedule:
    """From `hot` to `cold`, by the same factor in the same time."""
    return lambda fraction: float(hot * (cold / hot) ** fraction)


def adapted(trace: Sequence[tuple[float, float]], cold: float, *, near: float = NEAR) -> Schedule:
    """From where a faster cooling began to find order, to `cold`, slowest where that found most of it.

    `trace` has the falling temperatures of the faster cooling and the cost after each. Freezing is where a system lags
    behind its temperature, so time is worth most there (Salamon, Nulton, Harland, Pedersen, Ruppeiner and Liao 1988,
    constant thermodynamic speed); without the part that is even, what freezes later than the faster cooling could
    show would be skipped. The fall is measured against where that ended: it may have been too fast to get far.
    """
    if not trace:
        return geometric(cold, cold)
    temperatures, costs = (np.array(column, float) for column in zip(*trace, strict=True))
    blurred = np.convolve(np.pad(costs, BLUR // 2, mode="edge"), np.full(BLUR, 1 / BLUR), "valid")
    falling = np.maximum.accumulate(blurred[::-1])[::-1]
    foot, height = falling[-1], falling[0]
    onset = int(np.flatnonzero(falling >= foot + near * (height - foot))[-1])
    logs = np.log(np.append(temperatures[onset:], min(cold, temperatures[-1])))
    even, fallen = _progress(logs), _progress(np.append(falling[onset:], falling[-1]))
    when = (1 - FALL) * even + FALL * fallen
    return lambda fraction: float(np.exp(np.interp(fraction, when / when[-1] if when[-1] else when, logs)))


def _progress(values: Floats) -> Floats:
    """How much of its fall a sequence has behind it, from 0 to 1; zeros if it never falls."""
    fall: Floats = values[0] - values
    if fall[-1]:
        fall /= fall[-1]
    return fall
