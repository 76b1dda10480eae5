"""Workbooks to fill in: sheets with headings, and a remark on each that says what goes below."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from schedule.exchange.writers.cells import inert

AUTHOR = "Plenary"
_WIDTH = 24


def blank_xlsx(sheets: Mapping[str, Sequence[tuple[str, str]]]) -> bytes:
    """A workbook with these sheets, each a sequence of headings with their remarks; an empty remark is none."""
    book = Workbook()
    book.properties.creator = AUTHOR
    book.remove(book.worksheets[0])
    for title, columns in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append([inert(heading) for heading, _remark in columns])
        for number, (_heading, remark) in enumerate(columns, start=1):
            cell = sheet.cell(1, number)
            cell.font = Font(bold=True)
            if remark:
                cell.comment = Comment(remark, AUTHOR, height=90, width=260)
            sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
        sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
