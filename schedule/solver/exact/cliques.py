"""Pairs of which only one of both may be had, covered by few complete groups: a solver reasons better about groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cover(joined: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of which all are joined with each other; each joined pair is in one of them. `joined` is symmetric.

    Greedy: who is joined with most comes first, and takes in whoever is joined with all so far and leaves most pairs
    covered; in doubt who is joined with more.
    """
    left = joined.copy()
    many = joined.sum(axis=1)
    found = []
    for first in np.argsort(-many, kind="stable").tolist():
        while left[first].any():
            group, common = [first], joined[first].copy()
            gained = left[first].astype(np.int64)
            while True:
                value = np.where(common & (gained > 0), gained * len(many) + many, -1)
                best = int(value.argmax())
                if value[best] < 0:
                    break
                group.append(best)
                common &= joined[best]
                gained += left[best]
            left[np.ix_(group, group)] = False
            found.append(group)
    return found
