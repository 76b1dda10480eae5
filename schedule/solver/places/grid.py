"""All places for one session: free with what they cost, or impossible with the rules that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schedule.solver.problem import Placement

from .rules import BIT, Broken
from .table import Ints


@dataclass(frozen=True)
class PlaceVerdict:
    """One place. `rules` are those it would break, by the names of `verify`; none: it is free.

    `costs` are the terms that would change against where the session is now (or against a timetable without it), in
    units of the term, and `cost` their weighted sum. `taken_by` is the first session that takes the room then.
    """

    placement: Placement
    rules: tuple[str, ...]
    costs: dict[str, int]
    cost: int
    taken_by: str | None

    @property
    def is_free(self) -> bool:
        return not self.rules


@dataclass(frozen=True)
class PlaceGrid:
    """Places for a session of `duration` minutes: [start, room] tables."""

    session: str
    duration: int
    starts: tuple[int, ...]
    rooms: tuple[str, ...]
    codes: Sequence[str]
    """The sessions' codes by their numbers."""
    broken: Broken
    terms: Mapping[str, Ints]
    """Change of each term; tables that may be one wide or one high."""
    prices: Ints
    in_the_way: Ints

    def at(self, row: int, column: int) -> PlaceVerdict:
        """The place at the start and room with these indices."""
        bits, holder = int(self.broken[row, column]), int(self.in_the_way[row, column])
        start = self.starts[row]
        units = {name: int(_cell(table, row, column)) for name, table in self.terms.items()}
        return PlaceVerdict(
            Placement(self.session, start, start + self.duration, self.rooms[column]),
            tuple(rule for rule, bit in BIT.items() if bits & bit),
            {name: value for name, value in units.items() if value},
            int(self.prices[row, column]),
            None if holder < 0 else self.codes[holder],
        )

    def best(self, count: int) -> list[PlaceVerdict]:
        """The cheapest free places, the cheapest first; of equal ones the earliest, then by the order of the rooms."""
        rows, columns = np.nonzero(self.broken == 0)
        order = np.argsort(self.prices[rows, columns], kind="stable")[:count]
        return [self.at(int(rows[index]), int(columns[index])) for index in order]

    @property
    def free(self) -> int:
        """How many places break no rule."""
        return int(np.count_nonzero(self.broken == 0))


def _cell(table: Ints, row: int, column: int) -> int:
    height, width = table.shape
    return int(table[row if height > 1 else 0, column if width > 1 else 0])
