"""timetable.xlsx: a workbook to print. A sheet for each day with rooms across and times down, and a list of everything.

Pages lie across, are as wide as the paper, and repeat their headings.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import UTC

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.exchange.writers.cells import inert
from schedule.exchange.writers.plain_text import columns as columns_of
from schedule.exchange.writers.plain_text import shown
from schedule.exchange.writers.printed.grid import GridTable, day_tables
from schedule.exchange.writers.wording import about, span
from schedule.exchange.writers.workbook import without_clock

# Rooms on one page; more are on another sheet.
MOST_ROOMS = 8
_A4 = 9  # ST_PaperSize (ECMA-376, 18.3.1.63)
_TIME_WIDTH, _PAGE_WIDTH, _WIDEST = 8, 130, 44
_LINE_POINTS = 13.5
# What a sheet may not be called, and how long at most (Excel specifications and limits).
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_HEADING = 2  # the row of the rooms; above it stands the day
_LINE = Side(style="thin", color="C9CDD6")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_TINT = PatternFill("solid", start_color="F1F2F6")
_TOP = Alignment(vertical="top", wrap_text=True)


def timetable_xlsx(programme: PublishedProgramme, language: str) -> bytes:
    """The workbook in one language. The same bytes for the same programme."""
    book = Workbook()
    published_at = programme.published_at.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator = "Plenary"
    book.properties.created = published_at
    book.properties.title = shown(programme.name.in_language(language))
    with override(language):
        for day in programme.days:
            tables = day_tables(day.sessions, programme.rooms, MOST_ROOMS)
            for number, table in enumerate(tables, 1):
                sheet = book.create_sheet(_sheet_name(day, number, len(tables)))
                _grid(sheet, day, table, language)
                _for_paper(sheet, programme, language)
        _list(book.worksheets[0], programme, language)
        _for_paper(book.worksheets[0], programme, language)
    book.move_sheet(book.worksheets[0], offset=len(book.worksheets) - 1)
    book.active = 0
    file = io.BytesIO()
    book.save(file)
    return without_clock(file.getvalue(), published_at)


def _sheet_name(day: PublishedDay, number: int, count: int) -> str:
    name = f"{day.date:%Y-%m-%d} {date_format(day.date, 'D')}"
    more = f" ({number})" if count > 1 else ""
    return _FORBIDDEN.sub(" ", name)[: _LONGEST_NAME - len(more)] + more


def _grid(sheet: Worksheet, day: PublishedDay, table: GridTable, language: str) -> None:
    width = min(_WIDEST, (_PAGE_WIDTH - _TIME_WIDTH) // max(1, len(table.rooms)))
    _put(sheet, 1, 1, date_format(day.date, _("l, j F Y"))).font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = _TIME_WIDTH
    _put(sheet, _HEADING, 1, _("Time")).font = Font(bold=True)
    for number, room in enumerate(table.rooms, 2):
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell = _put(sheet, _HEADING, number, room.name.in_language(language))
        cell.font, cell.alignment, cell.border = Font(bold=True), _TOP, _BORDER
    for number, moment in enumerate(table.moments, _HEADING + 1):
        _put(sheet, number, 1, f"{moment:%H:%M}").alignment = _TOP
    lines = [1.0] * len(table.moments)
    for one in table.cells:
        row, column = one.row + _HEADING + 1, one.column + 2
        text = _cell_text(one.session.title.in_language(language) or one.session.code, span(one.session))
        cell = _put(sheet, row, column, text)
        cell.alignment, cell.fill = _TOP, _TINT
        last_row, last_column = row + one.rows - 1, column + one.columns - 1
        for framed in sheet.iter_rows(row, last_row, column, last_column):
            for part in framed:
                part.border = _BORDER
        if (last_row, last_column) != (row, column):
            sheet.merge_cells(start_row=row, end_row=last_row, start_column=column, end_column=last_column)
        # Spreadsheets find the height of no row from merged cells.
        need = _lines(text, width * one.columns) / one.rows
        lines[one.row : one.row + one.rows] = [max(need, has) for has in lines[one.row : one.row + one.rows]]
    for number, count in enumerate(lines, _HEADING + 1):
        sheet.row_dimensions[number].height = _LINE_POINTS * count + 3
    sheet.freeze_panes = f"B{_HEADING + 1}"
    sheet.print_title_rows = f"1:{_HEADING}"
    sheet.print_title_cols = "A:A"


def _cell_text(*parts: str) -> str:
    return "\n".join(shown(part) for part in parts if part)


def _lines(text: str, width: int) -> int:
    return sum(max(1, math.ceil(columns_of(line) / (width - 1))) for line in text.split("\n"))


def _list(sheet: Worksheet, programme: PublishedProgramme, language: str) -> None:
    sheet.title = _FORBIDDEN.sub(" ", _("List"))[:_LONGEST_NAME]
    headings: Sequence[tuple[str, int]] = (
        (_("Day"), 14),
        (_("Time"), 13),
        (_("Room"), 20),
        (_("Title"), 48),
        (_("Kind"), 30),
        (_("People"), 34),
    )
    for number, (heading, width) in enumerate(headings, 1):
        cell = _put(sheet, 1, number, heading)
        cell.font, cell.border = Font(bold=True), _BORDER
        sheet.column_dimensions[get_column_letter(number)].width = width
    listed = [(day, session) for day in programme.days for session in day.sessions]
    for row, (day, session) in enumerate(listed, 2):
        values = (
            date_format(day.date, _("D j")),
            span(session),
            session.room.name.in_language(language),
            session.title.in_language(language) or session.code,
            " · ".join(about(session, language)),
            ", ".join(person.name.in_language(language) for person in session.people),
        )
        for number, value in enumerate(values, 1):
            held = _put(sheet, row, number, value)
            held.alignment, held.border = _TOP, _BORDER
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Text, and never a formula: openpyxl takes for one what begins with "="."""
    cell = sheet.cell(row, column, inert(text))
    if not isinstance(cell, Cell):
        raise TypeError("Two sessions are in one cell.")
    cell.data_type = "s"
    return cell


def _for_paper(sheet: Worksheet, programme: PublishedProgramme, language: str) -> None:
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, 0.5)
    release = _("Release %(number)d of %(time)s") % {
        "number": programme.number,
        "time": f"{programme.published_at:%Y-%m-%d %H:%M}",
    }
    name = _plain_footer(programme.name.in_language(language) or programme.slug)
    texts = (name, _plain_footer(release), "&P / &N")
    left, center, right = (_HeaderFooterPart(text=text) for text in texts)
    sheet.oddFooter = HeaderFooterItem(left=left, center=center, right=right)


def _plain_footer(text: str) -> str:
    """An ampersand begins a code in footers (ECMA-376, 18.3.1.46), unless it is doubled; and 255 characters are all."""
    return shown(text)[:60].replace("&", "&&")
