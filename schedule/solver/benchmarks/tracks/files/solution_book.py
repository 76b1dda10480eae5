"""Write and read the solution workbook of the CoSPLib checker: its first sheet, by position."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from schedule.solver.benchmarks.tracks.instance import Name, Schedule, TracksInstance

from .grid import SheetGrid, load_grids

SHEET = "sol"


def write_timetable(instance: TracksInstance, schedule: Schedule) -> bytes:
    """The workbook as bytes: sessions x rooms with their tracks, an empty row, then slots x rooms with submissions."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    rows: list[list[Name | None]] = [[None, *instance.rooms]]
    for session, tracks in zip(instance.sessions, schedule.tracks, strict=True):
        rows.append([session.name, *(None if track is None else instance.tracks[track].name for track in tracks)])
    rows.append([])
    for session, cells in zip(instance.sessions, schedule.slots, strict=True):
        rows.extend(
            [session.name, *(None if i is None else instance.submissions[i].name for i in submissions)]
            for submissions in zip(*cells, strict=True)
        )
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    # A name that starts with "=" is a name, not a formula.
                    cell.data_type = "s"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def read_timetable(instance: TracksInstance, source: Path | str) -> Schedule:
    """Read such a workbook, for this instance. Raises FormatError naming sheet, cell and reason; OSError."""
    grid = next(iter(load_grids(source).values()))
    sessions, rooms = instance.sessions, instance.rooms
    first_slot = len(sessions) + 3
    slots = sum(session.slots for session in sessions)
    height, width = first_slot - 1 + slots, len(rooms) + 1
    if grid.height > height:
        raise grid.fail(grid.height, 1, f"there are {len(sessions)} sessions with {slots} slots: nothing may follow")
    if grid.width > width:
        raise grid.fail(1, grid.width, f"there are {len(rooms)} rooms: nothing may follow")
    for r, room in enumerate(rooms):
        _expect(grid, 1, r + 2, room, "room")
    track_index = {track.name: number for number, track in enumerate(instance.tracks)}
    submission_index = {submission.name: number for number, submission in enumerate(instance.submissions)}
    tracks: list[tuple[int | None, ...]] = []
    cells: list[tuple[tuple[int | None, ...], ...]] = []
    row = first_slot
    for s, session in enumerate(sessions):
        _expect(grid, s + 2, 1, session.name, "session")
        tracks.append(tuple(_index(grid, s + 2, r + 2, track_index, "track") for r in range(len(rooms))))
        for k in range(session.slots):
            _expect(grid, row + k, 1, session.name, "session")
        cells.append(
            tuple(
                tuple(_index(grid, row + k, r + 2, submission_index, "submission") for k in range(session.slots))
                for r in range(len(rooms))
            )
        )
        row += session.slots
    for column in range(1, width + 1):
        if grid.value(len(sessions) + 2, column) is not None:
            raise grid.fail(len(sessions) + 2, column, "the row between sessions and slots must be empty")
    return Schedule(tuple(tracks), tuple(cells))


def _expect(grid: SheetGrid, row: int, column: int, name: Name, what: str) -> None:
    if grid.value(row, column) != name:
        raise grid.fail(row, column, f"must be the {what} {name!r}, not {grid.value(row, column)!r}")


def _index(grid: SheetGrid, row: int, column: int, names: dict[Name, int], what: str) -> int | None:
    if grid.value(row, column) is None:
        return None
    name = grid.name(row, column, what)
    if name not in names:
        raise grid.fail(row, column, f"{name!r} is no {what} of the instance")
    return names[name]
