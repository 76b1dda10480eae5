"""Sheets of a workbook as plain grids of values, and checked access to their cells.

Every refusal names the sheet, the cell and the reason. Nothing is guessed: a formula whose value is not stored, a
number where text is expected or an empty row inside a table is an error.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from schedule.solver.benchmarks.tracks.instance import Name
from schedule.solver.errors import FormatError

_ZONE = re.compile(r"GMT([+-])(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_FORMULA = re.compile(rb"<f[ />]")


class SheetGrid:
    """The cells of one sheet without the empty rows and columns at its end. Rows and columns count from 1."""

    def __init__(self, title: str, rows: Iterable[Iterable[Any]]) -> None:
        self.title = title
        cells = [[None if value == "" else value for value in row] for row in rows]
        for row in cells:
            while row and row[-1] is None:
                row.pop()
        while cells and not cells[-1]:
            cells.pop()
        self._cells = cells
        self.height = len(cells)
        self.width = max(map(len, cells), default=0)

    def value(self, row: int, column: int) -> Any:
        """The value of a cell; None if it is empty or outside."""
        if row > self.height or column > len(self._cells[row - 1]):
            return None
        return self._cells[row - 1][column - 1]

    def fail(self, row: int, column: int, message: str) -> FormatError:
        return FormatError(f"sheet {self.title!r}", f"cell {get_column_letter(column)}{row}", message)

    def whole(self, row: int, column: int, *, minimum: int = 0, empty: int | None = None) -> int:
        """A whole number of at least `minimum`; `empty` is what an empty cell means, None that it must be filled."""
        value = self.value(row, column)
        if value is None and empty is not None:
            return empty
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < minimum:
            raise self.fail(row, column, f"must be a whole number of at least {minimum}, not {_shown(value)}")
        return value

    def name(self, row: int, column: int, what: str) -> Name:
        """A name: text as it stands, or a whole number."""
        value = self.value(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.fail(row, column, f"must be the name of a {what}, not {_shown(value)}")
        return value

    def people(self, row: int, column: int) -> tuple[str, ...]:
        """Names separated by comma and space; an empty cell is nobody."""
        value = self.value(row, column)
        if value is None:
            return ()
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.fail(row, column, f"must be names separated by a comma and a space, not {_shown(value)}")
        people = str(value).split(", ")
        if "" in people:
            raise self.fail(row, column, f"has an empty name between two commas: {_shown(value)}")
        return tuple(dict.fromkeys(people))

    def zone(self, row: int, column: int) -> int:
        """Hours ahead of GMT, from `GMT+k` or `GMT-k`."""
        value = self.value(row, column)
        match = _ZONE.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match[2]) > 12:
            raise self.fail(row, column, f"must be a time zone from GMT-12 to GMT+12, not {_shown(value)}")
        return int(match[1] + match[2])

    def minutes(self, row: int, column: int) -> int:
        """A time of the day in minutes; seconds are dropped."""
        value = self.value(row, column)
        if isinstance(value, datetime):
            value = value.time()
        if isinstance(value, time):
            return 60 * value.hour + value.minute
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            raise self.fail(row, column, f"must be a time of the day such as 09:30, not {_shown(value)}")
        return 60 * int(match[1]) + int(match[2])

    def names_down(self, what: str) -> dict[Name, int]:
        """The distinct names of column A from row 2 on -> index from 0."""
        return self._distinct([(row, 1) for row in range(2, self.height + 1)], what)

    def names_across(self, columns: Iterable[int], what: str) -> dict[Name, int]:
        """The distinct names of row 1 in these columns -> index from 0."""
        return self._distinct([(1, column) for column in columns], what)

    def _distinct(self, cells: list[tuple[int, int]], what: str) -> dict[Name, int]:
        names: dict[Name, int] = {}
        for row, column in cells:
            name = self.name(row, column, what)
            if name in names:
                raise self.fail(row, column, f"the {what} {name!r} stands here for the second time")
            names[name] = len(names)
        return names

    def table(
        self, down: dict[Name, int], across: dict[Name, int], what: tuple[str, str]
    ) -> tuple[tuple[int, ...], ...]:
        """The numbers of a table with names in column A and row 1, in the order of `down` and `across`."""
        rows = self.match(self.names_down(what[0]), down, what[0], down_the_sheet=True)
        columns = self.match(self.names_across(range(2, self.width + 1), what[1]), across, what[1], first=2)
        return tuple(tuple(self.whole(row, column, empty=0) for column in columns) for row in rows)

    def match(
        self,
        found: dict[Name, int],
        wanted: dict[Name, int],
        what: str,
        *,
        first: int = 2,
        down_the_sheet: bool = False,
    ) -> list[int]:
        """For every wanted name the row or column it has here; both sides must have the same names."""
        for name, index in found.items():
            if name not in wanted:
                place = (first + index, 1) if down_the_sheet else (1, first + index)
                raise self.fail(*place, f"{name!r} is no {what} of the sheet that lists them")
        for name in wanted:
            if name not in found:
                place = (self.height + 1, 1) if down_the_sheet else (1, first + len(found))
                raise self.fail(*place, f"the {what} {name!r} is missing")
        return [first + found[name] for name in wanted]


def _shown(value: Any) -> str:
    return "empty" if value is None else repr(value)


def load_grids(source: Path | str) -> dict[str, SheetGrid]:
    """All sheets of a workbook by title, in its order. Raises FormatError, and OSError for a missing file."""
    path = Path(source)
    try:
        with path.open("rb") as file:
            formulas = _has_formulas(file)
            book = load_workbook(file, data_only=True)
            grids = {
                sheet.title: SheetGrid(sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets
            }
            if formulas:
                _refuse_unknown_values(load_workbook(file), grids)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, SyntaxError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError("file", "", f"is not an .xlsx workbook that can be read: {error}") from error
    return grids


def _has_formulas(file: Any) -> bool:
    with zipfile.ZipFile(file) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(parts.read(name)) for name in sheets)


def _refuse_unknown_values(book: Any, grids: dict[str, SheetGrid]) -> None:
    """A formula that was never calculated reads as an empty cell, which would silently mean something else."""
    for sheet in book.worksheets:
        grid = grids[sheet.title]
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f" and grid.value(cell.row, cell.column) is None:
                    raise grid.fail(cell.row, cell.column, "is a formula without a stored value; save it as a number")
