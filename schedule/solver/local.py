"""Local search: the problem as arrays, and annealing on them until the work or the time is used up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .budget import Deadline
from .cooling import Schedule, adapted, geometric
from .domains import RuleKey
from .goals import room_cost, time_cost
from .kernel import (
    AFTER,
    APART,
    BEFORE,
    SAME_ROOM,
    SAME_TIME,
    TOGETHER,
    Instance,
    State,
    anneal,
    construct,
    empty_state,
    fill,
)
from .model import TimetableModel, limits
from .objective import Days, Demand
from .pace import Pace
from .problem import Interval, Placement, Session, Timetable, Weights

HARD = 1 << 20
"""What a broken rule costs where the first timetable is built."""

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


class Arrays:
    """A problem and its goals as the kernel's arrays, and timetables to and from slots and room numbers.

    The rules come from the hard model, so both searches read them in one place: which starts are possible, which
    pairs are kept apart, and how many may run at once.
    """

    def __init__(
        self, model: TimetableModel, demand: Demand, weights: Weights, previous: Timetable | None = None
    ) -> None:
        problem = model.problem
        self.problem = problem
        self.slot = problem.rules.slot_minutes
        self.number = {session.code: index for index, session in enumerate(problem.sessions)}
        self.room_number = {room.code: index for index, room in enumerate(problem.rooms)}
        self.days = Days(problem)
        n, rooms = len(problem.sessions), len(problem.rooms)
        options = [model.domains.options[session.code].starts for session in problem.sessions]
        slots = 1 + max(starts[-1] // self.slot for option in options for starts in option.values())
        allowed = np.zeros((n, rooms, slots), np.uint8)
        for index, option in enumerate(options):
            for code, starts in option.items():
                allowed[index, self.room_number[code], np.asarray(starts) // self.slot] = 1
        room_list, room_count = _listed(np.asarray(allowed.any(axis=2)))
        slot_list, slot_count = _listed(np.asarray(allowed.any(axis=1)))
        clash = np.zeros((n, n), np.int64)
        for (a, b), weight in demand.clash.items():
            i, j = self.number[a], self.number[b]
            clash[i, j] = clash[j, i] = weight * weights.wish_clashes
        near, near_end = _flat([np.flatnonzero(row).tolist() for row in clash])
        bits = self._pairs(model)
        pair, pair_end = _flat([sorted(others) for others in bits])
        minutes = np.array([session.duration for session in problem.sessions], np.int64)
        atoms, atom_count = self._atoms()
        held = list(limits(problem))
        tracks = {track: index for index, track in enumerate(sorted({s.track for s in problem.sessions if s.track}))}
        people = {code: index for index, code in enumerate(sorted({p for s in problem.sessions for p in s.people}))}
        mine = [sorted(people[code] for code in session.people) for session in problem.sessions]
        persons, persons_end = _flat(mine)
        roles, roles_end = _flat([[i for i, theirs in enumerate(mine) if p in theirs] for p in range(len(people))])
        self.data = Instance(
            slot_minutes=self.slot,
            minutes=minutes,
            length=-(-minutes // self.slot),
            using=-(-(minutes + problem.rules.room_changeover_minutes) // self.slot),
            allowed=allowed,
            rooms=room_list,
            room_count=room_count,
            slots=slot_list,
            slot_count=slot_count,
            atoms=atoms,
            atom_count=atom_count,
            clash=clash,
            near=near,
            near_cost=clash[clash != 0],
            near_end=near_end,
            pair=pair,
            pair_bits=np.array([row[other] for row in bits for other in sorted(row)], np.int64),
            pair_end=pair_end,
            walk=self._walk(),
            room_cost=self._room_cost(demand, weights, previous),
            slot_cost=self._slot_cost(slots, weights, previous),
            limited=np.array(
                [[session.code in codes for session in problem.sessions] for codes in _codes(held)], np.uint8
            ).reshape(len(held), n),
            limits=np.array([most for _, most, _ in held], np.int64),
            track=np.array([tracks.get(session.track, -1) for session in problem.sessions], np.int64),
            track_weight=weights.track_rooms,
            day=np.array([self.days.number(k * self.slot) for k in range(slots)], np.int64),
            counted=np.array([not session.is_break for session in problem.sessions], np.uint8),
            share=np.array(self.days.share, np.int64),
            day_weight=weights.day_imbalance,
            persons=persons,
            persons_end=persons_end,
            roles=roles,
            roles_end=roles_end,
            gap_weight=weights.person_gaps,
        )

    def _pairs(self, model: TimetableModel) -> list[dict[int, int]]:
        """For each session what it and others ask of each other."""
        found: list[dict[int, int]] = [{} for _ in self.number]

        def bind(first: str, second: str, bit: int, back: int) -> None:
            if first in self.number and second in self.number and first != second:
                i, j = self.number[first], self.number[second]
                found[i][j] = found[i].get(j, 0) | bit
                found[j][i] = found[j].get(i, 0) | back

        for first, second in model.apart:
            bind(first, second, APART, APART)
        theirs: dict[str, list[str]] = {}
        for session in self.problem.sessions:
            for person in session.people:
                theirs.setdefault(person, []).append(session.code)
            for earlier in session.after:
                bind(earlier, session.code, BEFORE, AFTER)
        for groups, bit in (
            (theirs.values(), TOGETHER),
            (self.problem.same_time, SAME_TIME),
            (self.problem.same_room, SAME_ROOM),
        ):
            for group in groups:
                for first, second in combinations(sorted(group), 2):
                    bind(first, second, bit, bit)
        return found

    def _atoms(self) -> tuple[np.ndarray, int]:
        """The smallest rooms each room takes, padded with -1, and how many there are."""
        taken = [() if room.allows_parallel_use else tuple(sorted(room.occupies)) for room in self.problem.rooms]
        number = {atom: index for index, atom in enumerate(sorted({atom for atoms in taken for atom in atoms}))}
        padded = np.full((len(taken), max((len(atoms) for atoms in taken), default=0) or 1), -1, np.int64)
        for row, atoms in enumerate(taken):
            padded[row, : len(atoms)] = [number[atom] for atom in atoms]
        return padded, max(1, len(number))

    def _walk(self) -> np.ndarray:
        rules = self.problem.rules
        same, other = rules.person_gap_same_group_minutes, rules.person_gap_other_group_minutes
        return np.array(
            [
                [
                    0 if a.occupies & b.occupies else same if a.distance_group == b.distance_group else other
                    for b in self.problem.rooms
                ]
                for a in self.problem.rooms
            ],
            np.int64,
        )

    def _room_cost(self, demand: Demand, weights: Weights, previous: Timetable | None) -> np.ndarray:
        cost = np.array(
            [
                [room_cost(demand, weights, session, room) for room in self.problem.rooms]
                for session in self.problem.sessions
            ],
            np.int64,
        )
        for old in previous or ():
            if old.session in self.number:
                row = cost[self.number[old.session]]
                row += weights.moved_rooms
                if old.room in self.room_number:
                    row[self.room_number[old.room]] -= weights.moved_rooms
        return cost

    def _slot_cost(self, slots: int, weights: Weights, previous: Timetable | None) -> np.ndarray:
        alike: dict[tuple[int, tuple[Interval, ...]], np.ndarray] = {}
        cost = np.zeros((len(self.number), slots), np.int64)
        for index, session in enumerate(self.problem.sessions):
            key = session.duration, session.preferred_times
            if key not in alike:
                prices = [time_cost(self.days, weights, session, k * self.slot) for k in range(slots)]
                alike[key] = np.array(prices, np.int64)
            cost[index] = alike[key]
        for old in previous or ():
            if old.session in self.number:
                row = cost[self.number[old.session]]
                row += weights.moved_times
                if old.start % self.slot == 0 and 0 <= old.start // self.slot < slots:
                    row[old.start // self.slot] -= weights.moved_times
        return cost

    def state(self, timetable: Timetable) -> tuple[np.ndarray, np.ndarray]:
        """Slots and room numbers of a complete timetable."""
        at = {placement.session: placement for placement in timetable}
        placed = [at[session.code] for session in self.problem.sessions]
        return (
            np.array([placement.start // self.slot for placement in placed], np.int64),
            np.array([self.room_number[placement.room] for placement in placed], np.int64),
        )

    def built_state(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """One session after the other at its cheapest place: those with little choice first, then the long ones."""
        chance = np.random.default_rng(seed).random(len(self.number))
        choice = self.data.allowed.sum(axis=(1, 2), dtype=np.int64) // np.maximum(1, self.data.using)
        order = np.lexsort((chance, -self.data.using, choice))
        state = empty_state(self.data)
        construct(self.data, state, order.astype(np.int64), HARD)
        return state.slot, state.room

    def timetable(self, slot: np.ndarray, room: np.ndarray) -> Timetable:
        """The placements of a state."""
        found = []
        for session, k, r in zip(self.problem.sessions, slot, room, strict=True):
            start = int(k) * self.slot
            found.append(Placement(session.code, start, start + session.duration, self.problem.rooms[int(r)].code))
        return tuple(sorted(found))


def _codes(held: list[tuple[RuleKey, int, list[Session]]]) -> list[set[str]]:
    return [{session.code for session in used} for _, _, used in held]


def _flat(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """All rows one after the other, and where each begins (and the last ends)."""
    ends = np.cumsum([0, *(len(row) for row in rows)])
    return np.array([value for row in rows for value in row], np.int64), ends.astype(np.int64)


def _listed(possible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row the indices of true entries, padded with -1, and how many there are."""
    rows, width = possible.shape
    listed = np.full((rows, width), -1, np.int64)
    for row in range(rows):
        indices = np.flatnonzero(possible[row])
        listed[row, : len(indices)] = indices
    return listed, possible.sum(axis=1).astype(np.int64)


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
            self.arrays.data, at.state, at.hard, at.soft, self.best_slot, self.best_room, self.best,
            seed, steps, hot, cold, hard_weight,
        )  # fmt: skip
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

    state: State
    hard: int
    soft: int


def _heat(arrays: Arrays) -> float:
    """A temperature at which a typical clash is accepted about as often as not."""
    weights = arrays.data.clash[arrays.data.clash > 0]
    typical = float(np.median(weights)) if len(weights) else 0.0
    return max(50.0, 2.0 * typical)
