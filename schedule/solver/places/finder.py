"""Where could a session go? Asked of a timetable that changes while sessions move.

For a place alone the answer is that of `explain.why_not`, which reads rule by rule and measures the whole timetable;
here all starts and rooms are answered at once, by arrays over the sessions beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from schedule.solver.problem import Interval, Placement, Problem, Timetable, Weights

from .costs import PlaceCosts
from .grid import PlaceGrid
from .others import Others, TimetablePlaces
from .rules import PlaceRules
from .table import Ints, SessionTable


class PlaceFinder:
    """One timetable; `where` is moved session by session, and every answer is about where they are then."""

    def __init__(
        self,
        problem: Problem,
        timetable: Timetable,
        *,
        table: SessionTable | None = None,
        weights: Weights | None = None,
    ) -> None:
        """`table` is the problem's, where it has been read already."""
        self.problem = problem
        self.weights = weights or problem.weights
        self.table = SessionTable(problem) if table is None else table
        self.where = TimetablePlaces(self.table, timetable)
        self._rooms: Ints = np.arange(len(self.table.rooms))

    def starts(self, session: str, day: date) -> list[int]:
        """The starts on a day at which the session lies within the opening hours, on the grid; where it is now and
        where it is fixed belong to them. Raises KeyError for an unknown code."""
        length = self.table.reader.sessions[session].duration
        given = {self.table.reader.sessions[session].fixed_start}
        given |= {pin.start for pin in self.table.reader.pins.get(session, ())}
        now = self.where.at(session)
        given.add(now.start if now else None)
        slot = self.problem.rules.slot_minutes
        found: set[int] = set()
        for window in self.problem.windows:
            if window.day == day:
                first = -(-window.hours.start // slot) * slot
                found.update(range(first, window.hours.end, slot))
                found.update(start for start in given if start is not None and _within(window.hours, start))
        return sorted(start for start in found if self._is_open(Interval(start, start + length)))

    def _is_open(self, during: Interval) -> bool:
        return any(hours.contains(during) for hours in self.table.reader.hours)

    def of_day(self, session: str, day: date) -> PlaceGrid:
        """All starts and rooms of a day. Raises KeyError for an unknown code."""
        return self.places(session, self.starts(session, day))

    def places(self, session: str, starts: Iterable[int]) -> PlaceGrid:
        """Each of these starts in every room. Raises KeyError for an unknown code."""
        table = self.table
        one = table.reader.sessions[session]
        others = Others(self.where, session)
        at = np.array(sorted(starts), np.int64)
        rules, costs = PlaceRules(table, one), PlaceCosts(table, one)
        now = self._now(costs, others)
        added = costs.added(at, at + one.duration, others, self._rooms)
        terms = {name: units - now.get(name, 0) for name, units in added.items()}
        prices = np.zeros((len(at), len(table.rooms)), np.int64)
        for name, units in terms.items():
            prices += getattr(self.weights, name) * units
        return PlaceGrid(
            session,
            one.duration,
            tuple(at.tolist()),
            tuple(table.room_number),
            tuple(table.number),
            rules.broken(at, others, self._rooms),
            terms,
            prices,
            rules.in_the_way(at, others, self._rooms),
        )

    def _now(self, costs: PlaceCosts, others: Others) -> dict[str, int]:
        """What the session adds to each term where it is; nothing where it has no place."""
        now = self.where.at(costs.session.code)
        return {} if now is None else self.added(costs, now, others)

    def added(self, costs: PlaceCosts, placement: Placement, others: Others) -> dict[str, int]:
        """What a session adds to each term at one place."""
        start, end = (np.array([minute], np.int64) for minute in (placement.start, placement.end))
        room = np.array([self.table.room_number[placement.room]], np.int64)
        return {name: int(units[0, 0]) for name, units in costs.added(start, end, others, room).items()}


def _within(hours: Interval, start: int) -> bool:
    return hours.start <= start < hours.end
