"""Text that a spreadsheet must not compute."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from schedule.exchange.writers.cells import csv_text, inert


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "\n=1", "\tx", " \n x", "\u3000=1", "\u00a0@x", "  =1", "－1+x",
     "-2+3+cmd", "\t=1", "\r=1", "  =1+1", "＝1+1", '=HYPERLINK("http://x")', "+-1", "=", "-"],
)  # fmt: skip
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "Opening", "+41 44 668 18 00", "-5", "+82-62-613-2071", "1=1", "a@b.example", "-3.5"]
)
def test_ordinary_text_and_telephone_numbers_stay(text: str) -> None:
    assert inert(text) == text


def test_huge_text_is_cut_to_what_a_cell_holds() -> None:
    assert len(inert("=" + "x" * 50_000)) == 32_767


def test_texts_are_quoted_and_numbers_are_not() -> None:
    rows: list[list[object]] = [
        ["Name", "Seats"],
        ["=1+1", 7],
        ["a;=1+1", -1.5],
        ['b";=1+1', True],
        ["c\n=1", date(2017, 9, 14)],
    ]
    assert csv_text(rows) == (
        '"Name","Seats"\r\n"\'=1+1",7\r\n"a;=1+1",-1.5\r\n"b"";=1+1","True"\r\n"c\n=1","2017-09-14"\r\n'
    )


@pytest.mark.parametrize("separator", list(",;\t|"))
def test_no_cell_begins_inside_another_whatever_separates_them(separator: str) -> None:
    """As spreadsheets read: a field that is quoted ends only at its quote."""
    hostile = [f"a{one}=1+1" for one in ",;\t|\n\r"] + ['a";=1+1;"', '"=1+1"', 'a"\n"=1+1']
    for text in hostile:
        for row in csv.reader(io.StringIO(csv_text([[text, "end"]]), newline=""), delimiter=separator):
            assert not [cell for cell in row if cell.lstrip().startswith("=")]
