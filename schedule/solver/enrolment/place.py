"""The compiled search for a complete timetable: a tabu search over partial ones.

PARTIALCOL (Bloechliger and Zufferey 2008) carried over to slots and rooms: the state is always valid, some events are
outside. A move brings one in and throws out what conflicts with it; the events thrown out may not come back to that
slot for a while.
"""

from __future__ import annotations

import numpy as np

from .state import FREE, Data, Ints, State, below, compiled, copy, enter, leave, mark, seat, settle

# ruff: noqa: PLR0917  # compiled functions take positional arguments only


@compiled
def remove(data: Data, state: State, event: int) -> None:
    """Take a placed event out."""
    slot = state.slot[event]
    state.at[slot, state.room[event]] = FREE
    leave(data, state, event, slot)
    mark(data, state, event, slot)
    state.slot[event] = FREE
    state.room[event] = FREE


@compiled
def evictions(data: Data, state: State, event: int, slot: int, out: Ints, most: int) -> int:
    """Fill `out` with what must go for `event` to enter `slot`, rooms aside; -1 if more than `most`."""
    found = 0
    if state.clash[slot, event] > most:
        return -1
    if state.clash[slot, event]:
        for r in range(state.at.shape[1]):
            other = state.at[slot, r]
            if other != FREE and data.conflict[event, other]:
                out[found] = other
                found += 1
    for i in range(data.before_from[event], data.before_from[event + 1]):
        other = data.before[i]
        if state.slot[other] > slot:  # in the same slot it is a conflict and already found
            if found == most:
                return -1
            out[found] = other
            found += 1
    for i in range(data.after_from[event], data.after_from[event + 1]):
        other = data.after[i]
        if state.slot[other] != FREE and state.slot[other] < slot:
            if found == most:
                return -1
            out[found] = other
            found += 1
    return found


@compiled
def place(  # noqa: PLR0912, PLR0915  # one compiled loop, as in `anneal`
    data: Data,
    state: State,
    outside: Ints,
    left: int,
    tabu: Ints,
    clock: int,
    steps: int,
    best_slot: Ints,
    best_room: Ints,
    best: int,
) -> tuple[int, int, int, int]:
    """`steps` moves, or until all are placed; returns how many are outside now and at best, the clock, and how
    many entries were tried.

    `outside[:left]` are the unplaced events; `tabu[slot, event]` is when the event may enter the slot again.
    """
    rng = state.rng
    rooms = state.at.shape[1]
    out = np.zeros(rooms + state.slot.shape[0], np.int64)
    chosen_out = np.zeros(out.shape[0], np.int64)
    row = np.zeros(rooms, np.int64)
    chosen_row = np.zeros(rooms, np.int64)
    origin = np.zeros(rooms, np.int64)
    queue = np.zeros(rooms, np.int64)
    tried = 0
    for _ in range(steps):
        if left == 0:
            break
        clock += 1
        chosen = -1
        chosen_slot = -1
        fewest = 1 << 30
        ties = 0
        for u in range(left):
            event = outside[u]
            for i in range(data.slot_count[event]):
                slot = data.slots[event, i]
                tried += 1
                if state.clash[slot, event] > fewest:
                    continue
                number = evictions(data, state, event, slot, out, min(fewest, rooms))
                if number < 0:
                    continue
                if tabu[slot, event] > clock and left - 1 + number >= best:
                    continue
                copy(row, state.at[slot])
                for j in range(number):
                    if state.slot[out[j]] == slot:
                        row[state.room[out[j]]] = FREE
                if not seat(data, row, event, origin, queue):
                    if number + 1 > fewest:
                        continue
                    # One more must go: any in a room that an augmenting path reaches (origin says which).
                    other = -1
                    seen = 0
                    for r in range(rooms):
                        if origin[r] != -2:
                            seen += 1
                            if below(rng, seen) == 0:
                                other = r
                    out[number] = row[other]
                    number += 1
                    row[other] = FREE
                    seat(data, row, event, origin, queue)
                    if tabu[slot, event] > clock and left - 1 + number >= best:
                        continue
                if number < fewest:
                    fewest, ties = number, 0
                ties += 1
                if below(rng, ties) == 0:
                    chosen, chosen_slot = u, slot
                    copy(chosen_out, out)
                    copy(chosen_row, row)
        if chosen < 0:
            # Everything is tabu: let time pass with a random entry allowed again.
            u = below(rng, left)
            event = outside[u]
            tabu[data.slots[event, below(rng, data.slot_count[event])], event] = 0
            continue
        event = outside[chosen]
        left -= 1
        outside[chosen] = outside[left]
        for j in range(fewest):
            other = chosen_out[j]
            from_slot = state.slot[other]
            remove(data, state, other)
            outside[left] = other
            left += 1
            tabu[from_slot, other] = clock + 1 + below(rng, 10) + (6 * left) // 10
        state.slot[event] = chosen_slot
        enter(data, state, event, chosen_slot)
        mark(data, state, event, chosen_slot)
        settle(state, chosen_slot, chosen_row)
        if left < best:
            best = left
            copy(best_slot, state.slot)
            copy(best_room, state.room)
    return left, best, clock, tried
