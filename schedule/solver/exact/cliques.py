"""Pairs of which only one of both may be had, covered by few complete groups: a solver reasons better about groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cover(joined: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of which all are joined with each other; each joined pair is in one of them. `joined` is symmetric.

    Greedy: who has most pairs that are not covered yet begins, and takes in whoever is joined with all so far and
    covers most pairs with that; in doubt who has more to cover.
    """
    left = joined.copy()
    open_ = left.sum(axis=1)
    found = []
    while open_.any():
        group = [int(open_.argmax())]
        common, gained = joined[group[0]].copy(), left[group[0]].astype(np.int64)
        while True:
            value = np.where(common & (gained > 0), gained * len(open_) + open_, -1)
            best = int(value.argmax())
            if value[best] < 0:
                break
            group.append(best)
            common &= joined[best]
            gained += left[best]
        within = np.ix_(group, group)
        open_[group] -= left[within].sum(axis=1)
        left[within] = False
        found.append(group)
    return found
