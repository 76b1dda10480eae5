"""One conflict: what is wrong, who and what it touches. What it is in words says `sentences`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schedule.conflicts.index import ProblemIndex
from schedule.conflicts.kinds import ABOUT_ROOMS, ConflictKind, Level
from schedule.solver.problem import Interval, Placement

Detail = int | str | tuple[str, ...] | tuple[Interval, ...]

_LEVEL_ORDER: Final = {Level.BLOCK: 0, Level.WARN: 1, Level.IGNORE: 2}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something wrong with a timetable.

    `sessions` and `rooms` are sorted codes; `when` is the stretch of time that is contested (None for an unplaced
    session). `details` holds the figures of the kind, in minutes, seats or codes. `placements` (in order of time)
    and `index` are context for the sentence and do not take part in comparisons.
    """

    kind: ConflictKind
    level: Level
    sessions: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    person: str | None = None
    body: str | None = None
    when: Interval | None = None
    details: Mapping[str, Detail] = field(default_factory=dict, hash=False)
    placements: tuple[Placement, ...] = field(default=(), compare=False, repr=False)
    index: ProblemIndex = field(kw_only=True, compare=False, repr=False)

    @property
    def key(self) -> str:
        """Stable name of this conflict, at most 64 characters: equal before and after a change that does not solve it.

        Made of the kind, the sessions, the person or body and, where the kind is about rooms, the rooms; never of
        times or figures, so a dismissal holds while both sessions move by a quarter of an hour.
        """
        parts = [
            *self.sessions,
            "",
            *(self.rooms if self.kind in ABOUT_ROOMS else ()),
            "",
            self.person or "",
            self.body or "",
        ]
        if self.kind is ConflictKind.ORDER:
            # A after B and B after A touch the same sessions and are two conflicts.
            parts.append(str(self.details["earlier"]))
        digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
        return f"{self.kind}-{digest}"

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Order of lists: level, time (unplaced sessions last), then kind and objects, so that ties are stable."""
        start, end = (self.when.start, self.when.end) if self.when else (float("inf"), float("inf"))
        names = (self.kind, self.sessions, self.rooms, self.person or "", self.body or "")
        return (_LEVEL_ORDER[self.level], start, end, *names, str(self.details.get("earlier", "")))
