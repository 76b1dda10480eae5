"""timetable.xlsx: a workbook that prints well, and computes nothing."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from schedule.exchange.writers.printed.room_sheets import timetable_xlsx
from tests.present import present
from tests.schedule.exchange.writers.factories import hall, programme, session
from tests.scripts import HOSTILE, NAMES


def test_a_sheet_for_each_day_and_a_list_each_ready_for_the_printer() -> None:
    whole = programme([session("A", "Opening", minutes=120), session("B", "Side event", "10:30", 30, hall("Loft"))])
    book = openpyxl.load_workbook(io.BytesIO(timetable_xlsx(whole, "en")))
    assert [sheet.title for sheet in book] == ["2027-03-27 Sat", "List"]
    grid, listed = book.worksheets
    assert [list(row) for row in grid.iter_rows(values_only=True)] == [
        ["Saturday, 27 March 2027", None, None],
        ["Time", "Hall", "Loft"],
        ["10:00", "Opening\n10:00–12:00", None],
        ["10:30", None, "Side event\n10:30–11:00"],
        ["11:00", None, None],
    ]
    assert [str(one) for one in grid.merged_cells.ranges] == ["B3:B5"]
    assert [row[:4] for row in listed.iter_rows(min_row=2, values_only=True)] == [
        ("Sat 27", "10:00–12:00", "Hall", "Opening"),
        ("Sat 27", "10:30–11:00", "Loft", "Side event"),
    ]
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 0)
        assert present(sheet.sheet_properties.pageSetUpPr).fitToPage is True
    assert (grid.print_title_rows, grid.print_title_cols, listed.print_title_rows) == ("$1:$2", "$A:$A", "$1:$1")


def test_many_rooms_are_on_several_sheets() -> None:
    sessions = [replace(session(f"S{number}", "Talk"), room=hall(f"Room {number}")) for number in range(9)]
    book = openpyxl.load_workbook(io.BytesIO(timetable_xlsx(programme(sessions), "en")))
    assert [sheet.title for sheet in book] == ["2027-03-27 Sat (1)", "2027-03-27 Sat (2)", "List"]


def test_rows_are_high_enough_for_what_is_merged_over_them() -> None:
    long = session("A", "A long title " * 12)
    sheet = openpyxl.load_workbook(io.BytesIO(timetable_xlsx(programme([long]), "en"))).worksheets[0]
    assert sheet.row_dimensions[3].height > 50


@pytest.mark.parametrize("written", [*NAMES.values(), *HOSTILE.values()])
def test_nothing_computes_in_any_script_and_bytes_are_the_same(written: str) -> None:
    whole = programme([session("S", written, room=hall(written))], name=f"A&B {written}")
    made = timetable_xlsx(whole, "en")
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell for cell in cells if cell.data_type != "s"] == []
    assert str(present(book.worksheets[0].oddFooter).left.text).startswith("A&&B")
    assert timetable_xlsx(whole, "en") == made
