"""An instance as the compiled search's arrays, and timetables to and from its state."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from schedule.solver.annealing.draws import seeded
from schedule.solver.benchmarks.enrolment.moves.state import (
    FREE,
    EnrolmentData,
    EnrolmentState,
    Scratch,
    enter,
    in_order,
    mark,
)

from .instance import Bits, EnrolmentInstance, EnrolmentKind, Ints, Solution


def data_of(instance: EnrolmentInstance) -> EnrolmentData:
    """Everything about the instance that does not change."""
    daily = instance.kind is not EnrolmentKind.PREFERENCES
    rooms, room_count = _listed(instance.suitable)
    slots, slot_count = _listed(instance.available)
    before, before_from = _joined([[i for i, j in instance.precedences if j == e] for e in range(instance.events)])
    after, after_from = _joined([[j for i, j in instance.precedences if i == e] for e in range(instance.events)])
    people, people_from = _joined(
        [np.flatnonzero(column).tolist() if daily else [] for column in instance.attendance.T]
    )
    hours = np.arange(instance.slots) % instance.slots_per_day if daily else np.zeros(instance.slots, np.int64)
    weight = np.zeros((0, instance.events), np.int32) if daily else instance.together.astype(np.int32)
    return EnrolmentData(
        conflict=_conflicts(instance).astype(np.int16),
        weight=np.ascontiguousarray(weight),
        suitable=instance.suitable.astype(np.uint8),
        rooms=rooms,
        room_count=room_count,
        available=instance.available.astype(np.uint8),
        slots=slots,
        slot_count=slot_count,
        before=before,
        before_from=before_from,
        after=after,
        after_from=after_from,
        people=people.astype(np.int32),
        people_from=people_from,
        day=(np.arange(instance.slots) // instance.slots_per_day).astype(np.int64),
        bit=(1 << hours).astype(np.int16),
        day_cost=_day_costs(instance.slots_per_day if daily else 0),
    )


def _conflicts(instance: EnrolmentInstance) -> Bits:
    """Pairs that cannot share a slot: by the rules, because one comes first, or because both need the same room."""
    conflict = instance.apart.copy()
    for i, j in instance.precedences:
        conflict[i, j] = conflict[j, i] = True
    only = np.where(
        instance.suitable.sum(axis=1) == 1, instance.suitable.argmax(axis=1), -1 - np.arange(instance.events)
    )
    conflict |= only[:, None] == only[None, :]
    np.fill_diagonal(conflict, val=False)
    return conflict


def _day_costs(length: int) -> np.ndarray:
    """The cost of one attendee's day by the bits of his busy slots (ITC-2007, track 2: section 1.5 of its rules)."""
    costs = np.zeros(1 << length, np.int16)
    for bits in range(1, 1 << length):
        runs = bits & (bits >> 1) & (bits >> 2)
        costs[bits] = runs.bit_count() + (bits.bit_count() == 1) + (bits >> (length - 1))
    return costs


def _listed(possible: Bits) -> tuple[Ints, Ints]:
    """For each row the indices of true entries, then -1, and how many there are."""
    listed = np.full(possible.shape, -1, np.int64)
    for row, entries in enumerate(possible):
        indices = np.flatnonzero(entries)
        listed[row, : len(indices)] = indices
    return listed, possible.sum(axis=1).astype(np.int64)


def _joined(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """All lists one after the other, and where each begins."""
    begins = np.zeros(len(lists) + 1, np.int64)
    begins[1:] = np.cumsum([len(entries) for entries in lists])
    return np.array([entry for entries in lists for entry in entries], np.int64), begins


def state_of(instance: EnrolmentInstance, data: EnrolmentData, seed: int) -> EnrolmentState:
    """A state with nothing placed."""
    attendees = instance.attendance.shape[0] if data.people.size else 0
    weighted = instance.slots if data.weight.size else 0
    return EnrolmentState(
        slot=np.full(instance.events, FREE, np.int64),
        room=np.full(instance.events, FREE, np.int64),
        at=np.full((instance.slots, instance.rooms), FREE, np.int64),
        held=np.zeros(instance.slots, np.int64),
        clash=np.zeros((instance.slots, instance.events), np.int16),
        pull=np.zeros((weighted, instance.events), np.int32),
        busy=np.zeros((attendees, instance.days), np.int16),
        rng=seeded(seed),
    )


def scratch_of(instance: EnrolmentInstance) -> Scratch:
    """What the compiled functions work in."""
    events, rooms = instance.events, instance.rooms
    return Scratch(
        chain=np.zeros(events + rooms, np.int64),
        kept=np.zeros(events + rooms, np.int64),
        side=np.zeros(events, np.int64),
        slots=np.zeros(2, np.int64),
        rows=np.zeros((4, rooms), np.int64),
        outside=np.zeros(events, np.int64),
    )


def load(data: EnrolmentData, state: EnrolmentState, slots: Ints, rooms: Ints) -> None:
    """Make an empty or used `state` the given valid timetable; events that would break a rule are left out."""
    state.slot[:] = FREE
    state.room[:] = FREE
    for array in (state.held, state.clash, state.pull, state.busy):
        array[:] = 0
    state.at[:] = FREE
    for event, (slot, room) in enumerate(zip(slots.tolist(), rooms.tolist(), strict=True)):
        if (
            slot == FREE
            or state.at[slot, room] != FREE
            or state.clash[slot, event]
            or not data.available[event, slot]
            or not data.suitable[event, room]
            or not in_order(data, state, event, slot)
        ):
            continue
        state.slot[event], state.room[event], state.at[slot, room] = slot, room, event
        enter(data, state, event, slot)
        mark(data, state, event, slot)


def solution_of(slots: Ints, rooms: Ints) -> Solution:
    """A state's arrays as a timetable of its own."""
    return Solution(slots.copy(), rooms.copy())
