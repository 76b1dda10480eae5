"""The compiled annealing: moves of one event, and Kempe chains between two slots, over valid timetables only.

An event is sent to another slot; what conflicts with it there comes back, and so on until nothing conflicts (a Kempe
chain). Where a slot has no room left, one more event of it joins the chain, which makes swaps between full slots.
Chains of one event or two are drawn apart from the others: nearly all that is accepted are such, and they are found
faster.
"""

from __future__ import annotations

import numpy as np

from ..compiling import compiled, inlined
from .eject import clear, days_change, displace, evictions, weights_change
from .state import (
    FREE,
    Data,
    Ints,
    Scratch,
    State,
    below,
    copy,
    enter,
    flip,
    fraction,
    in_order,
    leave,
    price,
    seat,
    settle,
)

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

NOBODY = -2

NEXT_ROOM = 0.7
"""How often the event in a wanted room joins a chain, rather than one in another room that that event could use."""


@inlined
def draw_slots(data: Data, state: State, slots: Ints) -> int:
    """A placed event, its slot and another that it may have, both in `slots`; FREE if none was drawn."""
    event = below(state.rng, state.slot.shape[0])
    slots[0] = state.slot[event]
    if slots[0] == FREE:
        return FREE
    slots[1] = data.slots[event, below(state.rng, data.slot_count[event])]
    return event if slots[0] != slots[1] else FREE


@inlined
def rival(data: Data, state: State, event: int, slot: int) -> int:
    """An event of `slot` whose room `event` could use, or could get if that event went to a third room, and so on;
    FREE where nobody is in that room.
    """
    while True:
        event = state.at[slot, data.rooms[event, below(state.rng, data.room_count[event])]]
        if event == FREE or fraction(state.rng) < NEXT_ROOM:
            return event


@inlined
def partner(data: Data, state: State, event: int, slots: Ints, swap: bool) -> int:
    """The event of the second slot that has to come to the first when `event` goes the other way.

    FREE if none has to (with `swap`, where a room is free), NOBODY if one is not enough or may not.
    """
    first, second = slots[0], slots[1]
    open_ = state.clash[second, event]
    if open_ > 1:
        return NOBODY
    other = FREE
    if open_ == 1:
        for r in range(state.at.shape[1]):
            other = state.at[second, r]
            if other != FREE and data.conflict[event, other]:
                break
    elif swap or state.held[second] == state.at.shape[1]:
        other = rival(data, state, event, second)
    if other != FREE and (state.clash[first, other] > open_ or not data.available[other, first]):
        return NOBODY
    return other


@compiled
def pair(data: Data, state: State, chain: Ints, side: Ints, slots: Ints, swap: bool, tries: int) -> int:
    """Draw an event that can go to another slot alone, or change places with one there; the length of this chain.

    Up to `tries` are drawn, as most could not: looking at one takes a small part of what a longer chain takes.
    """
    for _ in range(tries):
        event = draw_slots(data, state, slots)
        if event == FREE:
            continue
        other = partner(data, state, event, slots, swap)
        if other == NOBODY:
            continue
        chain[0] = event
        side[event] = 1
        if other == FREE:
            return 1
        chain[1] = other
        side[other] = 2
        return 2
    return 0


@compiled
def grow(data: Data, state: State, chain: Ints, side: Ints, start: int, length: int, slots: Ints) -> int:
    """Extend a Kempe chain from its unexamined members; returns its length, negative where one may not go.

    `side[event]` is 1 + the index in `slots` of the slot a member comes from, 0 for others.
    """
    i = start
    while i < length:
        event = chain[i]
        i += 1
        here = side[event] - 1
        target = slots[1 - here]
        if not data.available[event, target]:
            return -length
        open_ = state.clash[target, event]
        if open_ == 0:
            continue
        for r in range(state.at.shape[1]):
            other = state.at[target, r]
            if other != FREE and data.conflict[event, other]:
                if side[other] == 0:
                    side[other] = 2 - here
                    chain[length] = other
                    length += 1
                    if not data.available[other, slots[here]]:
                        return -length
                open_ -= 1
                if open_ == 0:
                    break
    return length


@compiled
def fullest(state: State, chain: Ints, side: Ints, length: int, slots: Ints) -> int:
    """Which of the two slots (0 or 1) the chain would overfill; -1: neither."""
    move = 0
    for i in range(length):
        move += 3 - 2 * side[chain[i]]
    rooms = state.at.shape[1]
    if state.held[slots[1]] + move > rooms:
        return 1
    if state.held[slots[0]] - move > rooms:
        return 0
    return -1


@compiled
def kempe(data: Data, state: State, chain: Ints, side: Ints, slots: Ints) -> int:
    """Draw an event, let all that conflicts join it, and more where a slot gets too full; the length, or negative."""
    event = draw_slots(data, state, slots)
    if event == FREE:
        return 0
    chain[0] = event
    side[event] = 1
    length = grow(data, state, chain, side, 0, 1, slots)
    tries = 0
    while length > 0:
        full = fullest(state, chain, side, length, slots)
        if full < 0:
            return length
        tries += 1
        if tries > 3:
            return -length
        i = below(state.rng, length)
        while side[chain[i]] == 1 + full:  # the slot is overfull, so some members are new there
            i = (i + 1) % length
        other = rival(data, state, chain[i], slots[full])
        if other != FREE and side[other] == 0:
            chain[length] = other
            side[other] = 1 + full
            length = grow(data, state, chain, side, length, length + 1, slots)
    return length


@compiled
def exchange(data: Data, state: State, chain: Ints, side: Ints, slots: Ints) -> int:
    """Draw two slots that change places: the chain of all their events that can, given those that stay; its length."""
    length = 0
    if draw_slots(data, state, slots) == FREE:
        return 0
    for k in range(2):
        for r in range(state.at.shape[1]):
            event = state.at[slots[k], r]
            if event != FREE and data.available[event, slots[1 - k]]:
                side[event] = 1 + k
                chain[length] = event
                length += 1
    i = 0
    while i < length:
        event = chain[i]
        i += 1
        target = slots[2 - side[event]]
        if state.clash[target, event] == 0:
            continue
        for r in range(state.at.shape[1]):
            other = state.at[target, r]
            if other != FREE and side[other] == 0 and data.conflict[event, other]:
                # It stays, and so may others that went well with what has now stayed.
                length -= 1
                side[event] = 0
                chain[i - 1] = chain[length]
                i = 0
                break
    return length


@inlined
def orderly(data: Data, state: State, chain: Ints, side: Ints, length: int, slots: Ints) -> bool:
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
def house(data: Data, state: State, chain: Ints, side: Ints, length: int, slots: Ints, rows: Ints) -> bool:
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
def pairs_change(data: Data, state: State, chain: Ints, side: Ints, length: int, slots: Ints) -> int:
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
    data: Data, state: State, event: int, slot: int, limit: float, penalty: float, more: int, out: Ints, rows: Ints
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
    data: Data,
    state: State,
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
