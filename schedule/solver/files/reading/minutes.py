"""Kinds of values that are minutes from a problem's origin, or local times that are turned into them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from schedule.solver.problem import Interval
from values import instants

from .record import Record, Value, shown
from .times import LONGEST, LocalClock, after_midnight, exists, year_is_told


class Instant(Value[datetime]):
    """A date and time with its offset."""

    harmless = datetime.min.replace(tzinfo=UTC)
    codes = ("not_an_instant", "year_out_of_range")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            moment = None  # said below, in the same words
        if moment is None or moment.tzinfo is None:
            record.wrong("not_an_instant", key, value=shown(value))
            return None
        return moment if year_is_told(record, key, moment) else None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    @property
    def words(self) -> str:
        return "date and time with offset"


class Span(Value[Interval]):
    """[start, end) in minutes from the origin."""

    harmless = Interval(0, 1)
    codes = ("not_an_interval", "out_of_range", "empty_interval")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> Interval | None:
        if (
            not isinstance(value, list)
            or len(value) != 2
            or any(isinstance(one, bool) or not isinstance(one, int) for one in value)
        ):
            record.wrong("not_an_interval", key, value=shown(value))
            return None
        for minute in value:
            if not -LONGEST <= minute <= LONGEST:
                record.wrong("out_of_range", key, value=shown(minute), least=-LONGEST, most=LONGEST)
                return None
        start, end = value
        if end <= start:
            record.wrong("empty_interval", key)
            return None
        return Interval(start, end)

    def schema(self) -> dict[str, Any]:
        minute = {"type": "integer", "minimum": -LONGEST, "maximum": LONGEST}
        return {"type": "array", "items": minute, "minItems": 2, "maxItems": 2}

    @property
    def words(self) -> str:
        return "start and end in minutes from the origin"


class LocalMinute(Value[int]):
    """A local date and time ("2017-09-14T13:00", an offset is allowed) as minutes from the origin of `clock`."""

    harmless = 0
    codes = ("not_a_moment", "far_away", "skipped_by_clocks", "not_a_whole_minute")

    def __init__(self, clock: LocalClock) -> None:
        self.clock = clock

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> int | None:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
        except ValueError:
            moment = None  # said below, in the same words
        if moment is None:
            record.wrong("not_a_moment", key, value=shown(value))
            return None
        return minute_of(record, key, moment, self.clock)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}

    @property
    def words(self) -> str:
        return "local date and time"


class MinuteOfDay(Value[int]):
    """A time of day on `day` as minutes from the origin of `clock`: "09:00", "24:00" for its end, "26:00"."""

    harmless = 0
    codes = ("not_a_time", "far_away", "skipped_by_clocks", "not_a_whole_minute")

    def __init__(self, clock: LocalClock, day: date, *, ends: bool = False) -> None:
        self.clock, self.day, self.ends = clock, day, ends

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> int | None:
        try:
            if isinstance(value, str) and (since := after_midnight(value)) is not None:
                naive = instants.naive(self.day, since)
            elif isinstance(value, str) and (clock := time.fromisoformat(value)).tzinfo is None:
                naive = instants.naive(self.day, clock)
            else:
                record.wrong("not_a_time", key, value=shown(value))
                return None
        except (ValueError, OverflowError):
            record.wrong("not_a_time", key, value=shown(value))
            return None
        return minute_of(record, key, naive, self.clock, ends=self.ends)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}

    @property
    def words(self) -> str:
        return "time of day"


def minute_of(record: Record, key: str, moment: datetime, clock: LocalClock, *, ends: bool = False) -> int | None:
    """The minute of a `moment`, which is local if it has no offset.

    None, which is said, when it is far off, does not exist or is no whole one.
    """
    # The year comes first: at the ends of the calendar nothing can be worked out.
    if abs(moment.year - clock.origin.year) > 1:
        record.wrong("far_away", key, days=LONGEST // (24 * 60))
        return None
    if moment.second or moment.microsecond:
        record.wrong("not_a_whole_minute", key, value=shown(moment.isoformat()))
        return None
    aware = moment if moment.tzinfo else exists(record, key, moment, clock.zone, ends=ends)
    if aware is None:
        return None
    minute = clock.minute_of(aware)
    if abs(minute) > LONGEST:
        record.wrong("far_away", key, days=LONGEST // (24 * 60))
        return None
    return minute
