"""How far a search has come, from 0 to 1: by its work if it is alone, by the clock if it is one of several.

One worker makes a number of moves that follows from the seconds given, at a rate an ordinary core beats, so its
result does not depend on how busy the machine is. Only where the clock would cut it off does it hurry.
"""

from __future__ import annotations

from schedule.solver.budget import Deadline


class Pace:
    """The way from now to `until` (seconds of the deadline), or through `planned` proposals if that is given."""

    def __init__(self, deadline: Deadline, *, until: float, planned: float | None) -> None:
        self._deadline = deadline
        self._until = until
        self._planned = planned
        self._began = deadline.elapsed
        self._done = 0
        self.fraction = 0.0

    @property
    def over(self) -> bool:
        if self.fraction > 1 - 1e-9 or self._deadline.stopped:
            return True
        return not self._deadline.by_work and self._deadline.elapsed >= self._until

    def expected(self, speed: float) -> float:
        """The proposals it will be, at `speed` proposals a second where the clock decides."""
        return (self._until - self._began) * speed if self._planned is None else self._planned

    def advance(self, steps: int) -> None:
        """Note that `steps` proposals were made."""
        self._done += steps
        now = self._deadline.elapsed
        spent, left = now - self._began, max(1e-9, self._until - now)
        if self._planned is None:
            self.fraction = spent / (spent + left)
            return
        if self._deadline.by_work:
            self.fraction += steps / self._planned
            return
        step, each = steps / self._planned, spent / self._done
        ahead = (1 - self.fraction) * self._planned * each
        if spent > 1 and ahead > left + steps * each:
            step *= ahead / (left + steps * each)
        self.fraction += step
