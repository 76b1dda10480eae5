"""From the bytes of a spreadsheet or of separated values to rows of text, whichever program wrote them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schedule.exchange.incoming.records import Unreadable
from schedule.exchange.readers.tables.workbooks.reading import WorkbookSheet, workbook_sheets
from schedule.exchange.readers.tables.workbooks.typing import typed

# Of all sheets together. Ten times the largest conference; comparing so many takes less than a proxy waits.
MOST_ROWS, MOST_COLUMNS = 10_000, 200
ENCODINGS = ("utf-8", "utf-16", "cp949", "cp1252")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class CellTable:
    """The rows of one sheet; `encoding` is what separated values were read as.

    Cells are text, as one would type it (`workbooks.typing`). `faults` are cells without a value that can be read, by
    row and column from 0: the code of a sentence and what is said. `notes` are codes of sentences with what they count.
    """

    rows: Sequence[Sequence[str]]
    sheet: str = ""
    encoding: str = ""
    faults: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Whether these bytes begin as those of XLSX and ODS, or of XLS, do."""
    return data.startswith((_ZIP, _OLE))


def tables_of(data: bytes, *, encoding: str = "") -> list[CellTable]:
    """Read a workbook, separated values or a list of JSON objects: every sheet. Raises `Unreadable` for what is none
    of these.
    """
    if is_workbook(data):
        sheets = workbook_sheets(data, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
        if sum(len(sheet.rows) for sheet in sheets) > MOST_ROWS:
            raise Unreadable("too_many_cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
        return [_of_sheet(sheet) for sheet in sheets]
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return [_of_objects(data)]
    return [_separated(data, encoding)]


def _of_sheet(sheet: WorkbookSheet) -> CellTable:
    notes = {"hidden_rows": sheet.hidden_rows, "hidden_columns": sheet.hidden_columns, "merged_cells": sheet.merged}
    notes["hidden_sheet"] = int(sheet.is_hidden)
    faults = {(row, column): (code, said) for row, column, code, said in sheet.faults}
    return CellTable(
        sheet.rows, sheet.name, faults=faults, notes={code: count for code, count in notes.items() if count}
    )


def is_list_of_objects(data: Any) -> bool:
    """Whether this is a table as programs write it in JSON: a list of objects that name their values alike."""
    return isinstance(data, list) and bool(data) and all(isinstance(one, dict) and one for one in data)


def _of_objects(data: bytes) -> CellTable:
    try:
        objects = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as broken:
        raise Unreadable("not_text") from broken
    if not is_list_of_objects(objects):
        raise Unreadable("no_rows")
    names = list(dict.fromkeys(name for one in objects for name in one))
    if len(objects) > MOST_ROWS or len(names) > MOST_COLUMNS:
        raise Unreadable("too_many_cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
    return CellTable([names, *([_value(one.get(name)) for name in names] for one in objects)])


def _value(value: Any) -> str:
    """A value as one would type it: lists with semicolons; of a text in several languages the English, or the first."""
    if isinstance(value, list):
        return "; ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return _value(value.get("name") or value.get("en") or next(iter(value.values()), ""))
    return "" if value is None else typed(value)


def _separated(data: bytes, encoding: str) -> CellTable:
    read_as = encoding if encoding in ENCODINGS else encoding_of(data)
    try:
        written = data.decode("utf-8-sig" if read_as == "utf-8" else read_as)
    except UnicodeError as broken:
        raise Unreadable("not_in_encoding", encoding=read_as) from broken
    if "\x00" in written:
        raise Unreadable("not_text")
    written = written.replace("\ufeff", "")  # where files were put together, each has brought its mark
    # Excel writes which separator it means into a first line of its own, where it has been told to.
    separator, first, rest = "", *written.partition("\n")[::2]
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:
        separator, written = first.strip()[4:] or "\t", rest
    rows: list[list[str]] = []
    separator, begins = separator or separator_of(written), 1
    # What is lenient with quotation marks takes rows for a part of the cell before them, and says nothing.
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
    csv.field_size_limit(2_000_000)
    try:
        for row in reader:
            begins = reader.line_num + 1
            rows.append([_unquoted(cell) for cell in row])
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise Unreadable("too_many_cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
    except csv.Error as broken:
        if "field larger" in str(broken):
            raise Unreadable("not_text") from broken
        raise Unreadable("quote_open", line=begins) from broken
    return CellTable(rows, encoding=read_as)


def _unquoted(cell: str) -> str:
    """Programs write ="007" so that Excel takes a code for a text."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell


def encoding_of(data: bytes) -> str:
    """What these bytes are most likely written in. Organizers see it, and choose another where letters look wrong."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return "utf-8" if name == "utf-8-sig" else name
    if data[:200].count(0) * 20 > len(data[:200]):
        # UTF-16 without its mark: letters of Latin have their zero second in little-endian order.
        return "utf-16-le" if data[1:200:2].count(0) >= data[:200:2].count(0) else "utf-16-be"
    if _is(data, "utf-8"):
        return "utf-8"
    # Letters of cp1252 with what follows them are mostly no pairs of KS X 1001, and pairs of that are mostly Hangul.
    if _is(data, "euc_kr") or (_is(data, "cp949") and not _looks_western(data)):
        return "cp949"
    return "cp1252"


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _looks_western(data: bytes) -> bool:
    """Single letters beyond ASCII among ASCII; Korean has runs of them."""
    high = [byte > 127 for byte in data]
    alone = sum(
        one and not before and not after
        for before, one, after in zip([False, *high], high, [*high[1:], False], strict=False)
    )
    return alone * 2 > sum(high)


def separator_of(written: str) -> str:
    """The separator of the first line that has any, outside of quotes; bars where the first has nothing else."""
    first, second, *_more = [*written.split("\n", 2), "", ""]
    if not any(one in first for one in _SEPARATORS) and 0 < first.count("|") <= second.count("|"):
        return "|"
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for letter in written:
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in counts:
            counts[letter] += 1
        elif not quoted and letter == "\n" and any(counts.values()):
            break
    return max(_SEPARATORS, key=lambda one: counts[one])


def in_brackets(said: str) -> tuple[str, str]:
    """What stands before brackets that end a text, and in them: "Title (en)" has "Title" and "en". Else all, and ""."""
    whole = said.rstrip()
    if not whole.endswith((")", "]")):
        return said, ""
    start = max(whole.rfind("("), whole.rfind("["))
    return (whole[:start].rstrip(), whole[start + 1 : -1].strip()) if start >= 0 else (said, "")
