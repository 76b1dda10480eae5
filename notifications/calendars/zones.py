"""VTIMEZONE components that every client reads alike.

The rules are derived from the zone database for a window of years. Where every year of the window, and some before
it, switches on the same weekday of the month at the same wall-clock time, the component has one RRULE for each switch;
otherwise one observance for each single switch. RDATE lists are never used: Thunderbird, ical.js, ts-ics and vobject
read only their first value. DTSTART of an observance is the wall clock *before* the switch (RFC 5545 3.6.5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar
from icalendar import vDatetime, vRecur, vUTCOffset

from .checks import zone
from .entries import CalendarEntry
from .values import TextValue, written

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = timedelta(days=1)
_STEP = 4 * _DAY
_ORIGIN = 1970
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Clock:
    """What a zone shows at a moment."""

    offset: timedelta
    daylight: bool
    name: str


@dataclass(frozen=True, slots=True)
class _Switch:
    """A moment (its wall clock before the switch) at which a zone's clock changes."""

    wall: datetime
    before: _Clock
    after: _Clock


def _clock(where: ZoneInfo, moment: datetime) -> _Clock:
    there = moment.astimezone(where)
    return _Clock(there.utcoffset() or timedelta(), bool(there.dst()), there.tzname() or "")


def _switches(where: ZoneInfo, first: datetime, last: datetime) -> list[_Switch]:
    """Find every change between two moments: in steps of four days, then halving down to the second.

    Two changes within a step that undo each other would be missed; since 1970 the closest two are a week apart
    (northern Brazil in 2000).
    """
    found = []
    day, clock = first, _clock(where, first)
    while day < last:
        while _clock(where, day + _STEP) != clock:
            low, high = day, day + _STEP
            while high - low > _SECOND:
                middle = low + (high - low) // 2
                low, high = (middle, high) if _clock(where, middle) == clock else (low, middle)
            high = high.replace(microsecond=0)
            after = _clock(where, high)
            found.append(_Switch((high + clock.offset).replace(tzinfo=None), clock, after))
            day, clock = high, after
        day += _STEP
    return [switch for switch in found if switch.wall.year < last.year]


def _observance(switch: _Switch, rule: vRecur | None) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    # By the direction of the switch, not by the database's flag: Dublin's "daylight saving" is its winter.
    forward = switch.after.offset > switch.before.offset
    is_daylight = forward and (switch.before.daylight or switch.after.daylight)
    observance = icalendar.TimezoneDaylight() if is_daylight else icalendar.TimezoneStandard()
    observance["DTSTART"] = vDatetime(switch.wall)
    observance["TZOFFSETFROM"] = vUTCOffset(switch.before.offset)
    observance["TZOFFSETTO"] = vUTCOffset(switch.after.offset)
    observance["TZNAME"] = TextValue(switch.after.name)
    if rule:
        observance["RRULE"] = rule
    return observance


def _rule(walls: list[datetime], years: range) -> vRecur | None:
    """Return the yearly rule that gives exactly these wall-clock times, one in each of `years`, or None."""
    if [wall.year for wall in walls] != list(years):
        return None
    if len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) != 1:
        return None
    month, weekday = walls[0].month, _WEEKDAYS[walls[0].weekday()]
    # "Last" goes first: within a few years the fourth Sunday is often the last one too, and laws say "last".
    if all((wall + 7 * _DAY).month != month for wall in walls):
        return vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY=f"-1{weekday}")
    weeks = {(wall.day - 1) // 7 + 1 for wall in walls}
    if len(weeks) == 1:
        return vRecur(FREQ="YEARLY", BYMONTH=month, BYDAY=f"{weeks.pop()}{weekday}")
    return None


def _stretch(switches: list[_Switch], years: range, standing: _Clock) -> list[icalendar.Component] | None:
    """Write what holds in all of `years` alike: no switch, or yearly rules. None if there is anything else."""
    groups: dict[tuple[_Clock, _Clock], list[_Switch]] = defaultdict(list)
    for switch in switches:
        groups[switch.before, switch.after].append(switch)
    if not groups:
        return [_base(years[0], standing)]
    observances: list[icalendar.Component] = []
    for group in groups.values():
        rule = _rule([switch.wall for switch in group], years)
        if rule is None:
            return None
        observances.append(_observance(group[0], rule))
    return observances


def _base(year: int, standing: _Clock) -> icalendar.Component:
    return _observance(_Switch(datetime(year, 1, 1), standing, standing), None)  # noqa: DTZ001  # a wall clock


def _midnight(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=512)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """Return the VTIMEZONE of an IANA zone, exact for every moment from `first_year` to `last_year`.

    Raises CalendarError for an unknown zone. About 10 ms for a new window, then cached.
    """
    where = zone(name)
    # One year more on both sides: the switch in force on 1 January happened the year before, and the UTC year
    # and the local year differ around New Year.
    first, last = first_year - 1, last_year + 1
    origin = min(_ORIGIN, first)
    switches = _switches(where, _midnight(origin), _midnight(last + 1))
    observances = None
    # As early as the rules reach: programs that keep the first VTIMEZONE they saw under a name then read later files
    # with other years right. A year before the window is needed, as ts-ics loses the first occurrence of a rule.
    for year in range(origin, first):
        since = [switch for switch in switches if switch.wall.year >= year]
        observances = _stretch(since, range(year, last + 1), _clock(where, _midnight(year)))
        if observances is not None:
            break
    if observances is None:
        named = [_observance(switch, None) for switch in switches if switch.wall.year >= first]
        observances = [_base(first, _clock(where, _midnight(first))), *named]
    timezone = icalendar.Timezone()
    timezone["TZID"] = TextValue(name)
    for observance in observances:
        timezone.add_component(observance)
    return written(timezone)


def vtimezones(entries: Iterable[tuple[CalendarEntry, ZoneInfo | None]]) -> list[bytes]:
    """Return one VTIMEZONE for each zone whose wall clock the entries use, covering all their years.

    Each entry comes with the zone on whose clock it is written, as `checks.clock_of` says.
    """
    years: dict[str, tuple[int, int]] = {}
    for entry, clock in entries:
        if clock:
            first, last = entry.start.astimezone(clock).year, entry.end.astimezone(clock).year
            known = years.get(entry.timezone, (first, last))
            years[entry.timezone] = min(first, known[0]), max(last, known[1])
    return [vtimezone(name, *years[name]) for name in sorted(years)]
