"""Text for tables that somebody will open in a spreadsheet: the one guard against formulas (OWASP, CSV injection)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# The wide forms are typed by Korean and Japanese keyboards, and read as the others by spreadsheets there.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Cells that begin with these have been split, or what follows was taken for the beginning of one.
_BREAK = ("\t", "\r", "\n")
# Telephone numbers and plain numbers begin like formulas and can do nothing.
_NUMBER = re.compile(r"[+-]?[\d(][\d ()./-]*\Z")
# A cell of Excel holds no more (Excel specifications and limits).
MAX_CELL = 32_767


def inert(text: str) -> str:
    """`text` so that no spreadsheet computes it: an apostrophe goes before what could be a formula.

    "+41 44 668 18 00" stays readable as it is.
    """
    text = text[: MAX_CELL - 1]
    begins = text.lstrip(" \u00a0\u3000")
    if begins.startswith(_BREAK) or (begins.lstrip().startswith(_FORMULA) and not _NUMBER.match(text)):
        return f"'{text}"
    return text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as comma-separated values. Numbers stay numbers, everything else is inert text.

    Text is always quoted: where a spreadsheet splits at semicolons or tabs instead, nothing inside a cell can begin
    another one.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows(
        [cell if isinstance(cell, int | float) and not isinstance(cell, bool) else inert(str(cell)) for cell in row]
        for row in rows
    )
    return out.getvalue()
