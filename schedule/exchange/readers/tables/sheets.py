"""From rows of cells to records: sessions, rooms and people, a row each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from schedule.exchange.incoming.records import Gathering, HowToRead, Unreadable, What, at
from schedule.exchange.readers.tables.cells import CellTable, tables_of
from schedule.exchange.readers.tables.columns import IGNORED, about_of, columns_of, headings_of
from schedule.exchange.readers.tables.rows import PersonRows, RoomRows
from schedule.exchange.readers.tables.session_rows import SessionRows


@dataclass(frozen=True)
class Sheet:
    """One sheet with its headings and what its columns hold, as recognised or as organizers said."""

    name: str
    about: What
    headings: Sequence[str]
    columns: Sequence[str]
    first: int
    rows: Sequence[Sequence[str]]
    table: CellTable

    def sample(self, column: int) -> str:
        """What the first filled cell of a column says."""
        return next((row[column] for row in self.rows if column < len(row) and row[column].strip()), "")


@dataclass(frozen=True)
class Sheets:
    """A table file as it is read. `skipped` names sheets of which nobody could say what they are about."""

    sheets: Sequence[Sheet]
    skipped: Sequence[str]
    encoding: str

    @property
    def signature(self) -> str:
        """The same for files with the same headings."""
        said = "\n".join("\t".join([sheet.name, *sheet.headings]) for sheet in self.sheets)
        return f"table:{blake2b(said.encode(), digest_size=12).hexdigest()}"


def sheets_of(data: bytes, asked: HowToRead) -> Sheets:
    """Every sheet that can be read. Raises `Unreadable` where there is none."""
    tables = tables_of(data, encoding=asked.encoding)
    if not tables:
        raise Unreadable("no_rows")
    found, skipped = [], []
    for table in tables:
        sheet = _sheet(table, asked, is_alone=len(tables) == 1)
        if sheet is None:
            skipped.append(table.sheet)
        else:
            found.append(sheet)
    if not found:
        raise Unreadable("no_rows")
    return Sheets(found, [name for name in skipped if name], tables[0].encoding)


def _sheet(table: CellTable, asked: HowToRead, *, is_alone: bool) -> Sheet | None:
    given = asked.columns.get(table.sheet, ())
    told = next((What(one.partition(".")[0]) for one in given if one), None)
    about = told or about_of(table.sheet, table.rows, asked.languages) or (What.SESSION if is_alone else None)
    if about is None:
        return None
    number = headings_of(table.rows, about, asked.languages)
    if number is None:
        return None
    width = max(len(row) for row in table.rows[number:])
    headings = [*table.rows[number], *[""] * (width - len(table.rows[number]))]
    columns = columns_of(about, headings, asked.languages) if told is None else given
    columns = (*columns, *[IGNORED] * (width - len(columns)))[:width]
    return Sheet(
        table.sheet, about, [one.strip() for one in headings], columns, number + 2, table.rows[number + 1 :], table
    )


# As spreadsheets write into a cell that they cannot work out.
ERROR = re.compile(r"#(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!)|Err:\d{3}")
_READERS: Mapping[What, type[SessionRows | RoomRows | PersonRows]] = {
    What.ROOM: RoomRows,
    What.PERSON: PersonRows,
    What.SESSION: SessionRows,
}


def from_table(data: bytes, gathered: Gathering) -> Sheets:
    """Gather what the sheets say; those about rooms and people before those that name them."""
    read = sheets_of(data, gathered.asked)
    if read.encoding in ("cp949", "cp1252"):
        gathered.note("encoding", encoding=read.encoding)
    for name in read.skipped:
        gathered.note("sheet_skipped", name)
    for what, reader in _READERS.items():
        for sheet in read.sheets:
            if sheet.about is what:
                _read(sheet, reader, gathered)
    return read


def _read(sheet: Sheet, reader: type[SessionRows | RoomRows | PersonRows], gathered: Gathering) -> None:
    for heading, column in zip(sheet.headings, sheet.columns, strict=True):
        if column == IGNORED and heading:
            gathered.note("column_ignored", sheet.name, heading)
    for position, heading in enumerate(sheet.headings):
        filled_cells = sum(1 for row in sheet.rows if position < len(row) and row[position].strip())
        if not heading and sheet.columns[position] == IGNORED and filled_cells:
            gathered.note("column_without_heading", sheet.name, number=position + 1, count=filled_cells)
    doubled = [one for one, count in Counter(filter(None, sheet.columns)).items() if count > 1]
    if doubled:
        raise Unreadable("column_twice", columns=", ".join(doubled))
    for code, count in sheet.table.notes.items():
        gathered.note(code, sheet.name, count=count)
    rows = reader(gathered, dict(zip(sheet.columns, sheet.headings, strict=True)))
    for number, cells in enumerate(sheet.rows, sheet.first):
        filled = {
            column.partition(".")[2]: cell.strip()
            for column, cell in zip(sheet.columns, cells, strict=False)
            if column != IGNORED and cell.strip()
        }
        faults = [
            (column.partition(".")[2], *fault)
            for position, column in enumerate(sheet.columns)
            if column != IGNORED and (fault := _fault(sheet, number, position))
        ]
        if [cell.strip() for cell in cells] == list(sheet.headings[: len(cells)]) and filled:
            gathered.note("headings_again", at("row", number, sheet.name))
        elif faults:
            rows.refuse(faults, at("row", number, sheet.name))
        elif filled:
            rows.take(filled, at("row", number, sheet.name))


def _fault(sheet: Sheet, number: int, position: int) -> tuple[str, str] | None:
    """Why a cell has no value: the code of the sentence, and what is said. Separated values have errors as text."""
    row = sheet.rows[number - sheet.first]
    written = row[position].strip() if position < len(row) else ""
    if ERROR.fullmatch(written):
        return "cell_error", written
    return sheet.table.faults.get((number - 1, position))
