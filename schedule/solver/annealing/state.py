"""The compiled state of the local search: where every session is, and everything a move needs to know at once.

All arguments are arrays made by `arrays.Arrays`. Times are slots of the grid; minutes are slot * `slot_minutes`. What a
session's wished neighbours cost at every start is kept in `AnnealingState.wished` and only changes when a move is
accepted, so pricing a place does not look at the other sessions one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiling import called, compiled, inner

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

APART, TOGETHER, BEFORE, AFTER, SAME_TIME, SAME_ROOM = 1, 2, 4, 8, 16, 32
"""What two sessions ask of each other, as bits: not at once; somebody is in both; order; one start; one room."""


DENSE = 4
"""A whole row is added up where one in DENSE of its entries counts: without looking for them it takes a tenth."""


class AnnealingInstance(NamedTuple):
    """A problem as arrays. n sessions, R rooms, K slots. Lists of lists are flat, with the ends of each in `*_end`."""

    slot_minutes: int
    minutes: Ints  # [n] duration
    length: Ints  # [n] slots it runs
    longest: int  # the greatest of them
    using: Ints  # [n] slots its room is taken, changeover included
    allowed: Bytes  # [n, R, K] 1 where the session may start
    rooms: Ints  # [n, R] the rooms it may use first, then -1
    room_count: Ints  # [n]
    slots: Ints  # [n, K] the slots it may start in first, then -1
    slot_count: Ints  # [n]
    cheap_count: Ints  # [n] how many of them cost least, they come first
    atoms: Ints  # [R, most] smallest rooms it takes, then -1; none if used in parallel
    atom_count: int
    clash: Ints  # [n, n] cost of overlapping
    near: Ints  # sessions with which overlapping costs something
    near_cost: Ints  # that cost
    near_end: Ints  # [n + 1]
    pair: Ints  # sessions bound to this one
    pair_bits: Ints
    pair_end: Ints  # [n + 1]
    asked: Ints  # [n] all bits of its pairs
    walk: Ints  # [R, R] minutes
    room_cost: Ints  # [n, R]
    room_least: Ints  # [n] the least of them among the rooms it may use
    slack: Ints  # [n] most that leaving any place can save beside the cost of room, slot and wishes
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
    uneven: bool  # many sessions that are not equally long: most ways lead through broken rules


class AnnealingState(NamedTuple):
    """Where every session is (slot -1: nowhere), and sums over that."""

    slot: Ints
    room: Ints
    taken: Ints  # [A, K + longest] uses of each smallest room
    holder: Ints  # [A, K + longest] sum of 1 + the numbers of the sessions that use it: of a single one, who it is
    used: Ints  # [L, K + longest]
    track_rooms: Ints  # [T, D, R]
    track_days: Ints  # [T, D]
    day_count: Ints  # [D]
    wished: Ints  # [K + longest, n] cost of overlaps if it started there


def empty_state(data: AnnealingInstance) -> AnnealingState:
    """Nothing placed. In Python: what is compiled makes no arrays."""
    n, rooms, slots = data.allowed.shape
    longest = int(1 + data.using.max() + data.length.max())
    tracks = int(max(1, 1 + data.track.max()))
    return AnnealingState(
        np.full(n, -1, np.int64),
        np.full(n, -1, np.int64),
        np.zeros((data.atom_count, slots + longest), np.int64),
        np.zeros((data.atom_count, slots + longest), np.int64),
        np.zeros((data.limits.shape[0], slots + longest), np.int64),
        np.zeros((tracks, data.share.shape[0], rooms), np.int64),
        np.zeros((tracks, data.share.shape[0]), np.int64),
        np.zeros(data.share.shape[0], np.int64),
        np.zeros((slots + longest, n), np.int64),
    )


@inner
def bound(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int) -> int:
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


@called
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


@called
def price(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int) -> tuple[int, int]:
    """Broken rules and cost that session i (placed nowhere now) adds at slot k in room r, but for wished overlaps."""
    hard = bound(data, state, i, k, r)
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


@called
def count(data: AnnealingInstance, state: AnnealingState, i: int, k: int, r: int, sign: int) -> None:
    """Put session i at (k, r) (sign 1), or take it away from there (-1)."""
    for a in range(data.atoms.shape[1]):
        atom = data.atoms[r, a]
        if atom < 0:
            break
        for t in range(k, k + data.using[i]):
            state.taken[atom, t] += sign
            state.holder[atom, t] += sign * (i + 1)
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


@called
def spread(data: AnnealingInstance, state: AnnealingState, i: int, k: int, sign: int) -> None:
    """Add (1) or take away (-1) what session i at slot k costs those whose wishers want it too."""
    first, last = data.near_end[i], data.near_end[i + 1]
    dense = DENSE * (last - first) > data.length.shape[0]
    clash = data.clash[i]
    for t in range(k, k + data.length[i]):
        row = state.wished[t]
        if dense:
            for j in range(clash.shape[0]):
                row[j] += sign * clash[j]
        else:
            for index in range(first, last):
                row[data.near[index]] += sign * data.near_cost[index]
    for t in range(max(0, k - data.longest + 1), k):
        row = state.wished[t]
        for index in range(first, last):
            if data.length[data.near[index]] > k - t:
                row[data.near[index]] += sign * data.near_cost[index]


@compiled
def fill(data: AnnealingInstance, state: AnnealingState, slot: Ints, room: Ints) -> tuple[int, int]:
    """Place every session in an empty state; hard violations and cost of the whole."""
    hard = 0
    soft = 0
    for i in range(slot.shape[0]):
        h, s = price(data, state, i, slot[i], room[i])
        hard += h
        soft += s + state.wished[slot[i], i]
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
                cost = hard * hard_weight + soft + state.wished[k, i]
                if best < 0 or cost < best:
                    best, best_k, best_r = cost, k, r
        count(data, state, i, best_k, best_r, 1)
        spread(data, state, i, best_k, 1)
