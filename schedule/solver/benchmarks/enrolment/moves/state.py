"""The compiled state of the search: who sits where, and everything a move needs to know at once.

All arrays are made by `arrays`. A slot's rooms are a matching kept by augmenting paths, so a move only asks whether
some assignment of rooms exists. Random numbers come from `State.rng`, seeded by the caller.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schedule.solver.annealing.compiling import compiled, inlined
from schedule.solver.annealing.draws import Seeds

Bytes = NDArray[np.uint8]
Shorts = NDArray[np.int16]
Words = NDArray[np.int32]
Ints = NDArray[np.int64]

FREE = -1


class EnrolmentData(NamedTuple):
    """An instance as arrays. E events, R rooms, T slots, A attendees, D days of H slots, W = E or 0."""

    conflict: Shorts  # [E, E] 1: never in one slot
    weight: Words  # [W, E] cost of one slot for two events; no rows where pairs cost nothing
    suitable: Bytes  # [E, R]
    rooms: Ints  # [E, R] the suitable rooms first, then -1
    room_count: Ints  # [E]
    available: Bytes  # [E, T]
    slots: Ints  # [E, T] the available slots first, then -1
    slot_count: Ints  # [E]
    before: Ints  # the events that come before event e are before[before_from[e]:before_from[e + 1]]
    before_from: Ints
    after: Ints
    after_from: Ints
    people: Words  # attendees of event e, likewise; none where days cost nothing
    people_from: Ints
    day: Ints  # [T]
    bit: Shorts  # [T] the slot's bit in its day
    day_cost: Shorts  # [2^H] cost of one attendee's day, by the bits of his busy slots


class EnrolmentState(NamedTuple):
    """A valid timetable, perhaps not complete."""

    slot: Ints  # [E] FREE: unplaced
    room: Ints  # [E]
    at: Ints  # [T, R] the event there, or FREE
    held: Ints  # [T] how many events
    clash: Shorts  # [T, E] how many events of the slot conflict with the event
    pull: Words  # [T, E] the weights of the slot's events with the event; no columns where pairs cost nothing
    busy: Shorts  # [A, D] bits of busy slots
    rng: Seeds  # [1]


class Scratch(NamedTuple):
    """Arrays to work in, as compiled functions make none. Nothing is kept in them from one call to the next."""

    chain: Ints  # [E + R]
    kept: Ints  # [E + R]
    side: Ints  # [E]
    slots: Ints  # [2]
    rows: Ints  # [4, R]
    outside: Ints  # [E]


@inlined
def copy(target: Ints, source: Ints) -> None:
    """`target[:] = source`, which would make an error message."""
    for i in range(target.shape[0]):
        target[i] = source[i]


@inlined
def seat(data: EnrolmentData, row: Ints, event: int, origin: Ints, queue: Ints) -> bool:
    """Give `event` a room in `row`, moving others along an augmenting path if it must; False if there is none."""
    for i in range(data.room_count[event]):
        r = data.rooms[event, i]
        if row[r] == FREE:
            row[r] = event
            return True
    for r in range(origin.shape[0]):
        origin[r] = -2  # not seen
    head = 0
    tail = 0
    for i in range(data.room_count[event]):
        r = data.rooms[event, i]
        origin[r] = -1
        queue[tail] = r
        tail += 1
    while head < tail:
        r = queue[head]
        head += 1
        other = row[r]
        for i in range(data.room_count[other]):
            s = data.rooms[other, i]
            if origin[s] != -2:
                continue
            origin[s] = r
            if row[s] == FREE:
                while origin[s] >= 0:
                    row[s] = row[origin[s]]
                    s = origin[s]
                row[s] = event
                return True
            queue[tail] = s
            tail += 1
    return False


@inlined
def settle(state: EnrolmentState, slot: int, row: Ints) -> None:
    """Make `row` the rooms of `slot`; the events in it are already known to be there."""
    for r in range(row.shape[0]):
        event = row[r]
        state.at[slot, r] = event
        if event != FREE:
            state.room[event] = r


@inlined
def flip(data: EnrolmentData, state: EnrolmentState, event: int, first: int, second: int) -> int:
    """Change whether the attendees of `event` are busy in two slots; returns the change of cost."""
    day1, day2 = data.day[first], data.day[second]
    bit1, bit2 = data.bit[first], data.bit[second]
    cost = 0
    if day1 == day2:
        both = bit1 ^ bit2
        for i in range(data.people_from[event], data.people_from[event + 1]):
            person = data.people[i]
            old = state.busy[person, day1]
            new = old ^ both
            state.busy[person, day1] = new
            cost += data.day_cost[new] - data.day_cost[old]
    else:
        for i in range(data.people_from[event], data.people_from[event + 1]):
            person = data.people[i]
            old = state.busy[person, day1]
            new = old ^ bit1
            state.busy[person, day1] = new
            cost += data.day_cost[new] - data.day_cost[old]
            old = state.busy[person, day2]
            new = old ^ bit2
            state.busy[person, day2] = new
            cost += data.day_cost[new] - data.day_cost[old]
    return cost


@inlined
def price(data: EnrolmentData, state: EnrolmentState, event: int, first: int, second: int) -> int:
    """What `flip` would return, without changing anything."""
    day1, day2 = data.day[first], data.day[second]
    bit1, bit2 = data.bit[first], data.bit[second]
    cost = 0
    if day1 == day2:
        both = bit1 ^ bit2
        for i in range(data.people_from[event], data.people_from[event + 1]):
            old = state.busy[data.people[i], day1]
            cost += data.day_cost[old ^ both] - data.day_cost[old]
    else:
        for i in range(data.people_from[event], data.people_from[event + 1]):
            person = data.people[i]
            old = state.busy[person, day1]
            also = state.busy[person, day2]
            cost += (data.day_cost[old ^ bit1] - data.day_cost[old]) + (
                data.day_cost[also ^ bit2] - data.day_cost[also]
            )
    return cost


@inlined
def enter(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> None:
    """Let conflicts and weights of `slot` know that `event` is there."""
    clash = state.clash[slot]
    conflict = data.conflict[event]
    for j in range(clash.shape[0]):
        clash[j] += conflict[j]
    if data.weight.shape[0]:
        pull = state.pull[slot]
        weight = data.weight[event]
        for j in range(pull.shape[0]):
            pull[j] += weight[j]
    state.held[slot] += 1


@inlined
def leave(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> None:
    """The opposite of `enter`."""
    clash = state.clash[slot]
    conflict = data.conflict[event]
    for j in range(clash.shape[0]):
        clash[j] -= conflict[j]
    if data.weight.shape[0]:
        pull = state.pull[slot]
        weight = data.weight[event]
        for j in range(pull.shape[0]):
            pull[j] -= weight[j]
    state.held[slot] -= 1


@compiled
def mark(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> None:
    """Change whether the attendees of `event` are busy in one slot."""
    for i in range(data.people_from[event], data.people_from[event + 1]):
        state.busy[data.people[i], data.day[slot]] ^= data.bit[slot]


@inlined
def in_order(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> bool:
    """Is `slot` after all that must come before `event`, and before all that must come after it?"""
    for i in range(data.before_from[event], data.before_from[event + 1]):
        if state.slot[data.before[i]] >= slot:  # FREE is below every slot
            return False
    for i in range(data.after_from[event], data.after_from[event + 1]):
        other = state.slot[data.after[i]]
        if other != FREE and other <= slot:
            return False
    return True


@compiled
def total_cost(data: EnrolmentData, state: EnrolmentState) -> int:
    """The soft cost of the whole state."""
    cost = 0
    for person in range(state.busy.shape[0]):
        for day in range(state.busy.shape[1]):
            cost += data.day_cost[state.busy[person, day]]
    if data.weight.shape[0]:
        twice = 0
        for event in range(state.slot.shape[0]):
            if state.slot[event] != FREE:
                twice += state.pull[state.slot[event], event]
        cost += twice // 2
    return cost
