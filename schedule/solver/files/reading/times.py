"""Kinds of values that are dates and times, and what turns local times into minutes."""

from __future__ import annotations

import functools
import re
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from values import instants

from .record import Record, Value, shown
from .values import clean

YEARS = range(1900, 3000)
"""Of any date: at the ends of the calendar no time can be told in another zone."""

LONGEST = 366 * 24 * 60
"""The most minutes of anything, and the farthest from the origin that a time may lie. Lists of minutes are made."""

_CLOCK = re.compile(r"(?=(?:[0-3]\d|4[0-7]):|48:00)(\d\d):([0-5]\d)\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_OFFSET = "([+-]([01]\\d|2[0-3]):?[0-5]\\d|Z)"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00)?\Z")


def year_is_told(record: Record, key: str, day: date) -> bool:
    """Whether the year is one that can be told in every zone; otherwise that is said."""
    if day.year in YEARS:
        return True
    record.wrong("year_out_of_range", key, year=day.year, first=YEARS[0], last=YEARS[-1])
    return False


def exists(
    record: Record,
    key: str,
    shown: datetime,
    zone: tzinfo,
    *,
    offset: timedelta | None = None,
    ends: bool = False,
) -> datetime | None:
    """When the clocks of `zone` show `shown` (see `instants.at`); None, which is said, where they do not."""
    try:
        return instants.at(shown, zone, offset=offset, ends=ends)
    except instants.SkippedByClocks as skipped:
        values = {"value": shown, "last": skipped.last, "next": skipped.next}
        written = {name: moment.isoformat(" ", "minutes") for name, moment in values.items()}
        record.wrong("skipped_by_clocks", key, **written)
    except instants.NotItsOffset as other:
        offsets = ", ".join(map(instants.offset_text, other.offsets))
        record.wrong("other_offset", key, value=shown.isoformat(" ", "minutes"), offsets=offsets)
    return None


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


@dataclass(frozen=True, slots=True)
class ClockTime:
    """What has passed since midnight on the clock; the offset says which, where the clock shows the time twice."""

    since: timedelta
    offset: timedelta | None = None

    def on(self, day: date, record: Record, key: str, *, ends: bool = False) -> datetime | None:
        """The instant of this time of a day; None, which is said, where there is none."""
        shown = instants.naive(day, self.since)
        return exists(record, key, shown, record.context.zone, offset=self.offset, ends=ends)


def after_midnight(text: str) -> timedelta | None:
    """What has passed on the clock since midnight at "09:30", "24:00" or "26:00"; None for what is no such time."""
    match = _CLOCK.match(text)
    return timedelta(hours=int(match[1]), minutes=int(match[2])) if match else None


class ClockValue(Value[ClockTime]):
    """A time of day. It goes on after 24:00, which ends the day, until 48:00: 26:00 is 02:00 of the next day."""

    harmless = ClockTime(timedelta(0))
    codes = ("not_a_time", "skipped_by_clocks", "other_offset")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> ClockTime | None:
        if isinstance(value, str):
            text, offset = instants.parted(value)
            if (since := after_midnight(text)) is not None:
                return ClockTime(since, offset)
        record.wrong("not_a_time", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^(([0-3]\\d|4[0-7]):[0-5]\\d|48:00){_OFFSET}?$"}

    @property
    def words(self) -> str:
        return "time of day, such as `09:30`; `24:00` ends the day, `26:00` is 02:00 of the next"


class Moment(Value[datetime]):
    """A local date and time in the conference's zone. An offset only says which, where the clocks show it twice."""

    harmless = datetime(1, 1, 2, tzinfo=UTC)
    codes = ("not_a_moment", "year_out_of_range", "skipped_by_clocks", "other_offset")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> datetime | None:
        text, offset = instants.parted(value) if isinstance(value, str) else ("", None)
        try:
            if match := _MOMENT.match(text):
                naive = instants.naive(date.fromisoformat(match[1]), time.fromisoformat(match[2]))
                if not year_is_told(record, key, naive):
                    return None
                return exists(record, key, naive, record.context.zone, offset=offset)
        except ValueError:
            pass  # 25:00 or 30 February; said below, in the same words
        record.wrong("not_a_moment", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^\\d{{4}}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:00)?{_OFFSET}?$"}

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
        if origin.tzinfo is None:
            raise ValueError("An origin is an instant: it needs a zone.")
        self.origin = origin
        self.zone = origin.tzinfo

    def minute_of(self, moment: datetime) -> int:
        """Minutes from the origin to an aware time."""
        return instants.minutes_between(self.origin, moment)

    def local(self, minute: int) -> datetime:
        """The aware local time `minute` minutes after the origin."""
        return instants.after(self.origin, minute)
