"""Text that goes into a table somebody will open in a spreadsheet."""

from __future__ import annotations

import re

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Telephone numbers and plain numbers begin like formulas and are none.
_NUMBER = re.compile(r"[+-]?[\d(][\d ()./-]*\Z")
# A cell of Excel holds no more (Excel specifications and limits).
MAX_CELL = 32_767


def inert(text: str) -> str:
    """`text` so that no spreadsheet computes it: an apostrophe goes before what could be a formula.

    "+41 44 668 18 00" stays readable as it is.
    """
    text = text[: MAX_CELL - 1]
    if text.lstrip(" \n").startswith(_FORMULA) and not _NUMBER.match(text):
        return f"'{text}"
    return text
