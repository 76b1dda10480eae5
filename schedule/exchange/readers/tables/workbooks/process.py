"""The process that reads one workbook: its bytes on standard input, its sheets as JSON on standard output.

No Django, nothing of ours beside it. Limits of memory and time end it where a file asks for too much; whoever started
it sees that (`workbooks.reading`).
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from schedule.exchange.readers.tables.workbooks.asides import Asides, asides_of
from schedule.exchange.readers.tables.workbooks.typing import typed

# Ten times what the largest file that is taken needs.
MEMORY, SECONDS = 700_000_000, 8
# What a workbook of the largest file that is taken may unpack to; beyond it is one that was made to do harm.
MOST_UNPACKED = 200_000_000
_ZIP = b"PK\x03\x04"


class _Refused(Exception):
    """Carries the code of a sentence."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))}
    except _Refused as refused:
        answer = {"refused": str(refused)}
    except PasswordError:
        answer = {"refused": "locked_workbook"}
    except MemoryError:
        answer = {"refused": "unpacks_to_much"}
    except (CalamineError, zipfile.BadZipFile, ET.ParseError, OSError, ValueError, KeyError):
        answer = {"refused": "not_a_workbook"}
    json.dump(answer, sys.stdout)


def _sheets(data: bytes, most_rows: int, most_columns: int) -> list[dict[str, Any]]:
    beside = _unpacked(data) if data.startswith(_ZIP) else {}
    found = []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            # Both are the numbers of the last row and column, from 0.
            if sheet.total_height >= most_rows or sheet.total_width >= most_columns:
                raise _Refused("too_many_cells")
            rows = [[typed(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            asides = beside.get(about.name, Asides())
            asides.merged += [(first[0], first[1], last[0], last[1]) for first, last in sheet.merged_cell_ranges or ()]
            found.append(
                asdict(asides)
                | {"merged": _fill(rows, asides.merged)}
                | {"name": about.name, "rows": rows, "is_hidden": about.visible != SheetVisibleEnum.Visible}
            )
    return found


def _unpacked(data: bytes) -> dict[str, Asides]:
    """Every part is unpacked once to count it, as what a file says of its own size may be a lie."""
    size = 0
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for part in packed.infolist():
            if size + part.file_size > MOST_UNPACKED:
                raise _Refused("unpacks_to_much")
            with packed.open(part) as file:
                while chunk := file.read(1 << 20):
                    size += len(chunk)
        return asides_of(packed)


def _fill(rows: list[list[str]], areas: Iterable[tuple[int, int, int, int]]) -> int:
    """What stands in cells that were merged over several rows holds for each of these. Returns how many were filled."""
    filled = 0
    for first, column, last, _last_column in areas:
        if first >= len(rows) or column >= len(rows[first]) or not rows[first][column]:
            continue
        for row in rows[first + 1 : last + 1]:
            if not row[column]:
                row[column] = rows[first][column]
                filled += 1
    return filled


if __name__ == "__main__":
    main()
