"""How far a search has come, from 0 to 1: by its work if it is alone, by the clock if it is one of several.

One worker makes a number of proposals that follows from the seconds given, at a rate an ordinary core beats, so its
result does not depend on how busy the machine is. Only where the clock would cut it off does it hurry.
"""

from __future__ import annotations

from ..budget import Deadline

PROPOSALS_PER_SECOND = 1_500_000.0
"""Of an ordinary core, estimated low (docs/solver-public.md has the measured ones)."""

ENTRIES_PER_SECOND = 3_000_000.0
"""Entries that the tabu search tries in a second, likewise."""


class Pace:
    """Steps of a search from its creation until the deadline."""

    def __init__(self, deadline: Deadline, *, planned: float | None) -> None:
        self._deadline = deadline
        self._planned = planned
        self._began = deadline.elapsed
        self._spent = 0
        self.fraction = 0.0

    @property
    def over(self) -> bool:
        return self.fraction >= 1 or self._deadline.left <= 0 or self._deadline.stopped

    def advance(self, steps: int) -> None:
        """Note that `steps` proposals were made."""
        self._spent += steps
        spent = self._deadline.elapsed - self._began
        if self._planned is None:
            self.fraction = spent / max(1e-9, spent + self._deadline.left)
            return
        step = steps / self._planned
        per_proposal = spent / self._spent
        needed = (1 - self.fraction) * self._planned * per_proposal
        if needed > self._deadline.left and spent > 1:
            step *= needed / max(1e-9, self._deadline.left)
        self.fraction += step
