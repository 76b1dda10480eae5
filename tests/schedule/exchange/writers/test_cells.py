"""Text that a spreadsheet must not compute."""

from __future__ import annotations

import pytest

from schedule.exchange.writers.cells import inert


@pytest.mark.parametrize(
    "text",
    ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0",
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
