"""The day of the programme that a session belongs to; a day ends when it closes, which may be after midnight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Q

from schedule.models import Conference, Day
from values.instants import midnight

Stretch = tuple[datetime, datetime]
"""From an instant up to another, without it."""


class HasStart(Protocol):
    """A session somewhere in the programme, or somebody's place in it."""

    @property
    def start(self) -> datetime:
        """When it starts."""


Starting = TypeVar("Starting", bound=HasStart)

_EVER: Stretch = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class ProgrammeDays:
    """Days of one conference. `windows` are (opens, closes, day); they do not overlap. Knows no database.

    What starts within a window belongs to its day, even after midnight. What starts outside all of them belongs to its
    day on the calendar; before the first and after the last day of the conference, to that day.
    """

    def __init__(
        self, zone: ZoneInfo, first: date, last: date, windows: Iterable[tuple[datetime, datetime, date]]
    ) -> None:
        self._zone, self._first, self._last = zone, first, last
        # In UTC: two times of one zone are compared by their clocks, which an hour that comes twice would confuse.
        self._windows = sorted((opens.astimezone(UTC), closes.astimezone(UTC), day) for opens, closes, day in windows)

    def day_at(self, instant: datetime) -> date:
        """Which day it is for those who are there; before and after the conference, that of the calendar."""
        return next(
            (day for opens, closes, day in self._windows if opens <= instant.astimezone(UTC) < closes),
            instant.astimezone(self._zone).date(),
        )

    def day_of(self, start: datetime) -> date:
        """The day that what starts at an instant is listed under: always one of the conference's."""
        return min(max(self.day_at(start), self._first), self._last)

    def by_day(self, starting: Iterable[Starting]) -> dict[date, list[Starting]]:
        """What starts at some time, under the day it belongs to; days and what is on them in the order given."""
        found: dict[date, list[Starting]] = {}
        for one in starting:
            found.setdefault(self.day_of(one.start), []).append(one)
        return found

    def stretches(self, day: date) -> list[Stretch]:
        """When what belongs to a day of the conference starts, in order of time; nothing for another day."""
        if not self._first <= day <= self._last:
            return []
        begins = _EVER[0] if day == self._first else self._midnight(day)
        ends = _EVER[1] if day == self._last else self._midnight(day + timedelta(days=1))
        found = [(opens, closes) for opens, closes, of in self._windows if of == day]
        for opens, closes, _ in self._windows:
            if begins < opens:
                found.append((begins, min(opens, ends)))
            begins = max(begins, closes)
        found.append((begins, ends))
        return sorted((start, end) for start, end in found if start < end)

    def calendar_dates(self) -> list[date]:
        """The dates on which something can start: those of the conference, and those its days reach into."""
        instant = timedelta(microseconds=1)
        moments = [moment for opens, closes, _ in self._windows for moment in (opens, closes - instant)]
        reached = [moment.astimezone(self._zone).date() for moment in moments]
        first, last = min([self._first, *reached]), max([self._last, *reached])
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]

    def _midnight(self, day: date) -> datetime:
        return midnight(day, self._zone).astimezone(UTC)


def programme_days(conference: Conference, known: Iterable[Day] | None = None) -> ProgrammeDays:
    """The days of a conference. One query, none where its rows are `known` or prefetched."""
    rows = conference.days.all() if known is None else known
    windows = [(one.opens_at, one.closes_at, one.date) for one in rows]
    return ProgrammeDays(conference.zone, conference.starts_on, conference.ends_on, windows)


def starting_in(field: str, stretches: Iterable[Stretch]) -> Q:
    """What starts within one of the stretches; `field` holds when it starts. Nothing where there is none."""
    found = Q(pk__in=[])
    for begins, ends in stretches:
        found |= Q(**{f"{field}__gte": begins, f"{field}__lt": ends})
    return found
