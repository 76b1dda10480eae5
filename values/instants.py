"""From a day and a time on a clock to an instant, and lengths added to instants. Pure Python: the solver uses it too.

Nothing else does such arithmetic (tools/house_rules.py). Python adds a length to a local time by moving the hands of
the clock, and subtracts two times of one zone by what the hands show; across a change to or from summer time both are
wrong. Three rules:

- A length is added to an instant: 120 minutes from 01:30 on the night the clocks go back end at 02:30, not at 03:30.
- A time that the clocks skip is refused (`SkippedByClocks`, which tells what they show instead). Only what ends there
  may name it: what is open until 02:00 is open until the jump.
- A time that comes twice is the first of the two, unless the offset that is meant is given with it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

_OFFSET = re.compile(r"(?<=:[0-5]\d)(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)\Z")

# What all calendars can tell of (notifications.calendars.checks).
FIRST_YEAR, LAST_YEAR = 1971, 2199


class SkippedByClocks(ValueError):
    """The clocks never show this time: they jump over it. `last` is where they jump from, `next` where to."""

    def __init__(self, shown: datetime, zone: tzinfo, jump: datetime) -> None:
        offset = offset_of((jump - timedelta(seconds=1)).astimezone(zone))
        self.shown, self.zone = shown, zone
        self.last = (jump + offset).replace(tzinfo=None)
        self.next = jump.astimezone(zone).replace(tzinfo=None)
        super().__init__(f"{shown:%Y-%m-%d %H:%M} does not exist in {zone}")


class NotItsOffset(ValueError):
    """At this time the zone has another offset than the one given. `offsets` are those it has."""

    def __init__(self, shown: datetime, zone: tzinfo, offsets: list[timedelta]) -> None:
        self.shown, self.zone, self.offsets = shown, zone, offsets
        super().__init__(f"{shown:%Y-%m-%d %H:%M} has another offset in {zone}")


def is_near(day: date) -> bool:
    """Whether a day, or what clocks show, is in a year that calendars can tell of, whatever the zone."""
    return FIRST_YEAR < day.year < LAST_YEAR


def naive(day: date, clock: time | timedelta) -> datetime:
    """What clocks show, without a zone; 26:00, a `timedelta`, is 02:00 of the next day."""
    if isinstance(clock, time):
        return datetime.combine(day, clock)
    return datetime.combine(day, time()) + clock


def readings(shown: datetime, zone: tzinfo) -> list[datetime]:
    """When the clocks of `zone` show `shown`, in order of time: once, twice, or (where they jump over it) never."""
    both = [shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    first, second = (moment.astimezone(UTC) for moment in both)
    if first > second:
        return []
    return both[:1] if first == second else both


def at(shown: datetime, zone: tzinfo, *, offset: timedelta | None = None, ends: bool = False) -> datetime:
    """The instant at which the clocks of `zone` show `shown`, as a time of that zone.

    Of a time that comes twice it is the first, or the one with the `offset` given. Raises SkippedByClocks where there
    is none (what `ends` may name the time the clocks jump from, which is the instant of the jump), and NotItsOffset.
    """
    found = readings(shown, zone)
    if not found:
        jump = _jump(shown, zone)
        skipped = SkippedByClocks(shown, zone, jump)
        if ends and shown == skipped.last:
            return jump.astimezone(zone)
        raise skipped
    if offset is None:
        return found[0]
    for moment in found:
        if offset_of(moment) == offset:
            return moment
    raise NotItsOffset(shown, zone, [offset_of(moment) for moment in found])


def instant(
    day: date, clock: time | timedelta, zone: tzinfo, *, offset: timedelta | None = None, ends: bool = False
) -> datetime:
    """The instant of a day and a time on the clocks; 26:00, a `timedelta`, is 02:00 of the next day. See `at`."""
    return at(naive(day, clock), zone, offset=offset, ends=ends)


@lru_cache(maxsize=256)  # every minute of a timetable is counted from one
def midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day; where the clocks jump over 00:00 that is when they have jumped."""
    return reached(day, time(), zone)


def reached(day: date, clock: time, zone: tzinfo) -> datetime:
    """When something planned for a time of day is due: the first time the clocks show it, or jump over it."""
    shown = naive(day, clock)
    found = readings(shown, zone)
    return found[0] if found else _jump(shown, zone).astimezone(zone)


def next_reached(now: datetime, clock: time, zone: tzinfo) -> datetime:
    """The first instant after `now` at which the clocks show a time of day, or jump over it."""
    today = now.astimezone(zone).date()
    for day in (today, today + timedelta(days=1)):
        shown = naive(day, clock)
        for moment in readings(shown, zone) or [_jump(shown, zone).astimezone(zone)]:
            if seconds_between(now, moment) > 0:
                return moment
    raise ValueError(f"The clocks of {zone} never show {clock}.")


def after(start: datetime, minutes: float = 0, *, seconds: float = 0) -> datetime:
    """The instant so much later (earlier where negative), on the same clocks as `start`."""
    return (start.astimezone(UTC) + timedelta(minutes=minutes, seconds=seconds)).astimezone(start.tzinfo)


def seconds_between(first: datetime, last: datetime) -> float:
    """What passes from one instant to another; negative where `last` is the earlier one."""
    return (last.astimezone(UTC) - first.astimezone(UTC)).total_seconds()


def minutes_between(first: datetime, last: datetime) -> int:
    """The same in whole minutes, rounded."""
    return round(seconds_between(first, last) / 60)


def offset_of(moment: datetime) -> timedelta:
    """How far the clocks that show an aware `moment` are ahead of UTC."""
    return moment.utcoffset() or timedelta()


def offset_text(offset: timedelta) -> str:
    """An offset as in ISO 8601: "+09:00", "-03:30"."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def offset_name(offset: timedelta) -> str:
    """An offset for people: "UTC+9", "UTC+5:45"."""
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def parted(text: str) -> tuple[str, timedelta | None]:
    """A written time without the offset at its end, and that offset: "02:30+01:00", "02:30+0100", "02:30Z"."""
    found = _OFFSET.search(text)
    if found is None:
        return text, None
    if found[1] == "Z":
        return text[:-1], timedelta()
    hours, minutes = int(found[1][1:3]), int(found[1][-2:])
    size = timedelta(hours=hours, minutes=minutes)
    return text[: found.start()], -size if found[1][0] == "-" else size


def comes_twice(moment: datetime) -> bool:
    """Whether the clocks that show an aware `moment` show the same time again, or did before."""
    return moment.tzinfo is not None and len(readings(moment.replace(tzinfo=None, fold=0), moment.tzinfo)) > 1


def _jump(shown: datetime, zone: tzinfo) -> datetime:
    """The instant, in UTC and to the second, at which the clocks jump over `shown`."""
    late, early = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    before = offset_of(early.astimezone(zone))
    second = timedelta(seconds=1)
    while late - early > second:
        middle = early + ((late - early) // 2 // second) * second
        if offset_of(middle.astimezone(zone)) == before:
            early = middle
        else:
            late = middle
    return late
