"""From the bytes of a spreadsheet or of separated values to rows of text, whichever program wrote them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from schedule.exchange.incoming.records import Unreadable

MOST_ROWS, MOST_COLUMNS = 20_000, 200
# What a workbook of the largest file that is taken may unpack to; beyond it is one that was made to do harm.
MOST_UNPACKED = 200_000_000
ENCODINGS = ("utf-8", "utf-16", "cp949", "cp1252")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class CellTable:
    """The rows of one sheet; `sheets` are the names of all, `encoding` what separated values were read as.

    Cells are text, as one would type it: days as 2027-07-02, times as 10:00, whole numbers without a point.
    """

    rows: Sequence[Sequence[str]]
    sheets: Sequence[str] = ()
    sheet: str = ""
    encoding: str = ""


def is_workbook(data: bytes) -> bool:
    """Whether these bytes begin as those of XLSX and ODS, or of XLS, do."""
    return data.startswith((_ZIP, _OLE))


def table_of(data: bytes, *, sheet: str = "", encoding: str = "") -> CellTable:
    """Read a workbook, separated values or a list of JSON objects. Raises `Unreadable` for what is none of these."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return _of_objects(data)
    return _workbook(data, sheet) if is_workbook(data) else _separated(data, encoding)


def _workbook(data: bytes, sheet: str) -> CellTable:
    _refuse_bombs(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = list(book.sheet_names)
            if not names:
                raise Unreadable("no_rows")
            chosen = sheet if sheet in names else names[0]
            found = book.get_sheet_by_name(chosen)
            if found.total_height > MOST_ROWS or found.total_width > MOST_COLUMNS:
                raise Unreadable("too_many_cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
            rows = found.to_python(skip_empty_area=False)
    except PasswordError as locked:
        raise Unreadable("locked_workbook") from locked
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as broken:
        if isinstance(broken, Unreadable):
            raise
        raise Unreadable("not_a_workbook") from broken
    return CellTable([[typed(cell) for cell in row] for row in rows], names, chosen)


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


def _refuse_bombs(data: bytes) -> None:
    if not data.startswith(_ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as broken:
        raise Unreadable("not_a_workbook") from broken
    if size > MOST_UNPACKED:
        raise Unreadable("unpacks_to_much")


def typed(cell: Any) -> str:
    """A cell as one would type it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _separated(data: bytes, encoding: str) -> CellTable:
    read_as = encoding if encoding in ENCODINGS else encoding_of(data)
    try:
        written = data.decode("utf-8-sig" if read_as == "utf-8" else read_as)
    except UnicodeError as broken:
        raise Unreadable("not_in_encoding", encoding=read_as) from broken
    if "\x00" in written:
        raise Unreadable("not_text")
    # Excel writes which separator it means into a first line of its own, where it has been told to.
    separator, first, rest = "", *written.partition("\n")[::2]
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:
        separator, written = first.strip()[4:] or "\t", rest
    rows = []
    csv.field_size_limit(2_000_000)
    try:
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator or separator_of(written)):
            rows.append(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise Unreadable("too_many_cells", rows=MOST_ROWS, columns=MOST_COLUMNS)
    except csv.Error as broken:
        raise Unreadable("not_text") from broken
    return CellTable(rows, encoding=read_as)


def encoding_of(data: bytes) -> str:
    """What these bytes are most likely written in. Organizers see it, and choose another where letters look wrong."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return "utf-8" if name == "utf-8-sig" else name
    if b"\x00" in data[:200]:
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
    """The separator of the first line that has any, outside of quotes."""
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
