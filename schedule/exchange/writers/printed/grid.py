"""A day as a table to print: a row between any two moments at which something begins or ends, a column a room.

Where sessions share a room at the same time, the room has several columns. A day with many rooms goes over several
tables; what runs alone is in each of them, across all columns.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from schedule.domain.published.values import PublishedRoom, PublishedSession

# More columns of a page across cannot be read.
MOST_COLUMNS = 6


@dataclass(frozen=True)
class GridCell:
    """Rows and columns count from 0; the heading is none of them."""

    session: PublishedSession
    row: int
    rows: int
    column: int
    columns: int = 1


@dataclass(frozen=True)
class GridTable:
    rooms: tuple[PublishedRoom, ...]
    # When each row begins.
    moments: tuple[datetime, ...]
    cells: tuple[GridCell, ...]


@dataclass
class _Column:
    room: PublishedRoom
    sessions: list[PublishedSession] = field(default_factory=list)


def day_tables(
    sessions: Sequence[PublishedSession], rooms: Sequence[PublishedRoom], most: int = MOST_COLUMNS
) -> list[GridTable]:
    """The tables of one day, each with at most `most` columns. O(n log n) for each room."""
    in_order = sorted(sessions, key=lambda session: (session.start.timestamp(), session.end.timestamp(), session.code))
    alone = _alone(in_order)
    columns = _columns([one for one in in_order if one.guid not in alone], rooms)
    if not columns:
        columns = [_Column(room) for room in rooms if any(one.room.code == room.code for one in in_order)][:1]
    parts = -(-len(columns) // most)
    size = -(-len(columns) // parts)
    shown_in_all = [one for one in in_order if one.guid in alone]
    return [_table(columns[first : first + size], shown_in_all) for first in range(0, len(columns), size)]


def _alone(in_order: Sequence[PublishedSession]) -> set[uuid.UUID]:
    """What nothing else runs beside. Sorted by their start, so only the latest end so far and the next start matter."""
    found = set()
    latest = float("-inf")
    for number, session in enumerate(in_order):
        following = in_order[number + 1].start.timestamp() if number + 1 < len(in_order) else float("inf")
        if latest <= session.start.timestamp() and session.end.timestamp() <= following:
            found.add(session.guid)
        latest = max(latest, session.end.timestamp())
    return found


def _columns(in_order: Sequence[PublishedSession], rooms: Sequence[PublishedRoom]) -> list[_Column]:
    columns: list[_Column] = []
    for room in rooms:
        of_room: list[_Column] = []
        for session in in_order:
            if session.room.code != room.code:
                continue
            free = next((one for one in of_room if one.sessions[-1].end.timestamp() <= session.start.timestamp()), None)
            if free is None:
                free = _Column(room)
                of_room.append(free)
            free.sessions.append(session)
        columns += of_room
    return columns


def _table(columns: Sequence[_Column], across: Sequence[PublishedSession]) -> GridTable:
    shown = [*across, *(session for column in columns for session in column.sessions)]
    # As instants: an hour that the clocks show twice is there twice.
    instants = sorted({moment.timestamp() for session in shown for moment in (session.start, session.end)})
    row_of = {instant: number for number, instant in enumerate(instants)}
    clocks = {moment.timestamp(): moment for session in shown for moment in (session.start, session.end)}

    def cell(session: PublishedSession, column: int, width: int) -> GridCell:
        row = row_of[session.start.timestamp()]
        return GridCell(session, row, row_of[session.end.timestamp()] - row, column, width)

    cells = [cell(session, 0, len(columns)) for session in across]
    cells += [cell(session, number, 1) for number, column in enumerate(columns) for session in column.sessions]
    return GridTable(
        tuple(column.room for column in columns), tuple(clocks[one] for one in instants[:-1]), tuple(cells)
    )
