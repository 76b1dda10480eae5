"""The workbook of a solution: written as the checker of the project reads it, read back, refused with a place."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schedule.solver.benchmarks.tracks.files.solution_book import read_timetable, write_timetable
from schedule.solver.benchmarks.tracks.files.workbook import read
from schedule.solver.benchmarks.tracks.instance import TracksInstance
from schedule.solver.errors import FormatError
from tests.schedule.solver.benchmarks.tracks.books import EXAMPLE_SOLUTION, example, save, schedule


@pytest.fixture
def instance(tmp_path: Path) -> TracksInstance:
    return read(save(tmp_path / "example.xlsx", example()))


def test_write_is_by_position(instance: TracksInstance) -> None:
    solution = schedule(instance, {(0, 0): (0, [0]), (0, 1): (1, [2]), (1, 0): (0, [1, 1])})
    sheet = load_workbook(BytesIO(write_timetable(instance, solution))).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows == [row + [None] * (3 - len(row)) for row in EXAMPLE_SOLUTION]
    assert sheet.title == "sol"


def test_read_gives_back_what_was_written(instance: TracksInstance, tmp_path: Path) -> None:
    solution = schedule(instance, {(0, 0): (0, [None, 0]), (1, 1): (1, [2]), (1, 0): (0, [1, 1])})
    path = tmp_path / "solution.xlsx"
    path.write_bytes(write_timetable(instance, solution))
    assert read_timetable(instance, path) == solution


def test_read_keeps_a_schedule_that_is_wrong(instance: TracksInstance, tmp_path: Path) -> None:
    rows = [row.copy() for row in EXAMPLE_SOLUTION]
    rows[2] = ["S2"]
    expected = schedule(instance, {(0, 0): (0, [0]), (0, 1): (1, [2]), (1, 0): (None, [1, 1])})
    assert read_timetable(instance, save(tmp_path / "solution.xlsx", {"any name": rows})) == expected


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (1, 2, "R2", "cell B1: must be the room 'R1', not 'R2'"),
        (1, 4, "R3", "cell D1: there are 2 rooms: nothing may follow"),
        (3, 1, "S1", "cell A3: must be the session 'S2', not 'S1'"),
        (2, 2, "C", "cell B2: 'C' is no track of the instance"),
        (4, 2, "A", "cell B4: the row between sessions and slots must be empty"),
        (5, 3, "b2", "cell C5: 'b2' is no submission of the instance"),
        (8, 1, None, "cell A8: must be the session 'S2', not None"),
        (9, 1, "S2", "cell A9: there are 2 sessions with 4 slots: nothing may follow"),
    ],
)
def test_read_says_where_and_why(
    instance: TracksInstance, tmp_path: Path, *, row: int, column: int, value: str | None, message: str
) -> None:
    path = save(tmp_path / "solution.xlsx", {"sol": EXAMPLE_SOLUTION})
    read_timetable(instance, path)
    book = load_workbook(path)
    book["sol"].cell(row, column).value = value
    book.save(path)
    with pytest.raises(FormatError) as refused:
        read_timetable(instance, path)
    assert str(refused.value) == f"sheet 'sol': {message}"
