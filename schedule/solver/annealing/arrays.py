"""A problem and its goals as the arrays of the local search (see `moves`), and timetables to and from them."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from math import gcd
from operator import or_

import numpy as np

from schedule.solver.exact.domains import RuleKey
from schedule.solver.exact.interval_model import TimetableModel, limits
from schedule.solver.exact.objective_terms import room_cost, time_cost
from schedule.solver.objective import Days, SeatDemand
from schedule.solver.problem import Interval, Placement, Session, Timetable, Weights

from .state import AFTER, APART, BEFORE, SAME_ROOM, SAME_TIME, TOGETHER, AnnealingInstance, construct, empty_state

NOWHERE = np.iinfo(np.int64).max

MOST_IDLE = 1440
"""Minutes of a day: nobody is idle for longer. One session can save it twice, where it leaves and where it comes."""

FEW = 80
"""With so few sessions many short runs find more than one long one; with more, one that cools slowly does."""

HARD = 1 << 20
"""What a broken rule costs where the first timetable is built."""


class Arrays:
    """A problem and its goals as the arrays of the moves, and timetables to and from slots and room numbers.

    The rules come from the hard model, so both searches read them in one place: which starts are possible, which
    pairs are kept apart, and how many may run at once.
    """

    def __init__(
        self, model: TimetableModel, demand: SeatDemand, weights: Weights, previous: Timetable | None = None
    ) -> None:
        problem = model.problem
        self.problem = problem
        # Fine enough for every fixed start, which need not lie on the grid that the others keep.
        self.slot = problem.step
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
        minutes = np.array([session.duration for session in problem.sessions], np.int64)
        bits = self._pairs(model)
        _leave_to_the_fixed(allowed, bits, -(-minutes // self.slot))
        room_list, room_count = _listed(np.asarray(allowed.any(axis=2)))
        own_cost = self._slot_cost(slots, weights)
        slot_list, slot_count, cheap_count = _cheap_first(np.asarray(allowed.any(axis=1)), own_cost)
        clash = np.zeros((n, n), np.int64)
        for (a, b), weight in demand.clash.items():
            i, j = self.number[a], self.number[b]
            clash[i, j] = clash[j, i] = weight * weights.wish_clashes
        near, near_end = _flat([np.flatnonzero(row).tolist() for row in clash])
        pair, pair_end = _flat([sorted(others) for others in bits])
        atoms, atom_count = self._atoms()
        held = list(limits(problem))
        tracks = {track: index for index, track in enumerate(sorted({s.track for s in problem.sessions if s.track}))}
        people = {code: index for index, code in enumerate(sorted({p for s in problem.sessions for p in s.people}))}
        mine = [sorted(people[code] for code in session.people) for session in problem.sessions]
        persons, persons_end = _flat(mine)
        roles, roles_end = _flat([[i for i, theirs in enumerate(mine) if p in theirs] for p in range(len(people))])
        room_costs = self._room_cost(demand, weights, previous)
        counted = np.array([not session.is_break for session in problem.sessions], np.uint8)
        track = np.array([tracks.get(session.track, -1) for session in problem.sessions], np.int64)
        self.data = AnnealingInstance(
            slot_minutes=self.slot,
            minutes=minutes,
            length=-(-minutes // self.slot),
            longest=int(-(-minutes.max() // self.slot)),
            using=-(-(minutes + problem.rules.room_changeover_minutes) // self.slot),
            allowed=allowed,
            rooms=room_list,
            room_count=room_count,
            slots=slot_list,
            slot_count=slot_count,
            cheap_count=cheap_count,
            atoms=atoms,
            atom_count=atom_count,
            clash=clash,
            near=near,
            near_cost=clash[clash != 0],
            near_end=near_end,
            pair=pair,
            pair_bits=np.array([row[other] for row in bits for other in sorted(row)], np.int64),
            pair_end=pair_end,
            asked=np.array([reduce(or_, row.values(), 0) for row in bits], np.int64),
            walk=self._walk(),
            room_cost=room_costs,
            room_least=np.where(allowed.any(axis=2), room_costs, NOWHERE).min(axis=1),
            slack=np.where(track >= 0, weights.track_rooms, 0)
            + np.where(counted, weights.day_imbalance, 0)
            + np.array([2 * MOST_IDLE * weights.person_gaps * len(theirs) for theirs in mine], np.int64),
            slot_cost=self._with_moves(own_cost, weights, previous),
            limited=np.array(
                [[session.code in codes for session in problem.sessions] for codes in _codes(held)], np.uint8
            ).reshape(len(held), n),
            limits=np.array([most for _, most, _ in held], np.int64),
            track=track,
            track_weight=weights.track_rooms,
            day=np.array([self.days.number(k * self.slot) for k in range(slots)], np.int64),
            counted=counted,
            share=np.array(self.days.share, np.int64),
            day_weight=weights.day_imbalance,
            persons=persons,
            persons_end=persons_end,
            roles=roles,
            roles_end=roles_end,
            gap_weight=weights.person_gaps,
            uneven=n > FEW and len(set(minutes.tolist())) > 1,
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

    def _room_cost(self, demand: SeatDemand, weights: Weights, previous: Timetable | None) -> np.ndarray:
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

    def _slot_cost(self, slots: int, weights: Weights) -> np.ndarray:
        alike: dict[tuple[int, tuple[Interval, ...]], np.ndarray] = {}
        cost = np.zeros((len(self.number), slots), np.int64)
        for index, session in enumerate(self.problem.sessions):
            key = session.duration, session.preferred_times
            if key not in alike:
                prices = [time_cost(self.days, weights, session, k * self.slot) for k in range(slots)]
                alike[key] = np.array(prices, np.int64)
            cost[index] = alike[key]
        return cost

    def _with_moves(self, own_cost: np.ndarray, weights: Weights, previous: Timetable | None) -> np.ndarray:
        """With what it costs to be elsewhere than in the timetable before."""
        cost = own_cost.copy()
        slots = cost.shape[1]
        for old in previous or ():
            if old.session in self.number:
                row = cost[self.number[old.session]]
                row += weights.moved_times
                if old.start % self.slot == 0 and 0 <= old.start // self.slot < slots:
                    row[old.start // self.slot] -= weights.moved_times
        return cost

    @property
    def unit(self) -> int:
        """What every difference in cost is a multiple of; 1 where nothing costs anything."""
        data = self.data
        rooms = np.where(data.allowed.any(axis=2), data.room_cost - data.room_least[:, None], 0)
        slots = np.where(data.allowed.any(axis=1), data.slot_cost - data.slot_cost.min(axis=1)[:, None], 0)
        whole = (np.gcd.reduce(np.asarray(part), axis=None) for part in (data.near_cost, rooms, slots))
        idle = [data.gap_weight * minutes for minutes in (self.slot, *data.minutes.tolist())]
        return gcd(*map(int, whole), data.track_weight, data.day_weight, *idle) or 1

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


def _leave_to_the_fixed(allowed: np.ndarray, bits: list[dict[int, int]], length: np.ndarray) -> None:
    """Take away the starts at which a session would break a rule with one that has a single start.

    Else what nothing may run beside could come to lie in a plenary that is fixed: only one rule is broken there, and
    many would be on the way out. A session that has no start left keeps those it had: there is no timetable then.
    """
    possible = np.asarray(allowed.any(axis=1))
    slots = np.arange(allowed.shape[2])
    for i in np.flatnonzero(possible.sum(axis=1) == 1):
        start = int(possible[i].argmax())
        for j, asked in bits[i].items():
            overlapping = (slots < start + length[i]) & (start < slots + length[j])
            against = overlapping if asked & (APART | TOGETHER) else np.zeros(len(slots), np.bool_)
            if asked & BEFORE:
                against = against | (slots < start + length[i])
            if asked & AFTER:
                against = against | (slots + length[j] > start)
            if asked & SAME_TIME:
                against = against | (slots != start)
            if (possible[j] & ~against).any():
                allowed[j][:, against] = 0


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


def _cheap_first(possible: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `_listed`, but what costs least in each row comes first; and how many those are."""
    least = np.where(possible, cost, NOWHERE).min(axis=1)
    cheap = possible & (cost == least[:, None])
    first, cheap_count = _listed(cheap)
    rest, rest_count = _listed(possible & ~cheap)
    listed = np.full(possible.shape, -1, np.int64)
    for row in range(len(possible)):
        listed[row, : cheap_count[row]] = first[row, : cheap_count[row]]
        listed[row, cheap_count[row] : cheap_count[row] + rest_count[row]] = rest[row, : rest_count[row]]
    return listed, cheap_count + rest_count, cheap_count
