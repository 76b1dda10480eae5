"""Local search: annealing on the arrays of a problem until the work or the time is used up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from schedule.solver.budget import Deadline, ShouldStop
from schedule.solver.problem import Timetable

from .arrays import FEW, NOWHERE, Arrays
from .chains import SessionChain, empty_chain
from .cooling import Schedule, adapted, geometric
from .draws import Seeds, seeded
from .moves import anneal
from .progress import Pace
from .state import AnnealingState, empty_state, fill
from .together.rearranging import rearrange

CHECK_SECONDS = 0.2
"""How long the compiled loop may run without asking whether to stop, on a core as slow as `steps_per_second` says."""

COLD = 2.0
CALLS_PER_ROUND = 10
STEPS_PER_START = 150_000
"""A run of few sessions: its last temperature at least, its stretches and its moves."""

TOP = 2.0
"""The first temperature with many sessions, as a multiple of what a session costs beyond its cheapest place."""

NEAR = 0.65
"""What part of the fall of the cost's logarithm is near its height: the slow cooling starts below that."""

COLD_MANY = 0.15
"""The last temperature with many sessions, as a multiple of the least change of cost."""

STRETCH = 20_000
"""Moves at one temperature with many sessions, and between two looks at the clock: about 20 ms (see CHECK_SECONDS)."""

FAST_SHARE = 0.08
"""Of the work, for the fast cooling. It also gives those who stop early something good."""

REHEAT = 0.25
"""What part of the heat at which order begins a timetable gets that is too good to be forgotten."""

SLOW_SHARE = 1 - FAST_SHARE

HARD_HEATS = 8.0
"""A broken rule costs at least so many temperatures with many sessions: few timetables on the way break one."""

SOFT_HEATS, SOFT_SHARE = 0.05, 0.5
"""The same where sessions are not equally long, when the slow cooling begins, and at what part of it HARD_HEATS is
reached: until then nothing else makes a rule dearer, and hundreds may be broken at once."""

SOFT_MOVES = 10_000
"""Moves for each session that the slow cooling needs for that: with fewer too many rules stay broken for long."""

COOLING_MOVES = 200_000
"""Moves for each session in one slow cooling where sessions are not equally long. Where plenaries come to lie is luck:
with more moves another cooling is worth more than a longer one."""

DEARER, CHEAPER = 1.1, 0.95
"""What a broken rule's price is multiplied by after a stretch with many sessions, if any is broken and if none is."""

REARRANGE_EVERY = 10
"""Stretches with many sessions between two looks for a better order of time."""

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

    The number of moves is given, but for `cool_all`, which goes by the clock; `deadline` and its `should_stop` end a
    call early, and with many sessions so does `enough`, where nothing can be better.
    """

    def __init__(
        self, arrays: Arrays, *, seed: int, deadline: Deadline, report: Report, enough: ShouldStop = lambda: False
    ) -> None:
        self.arrays = arrays
        self.seed = seed
        self.deadline = deadline
        self.report = report
        self.enough = enough
        self.best = -1
        self.reported = -1
        self.told_at = 0
        self.done = 0
        self.calls = 0
        self.rng: Seeds = seeded(seed)
        self.chain: SessionChain = empty_chain(len(arrays.number))
        self.speed = steps_per_second(len(arrays.number))
        self.best_slot, self.best_room = arrays.built_state(seed)
        self.floor = _floor(arrays)
        self.possible = np.asarray(arrays.data.allowed.any(axis=1))
        self.cold = COLD_MANY * arrays.unit
        self.heat = _heat(arrays) if len(arrays.number) <= FEW else self._top()

    def _top(self) -> float:
        """A temperature at which what was built is forgotten."""
        lost = self._at(self.best_slot, self.best_room).soft - self.floor
        return max(self.cold, TOP * lost / len(self.arrays.number))

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
        at, trace = self._cool_fast(self._work(total * FAST_SHARE))
        coolings = self._coolings(total * SLOW_SHARE)
        for _ in range(coolings):
            at = self._cool_slowly(at, trace, known, self._work(total * SLOW_SHARE / coolings))

    def _coolings(self, steps: float) -> int:
        """Into how many slow coolings so many moves are best divided."""
        return max(1, int(steps // (COOLING_MOVES * len(self.arrays.number)))) if self.arrays.data.uneven else 1

    def _work(self, steps: float) -> Pace:
        """The way through some moves, in haste only if the clock would end them."""
        return Pace(self.deadline, until=self.deadline.seconds, planned=max(1.0, steps))

    def cool_all(self, *, coolings: int = 1) -> None:
        """Many sessions: the same in all the time that is left, with `coolings` slow coolings."""
        self.offer_built()
        known = self.best
        at, trace = self._cool_fast(self._pace(FAST_SHARE))
        coolings = max(coolings, self._coolings(self.deadline.left * self.speed))
        for waiting in range(coolings, 0, -1):
            at = self._cool_slowly(at, trace, known, self._pace(1 / waiting))
        self._tell()
        while self.best < 0 and self.deadline.left > 0 and not self.deadline.stopped:
            at, trace = self._cool_fast(self._pace(FAST_SHARE))
            self._cool_slowly(at, trace, -1, self._pace(0.5))
            self._tell()

    def _pace(self, share: float) -> Pace:
        """The way through a share of the time that is left."""
        return Pace(self.deadline, until=self.deadline.elapsed + share * self.deadline.left, planned=None)

    def _cool_fast(self, pace: Pace) -> tuple[_At, list[tuple[float, float]]]:
        if self.best < 0 and self.done:  # no way led from what was built to a right timetable
            self.best_slot, self.best_room = self.arrays.built_state(self.seed + self.calls)
        at = self._at(self.best_slot, self.best_room)
        return at, self._follow(at, geometric(self.heat, self.cold), pace)

    def _cool_slowly(self, at: _At, trace: list[tuple[float, float]], known: int, pace: Pace) -> _At:
        """From a state, or, where the `known` cost before is better than fast cooling finds, from the best one."""
        slow = adapted(trace, self.cold, near=NEAR)
        if 0 <= known < at.soft:
            # Only shaken, so that little work gains something as well.
            slow = geometric(max(self.cold, slow(0) * REHEAT), self.cold)
            at = self._at(self.best_slot, self.best_room)
            self._follow(at, slow, pace)
        else:
            enough = pace.expected(self.speed) >= SOFT_MOVES * len(self.arrays.number)
            self._follow(at, slow, pace, softly=self.arrays.data.uneven and enough)
        return at

    def _follow(self, at: _At, schedule: Schedule, pace: Pace, *, softly: bool = False) -> list[tuple[float, float]]:
        """Moves along a schedule; temperatures, and the logarithms of the avoidable cost at them.

        To halve a cost is as much at its foot as at its height, so where nearly nothing is left to pay the end takes
        as much time as the beginning. `softly`: broken rules cost little at first.
        """
        stretch = min(STRETCH, int(self.speed * CHECK_SECONDS))
        hard_weight = 0.0
        trace = []
        while not pace.over and not self.enough():
            temperature = schedule(pace.fraction)
            if softly and pace.fraction < SOFT_SHARE:
                hard_weight = temperature * _heats(pace.fraction / SOFT_SHARE)
            else:
                hard_weight = max(HARD_HEATS * temperature, hard_weight * (DEARER if at.hard else CHEAPER))
            self._anneal(at, stretch, temperature, temperature, hard_weight)
            if self.calls % REARRANGE_EVERY == 0:
                self._rearrange(at, temperature, hard_weight)
            trace.append((temperature, math.log1p(max(0, at.soft - self.floor))))
            pace.advance(stretch)
            if 0 <= self.best <= self.floor or self.done >= self.told_at + REPORT_SECONDS * self.speed:
                self._tell()
        return trace

    def _at(self, slot: np.ndarray, room: np.ndarray) -> _At:
        state = empty_state(self.arrays.data)
        return _At(state, *fill(self.arrays.data, state, slot, room))

    def _anneal(self, at: _At, steps: int, hot: float, cold: float, hard_weight: float) -> None:
        """One stretch of the compiled loop."""
        at.hard, at.soft, self.best = anneal(
            self.arrays.data,
            at.state,
            self.chain,
            at.hard,
            at.soft,
            self.best_slot,
            self.best_room,
            self.best,
            self.rng,
            steps,
            hot,
            cold,
            hard_weight,
        )
        self.calls += 1
        self.done += steps

    def _rearrange(self, at: _At, temperature: float, hard_weight: float) -> None:
        """All stretches of time at once; the moves that follow keep what is best."""
        more_hard, change = rearrange(
            self.arrays.data, at.state, self.chain, self.rng, self.possible, temperature, hard_weight
        )
        at.hard += more_hard
        at.soft += change

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


def _heats(fraction: float) -> float:
    """How many temperatures a broken rule costs while its price is still to rise."""
    return SOFT_HEATS * math.pow(HARD_HEATS / SOFT_HEATS, fraction)


def _floor(arrays: Arrays) -> int:
    """What all sessions cost alone at their cheapest places: nobody gets below that."""
    data = arrays.data
    slots = np.where(data.allowed.any(axis=1), data.slot_cost, NOWHERE).min(axis=1)
    return int(data.room_least.sum() + slots.sum())


def _heat(arrays: Arrays) -> float:
    """A temperature at which a typical clash is accepted about as often as not."""
    weights = arrays.data.clash[arrays.data.clash > 0]
    typical = float(np.median(weights)) if len(weights) else 0.0
    return max(50.0, 2.0 * typical)
