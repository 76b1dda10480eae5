"""Having a workbook read by a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schedule.exchange.incoming.records import Unreadable

_ROOT = Path(__file__).resolve().parents[5]
_PROCESS = "schedule.exchange.readers.tables.workbooks.process"
# Well below what proxies allow a request, on a machine that has other things to do.
SECONDS = 25


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet as text. `faults` are (row, column, code of the sentence, what is said), from 0; `merged` counts the
    cells that have what was merged over them."""

    name: str
    rows: Sequence[Sequence[str]]
    faults: Sequence[tuple[int, int, str, str]]
    merged: int
    hidden_rows: int
    hidden_columns: int
    is_hidden: bool


def workbook_sheets(data: bytes, *, most_rows: int, most_columns: int) -> list[WorkbookSheet]:
    """The sheets of XLSX, XLS or ODS. Raises `Unreadable` for what is none, and for what asks for too much."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", _PROCESS, str(most_rows), str(most_columns)],
            cwd=_ROOT,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise Unreadable("unpacks_to_much") from slow
    if done.returncode:  # by a limit of memory or time
        raise Unreadable("unpacks_to_much")
    answer: dict[str, Any] = json.loads(done.stdout)
    refused = answer.get("refused")
    if refused == "too_many_cells":
        raise Unreadable(refused, rows=most_rows, columns=most_columns)
    if refused:
        raise Unreadable(refused)
    return [WorkbookSheet(**one | {"faults": [tuple(fault) for fault in one["faults"]]}) for one in answer["sheets"]]
