"""Local search: annealing on the arrays of a problem until the work or the time is used up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schedule.solver.budget import Deadline
from schedule.solver.problem import Timetable

from .arrays import Arrays
from .cooling import Schedule, adapted, geometric
from .moves import AnnealingState, anneal, empty_state, fill
from .progress import Pace

CHECK_SECONDS = 0.2
"""How long the compiled loop may run without asking whether to stop, on a core as slow as `steps_per_second` says."""

FEW = 80
"""With so few sessions many short runs find more than one long one; with more, one that cools slowly does."""

COLD = 2.0
CALLS_PER_ROUND = 10
STEPS_PER_START = 150_000
"""A run of few sessions: its last temperature at least, its stretches and its moves."""

TOP = 2.0
"""The first temperature with many sessions, as a multiple of what a session costs beyond its cheapest place."""

COLD_MANY = 0.5
"""The last temperature with many sessions; the least change of cost is 1."""

STRETCH = 20_000
"""Moves at one temperature with many sessions, and between two looks at the clock: about 20 ms (see CHECK_SECONDS)."""

FAST_SHARE = 0.08
"""Of the work, for the fast cooling. It also gives those who stop early something good."""

REHEAT = 0.25
"""What part of the heat at which order begins a timetable gets that is too good to be forgotten."""

DEARER, CHEAPER = 1.1, 0.95
"""What a broken rule's price is multiplied by after a stretch with many sessions, if any is broken and if none is."""

REPORT_SECONDS = 0.5
"""Between two reports with many sessions, on a core as slow as `steps_per_second` says: each takes 0.1 s to verify."""

Report = Callable[[Timetable], None]


def steps_per_second(sessions: int) -> int:
    """Moves in a second of an ordinary core, estimated low (see `budget` and docs/solver.md).

    The matrices of sessions by sessions outgrow the core's cache.
    """
    return int(1_000_000 / (1.2 + sessions**2 / 500_000))


class Annealer:
    """Annealing on arrays; keeps the best right state over all its calls and reports better ones.

    The number of moves is given and not taken from the clock; `deadline` and its `should_stop` end a call early.
    """

    def __init__(self, arrays: Arrays, *, seed: int, deadline: Deadline, report: Report) -> None:
        self.arrays = arrays
        self.seed = seed
        self.deadline = deadline
        self.report = report
        self.best = -1
        self.reported = -1
        self.told_at = 0
        self.done = 0
        self.calls = 0
        self.speed = steps_per_second(len(arrays.number))
        self.best_slot, self.best_room = arrays.built_state(seed)
        self.heat = _heat(arrays) if len(arrays.number) <= FEW else self._top()

    def _top(self) -> float:
        """A temperature at which what was built is forgotten."""
        data = self.arrays.data
        nowhere = np.iinfo(np.int64).max
        rooms = np.where(data.allowed.any(axis=2), data.room_cost, nowhere).min(axis=1)
        slots = np.where(data.allowed.any(axis=1), data.slot_cost, nowhere).min(axis=1)
        lost = self._at(self.best_slot, self.best_room).soft - int(rooms.sum() + slots.sum())
        return max(COLD_MANY, TOP * lost / len(self.arrays.number))

    def start_from(self, timetable: Timetable) -> None:
        """Take a right timetable as the best so far."""
        self.best_slot, self.best_room = self.arrays.state(timetable)
        self.best = self.reported = self._at(self.best_slot, self.best_room).soft

    def offer_built(self) -> None:
        """Report what was built at first, if it is right and nothing else is known."""
        if self.best < 0:
            built = self._at(self.best_slot, self.best_room)
            if built.hard == 0:
                self.best = built.soft
                self._tell()

    def search(self, seconds: float) -> None:
        """As many moves as `seconds` are worth: few sessions start anew again and again, many lose heat slowly."""
        self.offer_built()
        total = int(seconds * self.speed)
        if len(self.arrays.number) <= FEW:
            self._search_often(total)
        else:
            self._search_long(total)
            self._tell()

    def _search_often(self, total: int) -> None:
        rounds = max(1, total // STEPS_PER_START)
        for number in range(rounds):
            # The last quarter starts from the best, with less heat.
            fresh = number < rounds * 3 // 4 or self.best < 0
            slot, room = self.best_slot, self.best_room
            if fresh and number > 0:
                slot, room = self.arrays.built_state(self.seed + number)
            self.cool(slot, room, steps=total // rounds, hot=self.heat if fresh else self.heat / 3)

    def cool(self, slot: np.ndarray, room: np.ndarray, *, steps: int, hot: float) -> None:
        """Anneal from a state, which may break rules, losing the same part of the heat in the same time."""
        cold = min(max(COLD, hot / 40), hot)
        cooling = (cold / hot) ** (1 / CALLS_PER_ROUND)
        hard_weight = least = max(hot, COLD)
        parts = -(-steps // CALLS_PER_ROUND // int(self.speed * CHECK_SECONDS)) or 1
        cooling **= 1 / parts
        at = self._at(slot, room)
        for call in range(CALLS_PER_ROUND * parts):
            if self.deadline.left <= 0 or self.deadline.stopped:
                return
            warm = hot * cooling**call
            self._anneal(at, max(1, steps // (CALLS_PER_ROUND * parts)), warm, warm * cooling, hard_weight)
            self._tell()
            if (call + 1) % parts == 0:
                # A broken rule costs more and more while there are any, and less again when there are none.
                hard_weight = hard_weight * 1.5 if at.hard else max(least, hard_weight * 0.8)

    def _search_long(self, total: int) -> None:
        """Cool down fast, which shows at what temperature order begins; then slowly from there (see `cooling`)."""
        known = self.best
        if known < 0 and self.done:  # no way led from what was built to a right timetable
            self.best_slot, self.best_room = self.arrays.built_state(self.seed + self.calls)
        at = self._at(self.best_slot, self.best_room)
        trace = self._follow(at, geometric(self.heat, COLD_MANY), total * FAST_SHARE)
        slow = adapted(trace, COLD_MANY)
        if 0 <= known < at.soft:
            # Better than what a fast cooling finds: only shaken, so that little work gains something as well.
            slow = geometric(max(COLD_MANY, slow(0) * REHEAT), COLD_MANY)
            at = self._at(self.best_slot, self.best_room)
        self._follow(at, slow, total * (1 - FAST_SHARE))

    def _follow(self, at: _At, schedule: Schedule, steps: float) -> list[tuple[float, int]]:
        """`steps` moves along a schedule, in haste only if the clock would end them; temperatures and costs at them."""
        pace = Pace(self.deadline, until=self.deadline.seconds, planned=max(1.0, steps))
        stretch = min(STRETCH, int(self.speed * CHECK_SECONDS))
        hard_weight = 0.0
        trace = []
        while not pace.over:
            temperature = schedule(pace.fraction)
            hard_weight = max(temperature, hard_weight * (DEARER if at.hard else CHEAPER))
            self._anneal(at, stretch, temperature, temperature, hard_weight)
            trace.append((temperature, at.soft))
            pace.advance(stretch)
            if self.done >= self.told_at + REPORT_SECONDS * self.speed:
                self._tell()
        return trace

    def _at(self, slot: np.ndarray, room: np.ndarray) -> _At:
        state = empty_state(self.arrays.data)
        return _At(state, *fill(self.arrays.data, state, slot, room))

    def _anneal(self, at: _At, steps: int, hot: float, cold: float, hard_weight: float) -> None:
        """One stretch of the compiled loop."""
        seed = (self.seed * 1_000_003 + self.calls) % 2**32
        at.hard, at.soft, self.best = anneal(
            self.arrays.data,
            at.state,
            at.hard,
            at.soft,
            self.best_slot,
            self.best_room,
            self.best,
            seed,
            steps,
            hot,
            cold,
            hard_weight,
        )
        self.calls += 1
        self.done += steps

    def _tell(self) -> None:
        """Report the best if it was not reported yet."""
        if self.best >= 0 and (self.reported < 0 or self.best < self.reported):
            self.reported, self.told_at = self.best, self.done
            self.report(self.arrays.timetable(self.best_slot, self.best_room))


@dataclass
class _At:
    """A state of its own, the rules it breaks and its cost."""

    state: AnnealingState
    hard: int
    soft: int


def _heat(arrays: Arrays) -> float:
    """A temperature at which a typical clash is accepted about as often as not."""
    weights = arrays.data.clash[arrays.data.clash > 0]
    typical = float(np.median(weights)) if len(weights) else 0.0
    return max(50.0, 2.0 * typical)
