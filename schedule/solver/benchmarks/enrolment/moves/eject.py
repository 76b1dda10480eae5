"""Compiled moves that bring one event in and throw out what is in its way."""

from __future__ import annotations

from schedule.solver.annealing.compiling import compiled, inlined
from schedule.solver.annealing.draws import below

from .state import FREE, EnrolmentData, EnrolmentState, Ints, copy, enter, leave, mark, seat, settle

# ruff: noqa: PLR0917  # compiled functions take positional arguments only


@inlined
def displace(data: EnrolmentData, state: EnrolmentState, event: int) -> None:
    """Take a placed event out, as far as slots and rooms are concerned."""
    slot = state.slot[event]
    state.at[slot, state.room[event]] = FREE
    leave(data, state, event, slot)
    state.slot[event] = FREE
    state.room[event] = FREE


@compiled
def remove(data: EnrolmentData, state: EnrolmentState, event: int) -> None:
    """Take a placed event out."""
    mark(data, state, event, state.slot[event])
    displace(data, state, event)


@compiled
def evictions(data: EnrolmentData, state: EnrolmentState, event: int, slot: int, out: Ints, most: int) -> int:
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
def clear(data: EnrolmentData, state: EnrolmentState, event: int, slot: int, out: Ints, number: int, rows: Ints) -> int:
    """Find `event` a room in `slot` once the first `number` of `out` are gone; at most one more must go for it.

    Returns how many go. `rows` becomes the slot's rooms, then what `seat` needs to work.
    """
    copy(rows[0], state.at[slot])
    for j in range(number):
        if state.slot[out[j]] == slot:
            rows[0, state.room[out[j]]] = FREE
    if seat(data, rows[0], event, rows[1], rows[2]):
        return number
    # Any event in a room that an augmenting path reaches can make way (rows[1] says which those are).
    chosen = 0
    seen = 0
    for r in range(rows.shape[1]):
        if rows[1, r] != -2:
            seen += 1
            if below(state.rng, seen) == 0:
                chosen = r
    out[number] = rows[0, chosen]
    rows[0, chosen] = FREE
    seat(data, rows[0], event, rows[1], rows[2])
    return number + 1


@compiled
def admit(data: EnrolmentData, state: EnrolmentState, event: int, slot: int, row: Ints) -> None:
    """Put an unplaced `event` into `slot`, whose rooms become `row`."""
    state.slot[event] = slot
    enter(data, state, event, slot)
    mark(data, state, event, slot)
    settle(state, slot, row)


@compiled
def toggle(data: EnrolmentData, state: EnrolmentState, event: int, slot: int) -> int:
    """As `mark`; returns the change of cost."""
    cost = 0
    for i in range(data.people_from[event], data.people_from[event + 1]):
        person = data.people[i]
        old = state.busy[person, data.day[slot]]
        new = old ^ data.bit[slot]
        state.busy[person, data.day[slot]] = new
        cost += data.day_cost[new] - data.day_cost[old]
    return cost


@compiled
def days_change(data: EnrolmentData, state: EnrolmentState, event: int, slot: int, out: Ints, number: int) -> int:
    """The change of the days' cost; it is made, and a second call undoes it."""
    change = toggle(data, state, event, slot)
    if state.slot[event] != FREE:
        change += toggle(data, state, event, state.slot[event])
    for i in range(number):
        change += toggle(data, state, out[i], state.slot[out[i]])
    return change


@compiled
def weights_change(data: EnrolmentData, state: EnrolmentState, event: int, slot: int, out: Ints, number: int) -> int:
    """The change of the pair cost."""
    change: int = 0
    change += state.pull[slot, event]
    if state.slot[event] != FREE:
        change -= state.pull[state.slot[event], event]
    for i in range(number):
        other = out[i]
        change -= state.pull[state.slot[other], other]
        if state.slot[other] == slot:
            change -= data.weight[event, other]
        for j in range(i):
            if state.slot[out[j]] == state.slot[other]:
                change += data.weight[out[j], other]
    return change
