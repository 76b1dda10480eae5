"""The compiled inner loop of the local search: simulated annealing over (start, room) of every session.

All arguments are arrays made by `arrays.Arrays`. Times are slots of the grid; minutes are slot * `slot_minutes`.
A hard rule that is broken costs `hard_weight`, so the search may pass through wrong timetables; only timetables
without broken rules are kept. The random numbers come from numba's own generator, seeded by the caller.

A move takes one or two sessions out of the state, prices the places they had and the places they may get, and puts
them somewhere. What a session's wished neighbours cost at every start is kept in `State.wished` and only changes
when a move is accepted, so pricing a place does not look at the other sessions one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiling import compiled, inlined

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

APART, TOGETHER, BEFORE, AFTER, SAME_TIME, SAME_ROOM = 1, 2, 4, 8, 16, 32
"""What two sessions ask of each other, as bits: not at once; somebody is in both; order; one start; one room."""


class AnnealingInstance(NamedTuple):
    """A problem as arrays. n sessions, R rooms, K slots. Lists of lists are flat, with the ends of each in `*_end`."""

    slot_minutes: int
    minutes: Ints  # [n] duration
    length: Ints  # [n] slots it runs
    using: Ints  # [n] slots its room is taken, changeover included
    allowed: Bytes  # [n, R, K] 1 where the session may start
    rooms: Ints  # [n, R] the rooms it may use first, then -1
    room_count: Ints  # [n]
    slots: Ints  # [n, K] the slots it may start in first, then -1
    slot_count: Ints  # [n]
    atoms: Ints  # [R, most] smallest rooms it takes, then -1; none if used in parallel
    atom_count: int
    clash: Ints  # [n, n] cost of overlapping
    near: Ints  # sessions with which overlapping costs something
    near_cost: Ints  # that cost
    near_end: Ints  # [n + 1]
    pair: Ints  # sessions bound to this one
    pair_bits: Ints
    pair_end: Ints  # [n + 1]
    walk: Ints  # [R, R] minutes
    room_cost: Ints  # [n, R]
    slot_cost: Ints  # [n, K]
    limited: Bytes  # [L, n] 1: counts against that limit
    limits: Ints  # [L] most at once
    track: Ints  # [n] number of its track or -1
    track_weight: int
    day: Ints  # [K]
    counted: Bytes  # [n] 1: counts in the balance over days
    share: Ints  # [D]
    day_weight: int
    persons: Ints  # people of each session
    persons_end: Ints  # [n + 1]
    roles: Ints  # sessions of each person
    roles_end: Ints  # [P + 1]
    gap_weight: int


class AnnealingState(NamedTuple):
    """Where every session is (slot -1: nowhere), and sums over that."""

    slot: Ints
    room: Ints
    taken: Ints  # [A, K + longest] uses of each smallest room
    used: Ints  # [L, K + longest]
    track_rooms: Ints  # [T, D, R]
    track_days: Ints  # [T, D]
    day_count: Ints  # [D]
    wished: Ints  # [n, K + longest] cost of overlaps if it started there


class AnnealingOutcome(NamedTuple):
    """What one call did: hard violations and cost of the current state, cost of the best right one (-1: none)."""

    hard: int
    soft: int
    best: int


def empty_state(data: AnnealingInstance) -> AnnealingState:
    """Nothing placed. In Python: what is compiled makes no arrays."""
    n, rooms, slots = data.allowed.shape
    longest = int(1 + data.using.max() + data.length.max())
    tracks = int(max(1, 1 + data.track.max()))
    return AnnealingState(
        np.full(n, -1, np.int64),
        np.full(n, -1, np.int64),
        np.zeros((data.atom_count, slots + longest), np.int64),
        np.zeros((data.limits.shape[0], slots + longest), np.int64),
        np.zeros((tracks, data.share.shape[0], rooms), np.int64),
        np.zeros((tracks, data.share.shape[0]), np.int64),
        np.zeros(data.share.shape[0], np.int64),
        np.zeros((n, slots + longest), np.int64),
    )


@inlined
def _bound(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int) -> int:
    """Broken rules between session i at (k, r) and the placed sessions it is bound to."""
    hard = 0
    start_i = k * data.slot_minutes
    end_i = start_i + data.minutes[i]
    for index in range(data.pair_end[i], data.pair_end[i + 1]):
        j = data.pair[index]
        if state.slot[j] < 0:
            continue
        bits = data.pair_bits[index]
        start_j = state.slot[j] * data.slot_minutes
        end_j = start_j + data.minutes[j]
        between = max(start_j - end_i, start_i - end_j)  # negative: they overlap
        if bits & APART and between < 0:
            hard += 1
        if bits & TOGETHER and between < data.walk[r, state.room[j]]:
            hard += 1
        if bits & BEFORE and start_j < end_i:
            hard += 1
        if bits & AFTER and start_i < end_j:
            hard += 1
        if bits & SAME_TIME and start_i != start_j:
            hard += 1
        if bits & SAME_ROOM and r != state.room[j]:
            hard += 1
    return hard


@compiled
def _idle(data: AnnealingInstance, state: AnnealingState, person: int, day: int, extra: int, k: int) -> int:
    """Idle minutes of a person on a day; session `extra` counts as if it were at slot k (-1: no extra)."""
    first, last, busy, count = 1 << 40, 0, 0, 0
    for index in range(data.roles_end[person], data.roles_end[person + 1]):
        j = data.roles[index]
        at = k if j == extra else state.slot[j]
        if at < 0 or data.day[at] != day:
            continue
        start = at * data.slot_minutes
        first = min(first, start)
        last = max(last, start + data.minutes[j])
        busy += data.minutes[j]
        count += 1
    return max(0, last - first - busy) if count > 1 else 0


@inlined
def price(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int) -> tuple[int, int]:
    """Broken rules and cost that session i (placed nowhere now) adds at slot k in room r, but for wished overlaps."""
    hard = _bound(data, state, i, k, r)
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            hard += state.taken[atom, t]
    for limit in range(data.limits.shape[0]):
        if data.limited[limit, i]:
            for t in range(k, k + data.length[i]):
                if state.used[limit, t] >= data.limits[limit]:
                    hard += 1
    soft = data.room_cost[i, r] + data.slot_cost[i, k]
    day = data.day[k]
    track = data.track[i]
    if track >= 0 and state.track_rooms[track, day, r] == 0 and state.track_days[track, day] > 0:
        soft += data.track_weight
    if data.day_weight and data.counted[i] and state.day_count[day] >= data.share[day]:
        soft += data.day_weight
    if data.gap_weight:
        for index in range(data.persons_end[i], data.persons_end[i + 1]):
            person = data.persons[index]
            with_it = _idle(data, state, person, day, i, k)
            soft += data.gap_weight * (with_it - _idle(data, state, person, day, -1, -1))
    return hard, soft


@inlined
def count(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int, sign: int) -> None:
    """Put session i at (k, r) (sign 1), or take it away from there (-1)."""
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            state.taken[atom, t] += sign
    for limit in range(data.limits.shape[0]):
        if data.limited[limit, i]:
            for t in range(k, k + data.length[i]):
                state.used[limit, t] += sign
    day = data.day[k]
    track = data.track[i]
    if track >= 0:
        state.track_rooms[track, day, r] += sign
        state.track_days[track, day] += sign
    if data.counted[i]:
        state.day_count[day] += sign
    state.slot[i] = k if sign > 0 else -1
    state.room[i] = r if sign > 0 else -1


@compiled
def spread(data: AnnealingInstance, state: AnnealingState, i: int, k: int, sign: int) -> None:
    """Add (1) or take away (-1) what session i at slot k costs those whose wishers want it too."""
    for index in range(data.near_end[i], data.near_end[i + 1]):
        j = data.near[index]
        cost = sign * data.near_cost[index]
        for t in range(max(0, k - data.length[j] + 1), k + data.length[i]):
            state.wished[j, t] += cost


@compiled
def fill(data: AnnealingInstance, state: AnnealingState, slot: Ints, room: Ints) -> tuple[int, int]:
    """Place every session in an empty state; hard violations and cost of the whole."""
    hard = 0
    soft = 0
    for i in range(slot.shape[0]):
        h, s = price(data, state, i, slot[i], room[i])
        hard += h
        soft += s + state.wished[i, slot[i]]
        count(data, state, i, slot[i], room[i], 1)
        spread(data, state, i, slot[i], 1)
    return hard, soft


@compiled
def construct(data: AnnealingInstance, state: AnnealingState, order: Ints, hard_weight: int) -> None:
    """One session after the other to its cheapest place among those before it, in an empty state."""
    for index in range(order.shape[0]):
        i = order[index]
        best, best_k, best_r = -1, -1, -1
        for a in range(data.room_count[i]):
            r = data.rooms[i, a]
            for b in range(data.slot_count[i]):
                k = data.slots[i, b]
                if not data.allowed[i, r, k]:
                    continue
                hard, soft = price(data, state, i, k, r)
                cost = hard * hard_weight + soft + state.wished[i, k]
                if best < 0 or cost < best:
                    best, best_k, best_r = cost, k, r
        count(data, state, i, best_k, best_r, 1)
        spread(data, state, i, best_k, 1)


@inlined
def _overlap(data: AnnealingInstance, i: int, ki: int, j: int, kj: int) -> int:
    return data.clash[i, j] if kj < ki + data.length[i] and ki < kj + data.length[j] else 0


@compiled
def _cheapest_room(
    data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int, tries: int, hard_weight: float
) -> tuple[int, int, int]:
    """The cheapest of room r and some others for session i at slot k: (room or -1, hard, soft)."""
    best, best_hard, best_soft = -1, 0, 0
    for attempt in range(tries + 1):
        candidate = r if attempt == 0 else data.rooms[i, np.random.randint(data.room_count[i])]
        if not data.allowed[i, candidate, k] or candidate == best:
            continue
        hard, soft = price(data, state, i, k, candidate)
        if best < 0 or hard * hard_weight + soft < best_hard * hard_weight + best_soft:
            best, best_hard, best_soft = candidate, hard, soft
    return best, best_hard, best_soft


@compiled
def anneal(  # noqa: PLR0912, PLR0915  # one compiled loop: a call per step would cost more than the step
    data: AnnealingInstance,
    state: AnnealingState,
    hard: int,
    soft: int,
    best_slot: Ints,
    best_room: Ints,
    best: int,
    seed: int,
    steps: int,
    hot: float,
    cold: float,
    hard_weight: float,
) -> AnnealingOutcome:
    """`steps` moves and swaps from a state that breaks `hard` rules and costs `soft`, cooling from `hot` to `cold`.

    `best` is the cost of what is in `best_slot`, `best_room`, or -1; they are overwritten by any better right state.
    """
    np.random.seed(seed)
    n = state.slot.shape[0]
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    temperature = hot
    for _ in range(steps):
        temperature *= cooling
        i = np.random.randint(n)
        old_k, old_r = state.slot[i], state.room[i]
        kind = np.random.random()
        j, old_kj, old_rj = -1, -1, -1
        k, r, kj, rj = old_k, old_r, -1, -1
        if kind < 0.3:
            j = np.random.randint(n)
            if kind < 0.1:
                # Two of one room change their order: the later one starts first, the earlier one ends last.
                for _attempt in range(40):
                    if j != i and state.room[j] == old_r:
                        break
                    j = (j + 1) % n
            if j == i:
                continue
            old_kj, old_rj = state.slot[j], state.room[j]
            if kind < 0.1 and old_rj == old_r:
                if old_k < old_kj:
                    kj, k = old_k, old_kj + data.length[j] - data.length[i]
                else:
                    k, kj = old_kj, old_k + data.length[i] - data.length[j]
                r, rj = old_r, old_r
                if k < 0 or kj < 0 or k >= data.allowed.shape[2] or kj >= data.allowed.shape[2]:
                    continue
            else:
                k, r, kj, rj = old_kj, old_rj, old_k, old_r
            if not (data.allowed[i, r, k] and data.allowed[j, rj, kj]):
                continue
        elif kind < 0.8:
            k = data.slots[i, np.random.randint(data.slot_count[i])]
        # Price the old places while taking the sessions out, and the new ones while putting them in.
        h0, s0, h1, s1 = 0, 0, 0, 0
        if j >= 0:
            count(data, state, j, old_kj, old_rj, -1)
            h, s = price(data, state, j, old_kj, old_rj)
            h0, s0 = h0 + h, s0 + s + state.wished[j, old_kj] - _overlap(data, i, old_k, j, old_kj)
        count(data, state, i, old_k, old_r, -1)
        h, s = price(data, state, i, old_k, old_r)
        h0, s0 = h0 + h, s0 + s + state.wished[i, old_k]
        if j >= 0:
            h1, s1 = price(data, state, i, k, r)
            # `wished` still counts the other one where it was.
            s1 += state.wished[i, k] - _overlap(data, i, k, j, old_kj)
            count(data, state, i, k, r, 1)
            h, s = price(data, state, j, kj, rj)
            s1 += state.wished[j, kj] - _overlap(data, j, kj, i, old_k) + _overlap(data, i, k, j, kj)
            h1, s1 = h1 + h, s1 + s
        else:
            r, h1, s1 = _cheapest_room(data, state, i, k, old_r, 1 if kind >= 0.8 else 3, hard_weight)
            if r >= 0:
                s1 += state.wished[i, k]
        change = (s1 - s0) + hard_weight * (h1 - h0)
        if r >= 0 and (change <= 0 or np.random.random() < np.exp(-change / temperature)):
            if j >= 0:
                count(data, state, j, kj, rj, 1)
                if kj != old_kj:
                    spread(data, state, j, old_kj, -1)
                    spread(data, state, j, kj, 1)
            else:
                count(data, state, i, k, r, 1)
            if k != old_k:
                spread(data, state, i, old_k, -1)
                spread(data, state, i, k, 1)
            hard += h1 - h0
            soft += s1 - s0
            if hard == 0 and (best < 0 or soft < best):
                best = soft
                for index in range(n):
                    best_slot[index] = state.slot[index]
                    best_room[index] = state.room[index]
        else:
            if j >= 0:
                count(data, state, i, k, r, -1)
                count(data, state, j, old_kj, old_rj, 1)
            count(data, state, i, old_k, old_r, 1)
    return AnnealingOutcome(hard, soft, best)
