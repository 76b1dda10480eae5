"""Ranked wishes of people who can attend all that they wish for, in a timetable that is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedule.solver.problem import Attendee

MOST, LEAST = 12, 4
INTERESTS, TOPICS = 4, 20
LIKED = 6.0
"""How much rather people wish for a session of one of their INTERESTS among TOPICS."""

HEAVIEST = 5


def draw(
    codes: Sequence[str], spans: Sequence[tuple[int, int]], seats: Sequence[int | None], people: int, seed: int
) -> tuple[Attendee, ...]:
    """`people` who wish for LEAST to MOST sessions that never overlap, the heaviest first.

    `spans` are the sessions' starts and ends; nobody wishes for one whose `seats` are taken (None: as many as like).
    """
    rng = np.random.default_rng(seed)
    start, end = np.array(spans, np.int64).reshape(len(codes), 2).T
    left = np.array([people if most is None else most for most in seats], np.int64)
    popular = rng.pareto(1.5, len(codes)) + 0.2
    topic = rng.integers(0, TOPICS, len(codes))
    apart = ((start[:, None] >= end) | (start >= end[:, None])).astype(np.float64)
    found = []
    for _ in range(people):
        liking = np.ones(TOPICS)
        liking[rng.integers(0, TOPICS, INTERESTS)] = LIKED
        chances = popular * liking[topic] * (left > 0)
        wishes: list[tuple[str, int]] = []
        for rank in range(int(rng.integers(LEAST, MOST + 1))):
            whole = chances.cumsum()
            if not whole[-1]:
                break
            one = int(np.searchsorted(whole, rng.random() * whole[-1], side="right"))
            wishes.append((codes[one], max(1, HEAVIEST - rank)))
            left[one] -= 1
            chances *= apart[one]
        found.append(Attendee(tuple(wishes)))
    return tuple(found)
