"""The numeric problem: events, rooms, slots, and who attends what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Ints = NDArray[np.int64]

UNPLACED = -1


class EnrolmentKind(Enum):
    """The family an instance comes from; it decides what is hard and what is counted."""

    ITC2007 = "itc2007"
    ITC2002 = "itc2002"
    PREFERENCES = "synthetic"


@dataclass(frozen=True, kw_only=True, eq=False)
class EnrolmentInstance:
    """E events, R rooms, T slots in `days` equal days, A attendees, F features.

    Every event needs one slot and one room. `attendance` is a duty in the ITC kinds (nobody can be in two places)
    and a wish in `PREFERENCES` (two wishes at once cost). `precedences` holds pairs (earlier, later).
    """

    kind: EnrolmentKind
    days: int
    attendance: Bits  # [A, E]
    suitable: Bits  # [E, R]
    available: Bits  # [E, T]
    precedences: tuple[tuple[int, int], ...]
    capacity: Ints  # [R]
    room_features: Bits  # [R, F]
    event_features: Bits  # [E, F]
    speaker: Ints | None = None  # [E], PREFERENCES only: nobody speaks twice in a slot

    @property
    def events(self) -> int:
        return len(self.suitable)

    @property
    def rooms(self) -> int:
        return len(self.capacity)

    @property
    def slots(self) -> int:
        return int(self.available.shape[1])

    @property
    def slots_per_day(self) -> int:
        return self.slots // self.days

    @cached_property
    def size(self) -> Ints:
        """[E] attendees of each event."""
        size: Ints = self.attendance.sum(axis=0, dtype=np.int64)
        return size

    @cached_property
    def attended(self) -> tuple[tuple[int, ...], ...]:
        """The events of each attendee."""
        return tuple(tuple(np.flatnonzero(row).tolist()) for row in self.attendance)

    @cached_property
    def together(self) -> Ints:
        """[E, E] how many attendees two events share; the diagonal is 0."""
        # Floating point because only that multiplies fast; the counts stay far below 2^24, so they are exact.
        matrix = self.attendance.astype(np.float32)
        shared: Ints = np.rint(matrix.T @ matrix).astype(np.int64)
        np.fill_diagonal(shared, 0)
        return shared

    @cached_property
    def apart(self) -> Bits:
        """[E, E] true for two events that must not be in one slot."""
        if self.speaker is None:
            return self.together > 0
        same: Bits = self.speaker[:, None] == self.speaker[None, :]
        np.fill_diagonal(same, val=False)
        return same


@dataclass(frozen=True, eq=False)
class Solution:
    """The slot and the room of every event, both `UNPLACED` where it has none."""

    slot: Ints  # [E]
    room: Ints  # [E]

    @property
    def unplaced(self) -> int:
        """How many events have no slot."""
        return int((self.slot == UNPLACED).sum())


def empty(instance: EnrolmentInstance) -> Solution:
    """Nothing placed."""
    return Solution(np.full(instance.events, UNPLACED, np.int64), np.full(instance.events, UNPLACED, np.int64))
