"""What a text may cost: its length must decide, not its contents."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

SMALL, BIG = 4_000, 20_000
# What runs beside a test can spoil a measurement; what grows with the square does so each time.
TRIES = 3


def is_in_proportion(work: Callable[[int], object]) -> bool:
    """Whether five times as much takes five times as long, not twenty-five times; what is quick anyway is not compared.

    `work` is given a size in letters or bytes.
    """
    return any(_is_once(work) for _ in range(TRIES))


def _is_once(work: Callable[[int], object]) -> bool:
    small, big = _seconds(work, SMALL), _seconds(work, BIG)
    return big < 0.1 or big < 12 * small


def _seconds(work: Callable[[int], object], size: int) -> float:
    began = thread_time()
    work(size)
    return thread_time() - began
