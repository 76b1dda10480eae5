"""The annealing as an object that can be run a little at a time."""

from __future__ import annotations

import numpy as np

from .kernel import POSITIONS, ROOM_CHANGE, SUB_COSTS, TRACK_COSTS, TracksData, TracksState
from .moves import GAP_SHARE, ROWS_OF_STEPS, SHARES, anneal


class TracksAnnealer:
    """One run of the annealing from `start`, which costs `cost`: `state` is where it is, `best` the cheapest yet."""

    def __init__(self, data: TracksData, start: TracksState, cost: int, seed: int) -> None:
        self._data = data
        self.state = _copy(start)
        self._costs = np.array([cost, cost], np.int64)
        self._random = np.random.default_rng(seed).integers(1, 1 << 62, 1, np.int64)
        self._shares = np.cumsum([*SHARES[:-1], GAP_SHARE if data.head[POSITIONS] else 0])
        self._steps = np.zeros((ROWS_OF_STEPS, len(data.subs)), np.int64)
        self._cells = np.zeros(len(self.state.cells), np.int64)
        self.best = _copy(start)

    @property
    def cost(self) -> int:
        return int(self._costs[0])

    @property
    def best_cost(self) -> int:
        return int(self._costs[1])

    @property
    def hottest(self) -> float:
        """The largest single cost: at this temperature nothing is forbidden."""
        data = self._data
        costs = (
            data.head[ROOM_CHANGE:POSITIONS],
            data.subs[:, SUB_COSTS:],
            data.tracks[:, TRACK_COSTS:],
            data.lists[1],
        )
        return float(max(1, *(array.max(initial=0) for array in costs)))

    def run(self, tries: int, temperature: float, cooling: float) -> None:
        """Try so many moves, from this temperature on, which is multiplied with `cooling` at each."""
        anneal(
            self._data,
            self.state,
            self.best,
            self._costs,
            self._random,
            tries,
            temperature,
            cooling,
            self._shares,
            self._steps,
            self._cells,
        )


def _copy(state: TracksState) -> TracksState:
    return TracksState(*(array.copy() for array in state))
