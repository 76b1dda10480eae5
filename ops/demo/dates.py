"""The days of the demonstration: the forum's own of 2017, or those of a forum that is still to come.

Nobody registers for what is over, so the demonstration moves the forum to the next September: Thursday to Sunday, as it
was. All clock times stay; the zone has no summer time.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2})?)?")
# Where a fact comes from says when that was.
_SOURCES = "provenance"
THURSDAY = 3
WEEK = timedelta(days=7)


def next_september(today: date) -> date:
    """The second Thursday of the next September: the day, like 14 September 2017, on which the forum begins.

    The September of this year while that Thursday is still to come.
    """
    day = _second_thursday(today.year)
    return day if day > today else _second_thursday(today.year + 1)


def _second_thursday(year: int) -> date:
    first = date(year, 9, 1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7) + WEEK


def moved_to(programme: Any, first_day: date) -> Any:
    """A programme file's object with every day and time moved by as much as its first day is; sources stay."""
    by = first_day - date.fromisoformat(programme["conference"]["starts_on"])
    return _moved(programme, by)


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, dict):
        return {key: one if key == _SOURCES else _moved(one, by) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, by) for one in value]
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    return (date.fromisoformat(found[1]) + by).isoformat() + (found[2] or "")


def note(starts_on: date, ends_on: date) -> dict[str, str]:
    """What the pages say of days that are not the forum's own, in its languages."""
    return {
        "en": (
            "The forum took place from 14 to 17 September 2017; for this demonstration its days are moved to "
            f"{starts_on.day}–{ends_on.day} September {starts_on.year}."
        ),
        "ko": (
            "실제 포럼은 2017년 9월 14일부터 17일까지 열렸으며, 이 시연에서는 날짜를 "
            f"{starts_on.year}년 9월 {starts_on.day}일~{ends_on.day}일로 옮겼습니다."
        ),
    }
