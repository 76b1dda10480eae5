"""Cells of the timetable grid."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from website.programme.grid import Cell, GridItem, lay_out, written

NUMBERS = Path("static/timetable/numbers.css").read_text(encoding="utf-8")
NINE = datetime(2026, 5, 1, 9, tzinfo=UTC)


def item(code: str, start: int, minutes: int, room: str, parts: tuple[str, ...] = ()) -> GridItem:
    begin = NINE + timedelta(minutes=start)
    return GridItem(code, begin, begin + timedelta(minutes=minutes), room, parts)


def test_parallel_sessions_get_a_column_each_and_a_lone_one_goes_across() -> None:
    grid = lay_out([item("A", 0, 60, "R1"), item("B", 30, 30, "R2"), item("L", 60, 60, "R9")], ["R1", "R2", "R9"])
    assert grid is not None
    assert (grid.rooms, grid.slot_minutes) == (("R1", "R2"), 30)
    assert grid.cells == {"A": Cell(1, 2, 1, 1), "B": Cell(2, 1, 2, 1), "L": Cell(3, 2, 1, 2)}


def test_joined_room_goes_across_its_parts_where_they_have_columns() -> None:
    day = [
        item("A", 0, 60, "R1"),
        item("B", 0, 60, "R2"),
        item("J", 60, 60, "R12", ("R1", "R2")),
        item("C", 60, 60, "R3"),
    ]
    grid = lay_out(day, ["R1", "R2", "R12", "R3"])
    assert grid is not None
    assert (grid.rooms, grid.cells["J"]) == (("R1", "R2", "R3"), Cell(2, 1, 1, 2))


def test_joined_room_has_a_column_of_its_own_where_its_parts_are_not_used() -> None:
    grid = lay_out([item("J", 0, 60, "R12", ("R1", "R2")), item("C", 0, 60, "R3")], ["R1", "R2", "R12", "R3"])
    assert grid is not None
    assert grid.rooms == ("R12", "R3")


def test_nothing_placed_has_no_grid() -> None:
    assert lay_out([], ["R1"]) is None


def test_two_sessions_in_one_room_at_once_have_no_grid() -> None:
    assert lay_out([item("A", 0, 60, "R1"), item("B", 30, 60, "R1")], ["R1"]) is None


@pytest.mark.parametrize("number", [1, 2, 3, 100, 301, 16_383])
def test_a_number_is_written_as_the_powers_that_the_style_sheet_knows(number: int) -> None:
    powers = written(number).split()
    assert sum(map(int, powers)) == number
    for name in ("row", "span", "col", "across", "columns"):
        assert [
            power for power in powers if f'[data-{name}~="{power}"] {{ --{name}-{power}: {power}; }}' not in NUMBERS
        ] == []
        added = re.search(rf"\n    \[data-{name}\] \{{\n      --{name}: calc\((.*?)\n      \);", NUMBERS, re.S)
        assert added is not None
        assert [power for power in powers if f"var(--{name}-{power}, 0)" not in added[1]] == []


def test_there_is_no_limit_to_rooms_and_slots() -> None:
    day = [item(f"S{n}", n, 2, f"R{n}") for n in range(1000)]
    grid = lay_out(day, [one.room for one in day])
    assert grid is not None
    assert (len(grid.rooms), grid.cells["S999"]) == (1000, Cell(1000, 2, 1000, 1))
