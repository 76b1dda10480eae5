"""The chains that the annealing proposes: events of two slots that change sides together.

An event is sent to another slot; what conflicts with it there comes back, and so on until nothing conflicts (a Kempe
chain). Where a slot has no room left, one more event of it joins the chain, which makes swaps between full slots.
Chains of one event or two are drawn apart from the others: nearly all that is accepted are such, and they are found
faster.
"""

from __future__ import annotations

from schedule.solver.annealing.compiling import compiled, inlined
from schedule.solver.annealing.draws import below, fraction

from .state import FREE, EnrolmentData, EnrolmentState, Ints

# ruff: noqa: PLR0917  # compiled functions take positional arguments only

NOBODY = -2

NEXT_ROOM = 0.7
"""How often the event in a wanted room joins a chain, rather than one in another room that that event could use."""


@inlined
def draw_slots(data: EnrolmentData, state: EnrolmentState, slots: Ints) -> int:
    """A placed event, its slot and another that it may have, both in `slots`; FREE if none was drawn."""
    event = below(state.rng, state.slot.shape[0])
    slots[0] = state.slot[event]
    if slots[0] == FREE:
        return FREE
    slots[1] = data.slots[event, below(state.rng, data.slot_count[event])]
    return event if slots[0] != slots[1] else FREE


@inlined
def rival(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> int:
    """An event of `slot` whose room `event` could use, or could get if that event went to a third room, and so on;
    FREE where nobody is in that room.
    """
    while True:
        event = state.at[slot, data.rooms[event, below(state.rng, data.room_count[event])]]
        if event == FREE or fraction(state.rng) < NEXT_ROOM:
            return event


@inlined
def partner(data: EnrolmentData, state: EnrolmentState, event: int, slots: Ints, swap: bool) -> int:
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
def pair(
    data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, slots: Ints, swap: bool, tries: int
) -> int:
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
def grow(
    data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, start: int, length: int, slots: Ints
) -> int:
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
def fullest(state: EnrolmentState, chain: Ints, side: Ints, length: int, slots: Ints) -> int:
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
def kempe(data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, slots: Ints) -> int:
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
def exchange(data: EnrolmentData, state: EnrolmentState, chain: Ints, side: Ints, slots: Ints) -> int:
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
