"""Cells as one would type them. No Django, nothing of ours: the process that reads workbooks starts with this."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

_LONG = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:\.\d+)?S\Z")


def typed(cell: Any) -> str:
    """A cell as one would type it: days as 2027-07-02, times and lengths as 10:00, whole numbers without a point.

    Times are kept as fractions of a day, so they are taken to the next second; seconds that are none are left out.
    """
    return next((write(cell) for kind, write in _WRITERS if isinstance(cell, kind)), str(cell))


def _moment(cell: datetime) -> str:
    exact = cell + timedelta(microseconds=500_000)
    return exact.isoformat(sep=" ", timespec="seconds" if exact.second else "minutes")


def _text(cell: str) -> str:
    """ODS has lengths of more than a day as texts."""
    length = _LONG.match(cell)
    return _clock(int(length[1]) * 3600 + int(length[2]) * 60 + int(length[3])) if length else cell


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(abs(whole), 3600)
    said = f"{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    return f"-{said}" if whole < 0 else said


# Some are kinds of others: the first counts.
_WRITERS: Sequence[tuple[type[Any], Callable[[Any], str]]] = (
    (bool, lambda cell: "yes" if cell else "no"),
    (float, lambda cell: str(int(cell)) if cell.is_integer() else repr(cell)),
    (datetime, _moment),
    (date, date.isoformat),
    (time, lambda cell: _clock(cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1_000_000)),
    (timedelta, lambda cell: _clock(cell.total_seconds())),
    (str, _text),
)
