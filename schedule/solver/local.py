"""Local search: the problem as arrays, and rounds of annealing on them until the work or the time is used up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .budget import Deadline
from .kernel import Instance, anneal
from .model import TimetableModel
from .objective import Demand, Weights
from .problem import Placement, Timetable

UNLIMITED = 1 << 30
COLD = 2.0
CALLS_PER_ROUND = 10

Report = Callable[[Timetable], None]


class Arrays:
    """A problem and its goals as the kernel's arrays, and timetables to and from slots and room numbers.

    The rules come from the hard model, so both searches read them in one place: which starts are possible, and
    which pairs are kept apart.
    """

    def __init__(
        self, model: TimetableModel, demand: Demand, weights: Weights, previous: Timetable | None = None
    ) -> None:
        problem = model.problem
        self.problem = problem
        self.slot = problem.rules.slot_minutes
        self.number = {session.code: index for index, session in enumerate(problem.sessions)}
        self.room_number = {room.code: index for index, room in enumerate(problem.rooms)}
        n, rooms = len(problem.sessions), len(problem.rooms)
        options = [model.domains.options[session.code].starts for session in problem.sessions]
        slots = 1 + max(starts[-1] // self.slot for option in options for starts in option.values())
        allowed = np.zeros((n, rooms, slots), np.uint8)
        for index, option in enumerate(options):
            for code, starts in option.items():
                allowed[index, self.room_number[code], np.asarray(starts) // self.slot] = 1
        room_list, room_count = _listed(np.asarray(allowed.any(axis=2)))
        slot_list, slot_count = _listed(np.asarray(allowed.any(axis=1)))
        together = np.zeros((n, n), np.uint8)
        before = np.zeros((n, n), np.uint8)
        for index, session in enumerate(problem.sessions):
            for other, second in enumerate(problem.sessions):
                together[index, other] = bool(session.people & second.people)
            for earlier in session.after:
                if earlier in self.number:
                    before[self.number[earlier], index] = 1
        apart = np.zeros((n, n), np.uint8)
        for first, second_code in model.apart:
            apart[self.number[first], self.number[second_code]] = apart[
                self.number[second_code], self.number[first]
            ] = 1
        clash = np.zeros((n, n), np.int64)
        for (a, b), weight in demand.clash.items():
            i, j = self.number[a], self.number[b]
            clash[i, j] = clash[j, i] = weight * weights.wish_clashes
        rules = problem.rules
        limits = [rules.interpreter_teams, rules.max_parallel_open_sessions]
        self.data = Instance(
            slot_minutes=self.slot,
            changeover=rules.room_changeover_minutes,
            minutes=np.array([session.duration for session in problem.sessions], np.int64),
            allowed=allowed,
            rooms=room_list,
            room_count=room_count,
            slots=slot_list,
            slot_count=slot_count,
            apart=apart,
            together=together,
            before=before,
            clash=clash,
            shared=self._shared(),
            walk=self._walk(),
            room_cost=self._room_cost(demand, weights, previous),
            slot_cost=self._slot_cost(slots, weights, previous),
            limited=np.array(
                [
                    [session.needs_interpreters for session in problem.sessions],
                    [session.counts_as_parallel and not session.is_break for session in problem.sessions],
                ],
                np.uint8,
            ),
            limits=np.array([UNLIMITED if limit is None else limit for limit in limits], np.int64),
        )

    def _shared(self) -> np.ndarray:
        return np.array(
            [
                [
                    bool(a.occupies & b.occupies) and not (a.allows_parallel_use or b.allows_parallel_use)
                    for b in self.problem.rooms
                ]
                for a in self.problem.rooms
            ],
            np.uint8,
        )

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
                [
                    weights.unseated * demand.unseated(session, room)
                    + weights.empty_seats * demand.empty_seats(session, room)
                    for room in self.problem.rooms
                ]
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
        off = (np.arange(slots) * self.slot) % 30 != 0
        cost = np.tile(off * np.int64(weights.off_half_hour), (len(self.number), 1))
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

    def any_state(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Every session at some possible place, rules between sessions ignored."""
        rng = np.random.default_rng(seed)
        slot, room = np.zeros(len(self.number), np.int64), np.zeros(len(self.number), np.int64)
        for index in range(len(self.number)):
            choices = np.argwhere(self.data.allowed[index])
            room[index], slot[index] = choices[rng.integers(len(choices))]
        return slot, room

    def timetable(self, slot: np.ndarray, room: np.ndarray) -> Timetable:
        """The placements of a state."""
        found = []
        for session, k, r in zip(self.problem.sessions, slot, room, strict=True):
            start = int(k) * self.slot
            found.append(Placement(session.code, start, start + session.duration, self.problem.rooms[int(r)].code))
        return tuple(sorted(found))


def _listed(possible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row the indices of true entries, padded with -1, and how many there are."""
    rows, width = possible.shape
    listed = np.full((rows, width), -1, np.int64)
    for row in range(rows):
        indices = np.flatnonzero(possible[row])
        listed[row, : len(indices)] = indices
    return listed, possible.sum(axis=1).astype(np.int64)


def steps_per_second(sessions: int) -> int:
    """Moves in a second of an ordinary core, estimated low (see `budget` and docs/solver.md)."""
    return 40_000_000 // (10 + sessions)


def anneal_rounds(
    arrays: Arrays, start: Timetable | None, *, seconds: float, seed: int, deadline: Deadline, report: Report
) -> int:
    """Rounds of annealing, each from the best so far and less hot than the one before; returns the moves tried.

    `report` hears every better timetable that breaks no rule. The number of moves follows from `seconds` and not
    from the clock; `deadline` and its `should_stop` end the search early.
    """
    n = len(arrays.problem.sessions)
    if start is None:
        slot, room = arrays.any_state(seed)
        best_slot, best_room, best = slot.copy(), room.copy(), -1
    else:
        slot, room = arrays.state(start)
        best_slot, best_room, best = slot.copy(), room.copy(), UNLIMITED
    total = int(seconds * steps_per_second(n))
    rounds = max(1, min(8, total // 500_000))
    steps = max(1, total // (rounds * CALLS_PER_ROUND))
    hottest = _heat(arrays)
    hard_weight = least = hottest * 3
    done = 0
    for number in range(rounds):
        hot = max(COLD * 4, hottest * 0.7**number)
        if number and best >= 0:
            slot, room = best_slot.copy(), best_room.copy()
        cooling = (COLD / hot) ** (1 / CALLS_PER_ROUND)
        for call in range(CALLS_PER_ROUND):
            if deadline.left <= 0 or deadline.stopped:
                return done
            warm = hot * cooling**call
            outcome = anneal(
                arrays.data,
                slot,
                room,
                best_slot,
                best_room,
                best,
                seed * 1000 + number * CALLS_PER_ROUND + call,
                steps,
                warm,
                warm * cooling,
                hard_weight,
            )
            done += steps
            # A broken rule costs more and more while there are any, and less again when there are none.
            hard_weight = hard_weight * 2 if outcome.hard else max(least, hard_weight * 0.7)
            if outcome.best >= 0 and (best < 0 or outcome.best < best):
                best = outcome.best
                report(arrays.timetable(best_slot, best_room))
    return done


def _heat(arrays: Arrays) -> float:
    """A temperature at which a typical clash is accepted about as often as not."""
    weights = arrays.data.clash[arrays.data.clash > 0]
    typical = float(np.median(weights)) if len(weights) else 0.0
    return max(50.0, 2.0 * typical)
