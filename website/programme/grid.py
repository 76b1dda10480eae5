"""Where the cells of a day's timetable stand: rows are slots, columns are rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import gcd

from values.instants import minutes_between


@dataclass(frozen=True, slots=True)
class GridItem:
    """One placed session. `room` is a room code, `parts` the codes it is joined from (empty for a single room)."""

    code: str
    start: datetime
    end: datetime
    room: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    row: int
    span: int
    col: int
    across: int


@dataclass(frozen=True, slots=True)
class TimetableGrid:
    rooms: tuple[str, ...]
    cells: dict[str, Cell]
    rows: dict[datetime, int]
    """Start, in UTC -> row."""
    slot_minutes: int


def written(number: int) -> str:
    """A number as static/timetable/numbers.css reads it: the powers of two that make it up, the greatest first."""
    return " ".join(str(1 << bit) for bit in reversed(range(number.bit_length())) if number >> bit & 1)


def lay_out(items: Sequence[GridItem], room_order: Sequence[str]) -> TimetableGrid | None:
    """Cells for one day, or None where a grid would not help (nothing placed).

    A session or break beside which nothing else runs goes across all rooms. A joined room goes across its parts where
    these have columns and stand side by side; otherwise it has a column of its own. Two sessions in one room at the
    same time have no grid either: one card would hide the other.
    """
    if not items:
        return None
    # Two times of one zone are compared by what its clocks show, which they may show twice.
    items = [replace(item, start=item.start.astimezone(UTC), end=item.end.astimezone(UTC)) for item in items]
    alone = {
        item.code
        for item in items
        if not any(o.code != item.code and o.start < item.end and item.start < o.end for o in items)
    }
    single = {item.room for item in items if not item.parts and item.code not in alone}
    columns = set(single)
    for item in items:
        if item.parts and item.code not in alone and not (set(item.parts) & single):
            columns.add(item.room)
    columns |= {part for item in items if item.code not in alone and item.room not in columns for part in item.parts}
    ordered = tuple(room for room in room_order if room in columns) or (items[0].room,)
    position = {room: number for number, room in enumerate(ordered, start=1)}
    first = min(item.start for item in items)
    offsets = [minutes_between(first, moment) for item in items for moment in (item.start, item.end)]
    slot = gcd(*offsets) or 1
    cells: dict[str, Cell] = {}
    for item in items:
        row = minutes_between(first, item.start) // slot + 1
        span = max(1, minutes_between(item.start, item.end) // slot)
        if item.code in alone:
            col, across = 1, len(ordered)
        elif item.room in position:
            col, across = position[item.room], 1
        else:
            places = sorted(position[part] for part in item.parts)
            if places[-1] - places[0] != len(places) - 1:
                return None
            col, across = places[0], len(places)
        cells[item.code] = Cell(row, span, col, across)
    taken = [
        (row, col)
        for cell in cells.values()
        for row in range(cell.row, cell.row + cell.span)
        for col in range(cell.col, cell.col + cell.across)
    ]
    if len(taken) != len(set(taken)):
        return None
    rows = {item.start: cells[item.code].row for item in items}
    return TimetableGrid(ordered, cells, rows, slot)
