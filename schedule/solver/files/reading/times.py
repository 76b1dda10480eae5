"""Kinds of values that are dates and times, and what turns local times into minutes."""

from __future__ import annotations

import functools
import re
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .record import Record, Value, shown
from .values import clean

YEARS = range(1900, 3000)
"""Of any date: at the ends of the calendar no time can be told in another zone."""

LONGEST = 366 * 24 * 60
"""The most minutes of anything, and the farthest from the origin that a time may lie. Lists of minutes are made."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00)?\Z")


def year_is_told(record: Record, key: str, day: date) -> bool:
    """Whether the year is one that can be told in every zone; otherwise that is said."""
    if day.year in YEARS:
        return True
    record.wrong("year_out_of_range", key, year=day.year, first=YEARS[0], last=YEARS[-1])
    return False


def exists(record: Record, key: str, naive: datetime, zone: ZoneInfo) -> datetime | None:
    """`naive` on the clocks of `zone`; None, which is said, when they skip it (a change to summer time)."""
    moment = naive.replace(tzinfo=zone)
    if datetime.fromtimestamp(moment.timestamp(), zone).replace(tzinfo=None) != naive:
        record.wrong("skipped_by_clocks", key, value=naive.isoformat(" ", "minutes"))
        return None
    return moment


class DayValue(Value[date]):
    """A date, written year-month-day."""

    harmless = date.min
    codes = ("not_a_date", "year_out_of_range")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> date | None:
        try:
            # fromisoformat alone would also take 20170914 and 2017-W37-4, which nobody means.
            if isinstance(value, str) and _DATE.match(value):
                day = date.fromisoformat(value)
                return day if year_is_told(record, key, day) else None
        except ValueError:
            pass  # a day such as 30 February; said below, in the same words
        record.wrong("not_a_date", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    @property
    def words(self) -> str:
        return "date, such as `2017-09-14`"


class ClockValue(Value[timedelta]):
    """A time of day as what has passed since midnight on the clock; 24:00 is the end of the day."""

    harmless = timedelta(0)
    codes = ("not_a_time", "skipped_by_clocks")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> timedelta | None:
        if value == "24:00":
            return timedelta(days=1)
        if isinstance(value, str) and (match := _CLOCK.match(value)):
            return timedelta(hours=int(match[1]), minutes=int(match[2]))
        record.wrong("not_a_time", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$"}

    @property
    def words(self) -> str:
        return "time of day, such as `09:30`; `24:00` ends the day"


class Moment(Value[datetime]):
    """A local date and time in the conference's zone. An offset is refused: the zone decides."""

    harmless = datetime(1, 1, 2, tzinfo=UTC)
    codes = ("not_a_moment", "year_out_of_range", "skipped_by_clocks")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> datetime | None:
        try:
            if isinstance(value, str) and (match := _MOMENT.match(value)):
                naive = datetime.combine(date.fromisoformat(match[1]), time.fromisoformat(match[2]))
                return exists(record, key, naive, record.context.zone) if year_is_told(record, key, naive) else None
        except ValueError:
            pass  # 25:00 or 30 February; said below, in the same words
        record.wrong("not_a_moment", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:00)?$"}

    @property
    def words(self) -> str:
        return "local date and time, such as `2017-09-14T13:00`"


class Zone(Value[ZoneInfo]):
    """A time zone by its IANA name."""

    harmless = ZoneInfo("UTC")
    codes = ("not_text", "not_shown", "turns_direction", "empty", "too_long", "not_a_timezone")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> ZoneInfo | None:
        name = clean(record, key, value, longest=64, required=required)
        if not name:
            return None
        if name in _zones():
            return ZoneInfo(name)
        record.wrong("not_a_timezone", key, zone=name)
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": 64}

    @property
    def words(self) -> str:
        return "IANA time zone, such as `Asia/Seoul`"


@functools.cache
def _zones() -> frozenset[str]:
    """The names of all zones; asking for them reads a thousand files."""
    return frozenset(zoneinfo.available_timezones())


class LocalClock:
    """Whole minutes from `origin`, an aware midnight, and local times (elapsed time, safe across DST)."""

    def __init__(self, origin: datetime) -> None:
        self.origin = origin
        self.zone = origin.tzinfo

    def minute_of(self, moment: datetime) -> int:
        # Not moment - origin: between two times of one zone Python subtracts wall clocks, not elapsed time.
        return round(moment.timestamp() - self.origin.timestamp()) // 60

    def local(self, minute: int) -> datetime:
        """The aware local time `minute` minutes after the origin."""
        return datetime.fromtimestamp(self.origin.timestamp() + 60 * minute, self.zone)
