"""The compiled inner loop of the local search: simulated annealing over (start, room) of every session.

All arguments are arrays made by `local.Arrays`. Times are slots of the grid; minutes are slot * `slot_minutes`.
A hard rule that is broken costs `hard_weight`, so the search may pass through wrong timetables; only timetables
without broken rules are kept. The random numbers come from numba's own generator, seeded by the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
# ruff: noqa: PLR0917  # compiled functions take positional arguments only

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]


class Instance(NamedTuple):
    """A problem as arrays. n sessions, R rooms, K slots."""

    slot_minutes: int
    changeover: int
    minutes: Ints  # [n] duration
    allowed: Bytes  # [n, R, K] 1 where the session may start
    rooms: Ints  # [n, R] the rooms it may use first, then -1
    room_count: Ints  # [n]
    slots: Ints  # [n, K] the slots it may start in first, then -1
    slot_count: Ints  # [n]
    apart: Bytes  # [n, n] 1: must not overlap
    together: Bytes  # [n, n] 1: somebody is in both
    before: Bytes  # [n, n] 1: the first ends before the second starts
    clash: Ints  # [n, n] cost of overlapping
    shared: Bytes  # [R, R] 1: cannot be used at once
    walk: Ints  # [R, R] minutes
    room_cost: Ints  # [n, R]
    slot_cost: Ints  # [n, K]
    limited: Bytes  # [2, n] 1: needs interpreters; counts as parallel
    limits: Ints  # [2] most at once


class Outcome(NamedTuple):
    """What one call did: hard violations and cost of the current state, cost of the best right one (-1: none)."""

    hard: int
    soft: int
    best: int


def _compiled(function: F) -> F:
    """njit with a cache on disk where there is a writable place for one."""
    try:
        return cast("F", numba.njit(cache=True)(function))
    except RuntimeError:  # "no locator available": a read-only installation; compile in every process
        return cast("F", numba.njit(function))


@_compiled
def pair_cost(data: Instance, i: int, ki: int, ri: int, j: int, kj: int, rj: int) -> tuple[int, int]:
    """Hard violations and soft cost between two placed sessions."""
    start_i, start_j = ki * data.slot_minutes, kj * data.slot_minutes
    end_i, end_j = start_i + data.minutes[i], start_j + data.minutes[j]
    # Time between the two: negative if they overlap.
    between = max(start_j - end_i, start_i - end_j)
    hard = 0
    soft = 0
    if between < 0:
        soft = data.clash[i, j]
        hard += data.apart[i, j]
    if between < data.changeover and data.shared[ri, rj]:
        hard += 1
    if data.together[i, j] and between < data.walk[ri, rj]:
        hard += 1
    if data.before[i, j] and start_j < end_i:
        hard += 1
    if data.before[j, i] and start_i < end_j:
        hard += 1
    return hard, soft


@_compiled
def session_cost(data: Instance, slot: Ints, room: Ints, i: int, k: int, r: int, skip: int) -> tuple[int, int]:
    """Hard violations and soft cost of session i at slot k in room r against all others (but `skip`)."""
    hard = 0
    soft = data.room_cost[i, r] + data.slot_cost[i, k]
    for j in range(slot.shape[0]):
        if j in (i, skip):
            continue
        h, s = pair_cost(data, i, k, r, j, slot[j], room[j])
        hard += h
        soft += s
    return hard, soft


@_compiled
def add_use(data: Instance, use: Ints, i: int, k: int, sign: int) -> int:
    """Add (sign 1) or take away (-1) session i's use of the limits; returns the change of excess."""
    change = 0
    last = k + (data.minutes[i] + data.slot_minutes - 1) // data.slot_minutes
    for limit in range(2):
        if data.limited[limit, i]:
            most = data.limits[limit]
            for t in range(k, last):
                if sign > 0:
                    change += use[limit, t] >= most
                    use[limit, t] += 1
                else:
                    use[limit, t] -= 1
                    change -= use[limit, t] >= most
    return change


@_compiled
def total_cost(data: Instance, slot: Ints, room: Ints, use: Ints) -> tuple[int, int]:
    """Hard violations and soft cost of the whole state; fills `use`."""
    n = slot.shape[0]
    use[:] = 0
    hard = 0
    soft = 0
    for i in range(n):
        hard += add_use(data, use, i, slot[i], 1)
        soft += data.room_cost[i, room[i]] + data.slot_cost[i, slot[i]]
        for j in range(i + 1, n):
            h, s = pair_cost(data, i, slot[i], room[i], j, slot[j], room[j])
            hard += h
            soft += s
    return hard, soft


@_compiled
def anneal(  # noqa: PLR0912, PLR0915  # one compiled loop: a call per step would cost more than the step
    data: Instance,
    slot: Ints,
    room: Ints,
    best_slot: Ints,
    best_room: Ints,
    best: int,
    seed: int,
    steps: int,
    hot: float,
    cold: float,
    hard_weight: float,
) -> Outcome:
    """`steps` moves and swaps from the state in `slot`, `room` (changed in place), cooling from `hot` to `cold`.

    `best` is the cost of what is in `best_slot`, `best_room`, or -1; they are overwritten by any better right state.
    """
    np.random.seed(seed)
    n = slot.shape[0]
    use = np.zeros((2, data.allowed.shape[2] + 1 + data.minutes.max() // data.slot_minutes), np.int64)
    hard, soft = total_cost(data, slot, room, use)
    cooling = (cold / hot) ** (1.0 / max(1, steps))
    temperature = hot
    for _ in range(steps):
        temperature *= cooling
        i = np.random.randint(n)
        old_k, old_r = slot[i], room[i]
        kind = np.random.random()
        j = -1
        k, r = old_k, old_r
        if kind < 0.2:
            j = np.random.randint(n)
            if j == i:
                continue
            k, r = slot[j], room[j]
            if not (data.allowed[i, r, k] and data.allowed[j, old_r, old_k]):
                continue
        else:
            if kind < 0.8:
                k = data.slots[i, np.random.randint(data.slot_count[i])]
            if kind >= 0.6 or not data.allowed[i, r, k]:
                r = data.rooms[i, np.random.randint(data.room_count[i])]
            if (k == old_k and r == old_r) or not data.allowed[i, r, k]:
                continue
        h0, s0 = session_cost(data, slot, room, i, old_k, old_r, j)
        h1, s1 = session_cost(data, slot, room, i, k, r, j)
        if j >= 0:
            # The pair itself is left out above (`skip`) and added here, before and after.
            h, s = session_cost(data, slot, room, j, k, r, i)
            h0 += h
            s0 += s
            h, s = session_cost(data, slot, room, j, old_k, old_r, i)
            h1 += h
            s1 += s
            h, s = pair_cost(data, i, old_k, old_r, j, k, r)
            h0 += h
            s0 += s
            h, s = pair_cost(data, i, k, r, j, old_k, old_r)
            h1 += h
            s1 += s
        excess = add_use(data, use, i, old_k, -1)
        if j >= 0:
            excess += add_use(data, use, j, k, -1) + add_use(data, use, j, old_k, 1)
        excess += add_use(data, use, i, k, 1)
        more_hard = h1 - h0 + excess
        change = (s1 - s0) + hard_weight * more_hard
        if change <= 0 or np.random.random() < np.exp(-change / temperature):
            slot[i], room[i] = k, r
            if j >= 0:
                slot[j], room[j] = old_k, old_r
            hard += more_hard
            soft += s1 - s0
            if hard == 0 and (best < 0 or soft < best):
                best = soft
                best_slot[:] = slot
                best_room[:] = room
        else:
            add_use(data, use, i, k, -1)
            if j >= 0:
                add_use(data, use, j, old_k, -1)
                add_use(data, use, j, k, 1)
            add_use(data, use, i, old_k, 1)
    return Outcome(hard, soft, best)
