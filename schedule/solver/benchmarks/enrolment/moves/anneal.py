"""The compiled annealing: moves of one event, and Kempe chains between two slots, over valid timetables only.

What is moved is a chain (see `chains`), or one event that throws others out (see `eject`).
"""

from __future__ import annotations

import numpy as np

from schedule.solver.annealing.compiling import compiled, inlined
from schedule.solver.annealing.draws import below, fraction

from .chains import exchange, kempe, pair
from .eject import clear, days_change, displace, evictions, weights_change
from .state import (
    FREE,
    EnrolmentData,
    EnrolmentState,
    Ints,
    Scratch,
    copy,
    enter,
    flip,
    in_order,
    leave,
    price,
    seat,
    settle,
)

# ruff: noqa: PLR0917  # compiled functions take positional arguments only


@inlined
def orderly(data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, length: int, slots: Ints) -> bool:
    """Would the members of the chain keep their order to all others?"""
    for i in range(length):
        state.slot[chain[i]] = slots[2 - side[chain[i]]]
    right = True
    for i in range(length):
        if not in_order(data, state, chain[i], state.slot[chain[i]]):
            right = False
            break
    for i in range(length):
        state.slot[chain[i]] = slots[side[chain[i]] - 1]
    return right


@inlined
def house(
    data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, length: int, slots: Ints, rows: Ints
) -> bool:
    """Find rooms for the chain in its new slots; fills `rows` (both slots' rooms, then room for `seat` to work in)."""
    for k in range(2):
        for r in range(state.at.shape[1]):
            other = state.at[slots[k], r]
            rows[k, r] = FREE if other != FREE and side[other] != 0 else other
    for i in range(length):  # noqa: SIM110  # numba has no all()
        if not seat(data, rows[2 - side[chain[i]]], chain[i], rows[2], rows[3]):
            return False
    return True


@inlined
def pairs_change(data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, length: int, slots: Ints) -> int:
    """The change of the pair cost if the members of the chain change sides."""
    change = 0
    for i in range(length):
        event = chain[i]
        here = side[event] - 1
        change += state.pull[slots[1 - here], event] - state.pull[slots[here], event]
        for j in range(i):
            other = chain[j]
            # Both stay together (counted apart twice above) or pass each other (counted together twice).
            if side[other] == side[event]:
                change += 2 * data.weight[event, other]
            else:
                change -= 2 * data.weight[event, other]
    return change


@compiled
def intrude(
    data: EnrolmentData,
    state: EnrolmentState,
    event: int,
    slot: int,
    limit: float,
    penalty: float,
    more: int,
    out: Ints,
    rows: Ints,
) -> tuple[bool, int, int]:
    """Bring `event` into `slot` and throw out what is in its way, if cost and penalties rise by `limit` at
    most and `more` unplaced events are allowed.

    Returns whether it was done, the change of cost, and how many of `out` are outside now.
    """
    number = evictions(data, state, event, slot, out, 2)
    if number < 0:
        return False, 0, 0
    here = state.slot[event]
    weighted, daily = data.weight.shape[0] > 0, data.people.shape[0] > 0
    if weighted and not daily:  # a few looks into a matrix take less than finding a room
        outside = number - 1 if here == FREE else number
        if weights_change(data, state, event, slot, out, number) + penalty * outside > limit:
            return False, 0, 0
    number = clear(data, state, event, slot, out, number, rows)
    outside = number - 1 if here == FREE else number
    if outside > 0 and outside > more:
        return False, 0, 0
    change = 0
    if weighted:
        change += weights_change(data, state, event, slot, out, number)
    if daily:
        change += days_change(data, state, event, slot, out, number)
    if change + penalty * outside > limit:
        if daily:
            days_change(data, state, event, slot, out, number)
        return False, 0, 0
    for i in range(number):
        displace(data, state, out[i])
    if here != FREE:
        displace(data, state, event)
    state.slot[event] = slot
    enter(data, state, event, slot)
    settle(state, slot, rows[0])
    return True, change, number


@compiled
def anneal(  # noqa: PLR0912, PLR0915  # one compiled loop: a call per step would cost more than the step
    data: EnrolmentData,
    state: EnrolmentState,
    scratch: Scratch,
    best_slot: Ints,
    best_room: Ints,
    score: Ints,
    steps: int,
    temperature: float,
    penalty: float,
    most: int,
    swaps: float,
    exchanges: float,
    long: float,
    tries: int,
    loose: float,
) -> int:
    """`steps` proposals at one temperature; returns how many of them began with all events placed.

    `score` holds the cost of the state, its unplaced events, and both for the best state, which is in `best_slot` and
    `best_room`. Of the chains the share `exchanges` are two whole slots, `long` Kempe chains of any length, and the
    others one event or two (see `pair`; the share `swaps` of them always two). `loose` is the share of proposals that
    may leave events unplaced, `most` at once and at `penalty` for each.
    """
    rng = state.rng
    events = data.suitable.shape[0]
    chain, side, slots, rows, outside = scratch.chain, scratch.side, scratch.slots, scratch.rows, scratch.outside
    left = 0
    for event in range(events):
        side[event] = 0
        if state.slot[event] == FREE and data.room_count[event] > 0 and data.slot_count[event] > 0:
            outside[left] = event
            left += 1
    length = 0
    weighted = data.weight.shape[0] > 0
    daily = data.people.shape[0] > 0
    cost = score[0]
    complete = 0
    for _ in range(steps):
        complete += left == 0
        for i in range(abs(length)):
            side[chain[i]] = 0
        length = 0
        picked = -1
        if left > 0 and fraction(rng) < 0.5:
            picked = below(rng, left)
        limit = -temperature * np.log(1.0 - fraction(rng))
        if picked >= 0 or fraction(rng) < loose:
            event = outside[picked] if picked >= 0 else below(rng, events)
            first = state.slot[event]
            if (first == FREE and picked < 0) or data.slot_count[event] == 0:
                continue
            second = data.slots[event, below(rng, data.slot_count[event])]
            if second == first:
                continue
            done, change, number = intrude(data, state, event, second, limit, penalty, most - left, chain, rows)
            if not done:
                continue
            if picked >= 0:
                left -= 1
                outside[picked] = outside[left]
            for i in range(number):
                outside[left] = chain[i]
                left += 1
        else:
            kind = fraction(rng)
            if kind < exchanges:
                length = exchange(data, state, chain, side, slots)
            elif kind < exchanges + long:
                length = kempe(data, state, chain, side, slots)
            else:
                length = pair(data, state, chain, side, slots, fraction(rng) < swaps, tries)
            if length <= 0:
                continue
            first, second = slots[0], slots[1]
            # The cheapest question first: the price refuses most proposals, and finding rooms takes longest.
            change = 0
            if weighted:
                change += pairs_change(data, state, chain, side, length, slots)
                if change > limit and not daily:
                    continue
            if not orderly(data, state, chain, side, length, slots):
                continue
            if daily:
                if length == 1:
                    change += price(data, state, chain[0], first, second)
                else:
                    for i in range(length):
                        change += flip(data, state, chain[i], first, second)
            if change > limit or not house(data, state, chain, side, length, slots, rows):
                if daily and length > 1:
                    for i in range(length):
                        flip(data, state, chain[i], first, second)
                continue
            if daily and length == 1:
                flip(data, state, chain[0], first, second)
            for i in range(length):
                member = chain[i]
                leave(data, state, member, slots[side[member] - 1])
                enter(data, state, member, slots[2 - side[member]])
                state.slot[member] = slots[2 - side[member]]
            settle(state, first, rows[0])
            settle(state, second, rows[1])
        cost += change
        if left < score[3] or (left == score[3] and cost < score[2]):
            score[2] = cost
            score[3] = left
            copy(best_slot, state.slot)
            copy(best_room, state.room)
            if cost == 0 and left == 0:
                break
    score[0] = cost
    score[1] = left
    return complete
