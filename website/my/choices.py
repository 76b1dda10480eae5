"""The sessions one could still sign up for: all at once or, where they are many, by day, or by the hours of a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from registration.domain.signups.queries import SessionPlace
from website.programme.page import DayTab

# So many are one list; more are a day at a time, and more than that in a day an hour at a time.
MANY = 60
# The parameter that names the day, and perhaps the hour: "2037-06-01", "2037-06-01T13". Of the page's address, and of
# every form on it, whose answer shows the same.
DAY = "day"
# Where they stand on the page.
PLACE = "more"


class AskedHour(NamedTuple):
    """A day, and an hour of the conference's clocks in which sessions begin."""

    day: date
    hour: int | None = None


@dataclass(frozen=True)
class HourTab:
    """A way to the sessions that begin in an hour of the day that is shown."""

    hour: int
    url: str
    is_current: bool


@dataclass(frozen=True)
class Choices:
    """What is shown of them, by day; with tabs it is one day, with hours those that begin in one hour of it.

    `day` is what names that in addresses and forms, else empty.
    """

    by_day: Mapping[date, list[SessionPlace]]
    tabs: list[DayTab]
    hours: list[HourTab]
    day: str

    def __bool__(self) -> bool:
        return bool(self.by_day)


def choices_of(
    by_day: Mapping[date, list[SessionPlace]],
    asked: AskedHour | None,
    *,
    today: date,
    local: Callable[[datetime], datetime],
) -> Choices:
    """All days where there are few; else the one asked for, today, or the first that has any, and where that has many,
    the hour asked for, the next one that has any, or the first. `local` puts an instant on the conference's clocks.
    """
    if sum(map(len, by_day.values())) <= MANY:
        return Choices(by_day, [], [], "")
    shown = next((one for one in (asked and asked.day, today) if one is not None and one in by_day), next(iter(by_day)))
    tabs = [DayTab(one, _address(AskedHour(one)), one == shown) for one in by_day] if len(by_day) > 1 else []
    places = by_day[shown]
    if len(places) <= MANY:
        return Choices({shown: places}, tabs, [], _name(AskedHour(shown)))
    hours: dict[int, list[SessionPlace]] = {}
    for place in places:
        hours.setdefault(local(place.start).hour, []).append(place)
    # Whoever takes the last one of an hour goes on to the next.
    wanted = asked.hour if asked is not None and asked.day == shown else None
    now = wanted if wanted in hours else next((hour for hour in hours if hour > (wanted or 0)), next(iter(hours)))
    ways = [HourTab(hour, _address(AskedHour(shown, hour)), hour == now) for hour in hours]
    return Choices({shown: hours[now]}, tabs, ways, _name(AskedHour(shown, now)))


def asked_day(request: HttpRequest) -> AskedHour | None:
    """What a form or an address names; None for nothing, and for what is no day and no hour of one."""
    day, _, hour = (request.POST.get(DAY) or request.GET.get(DAY, "")).partition("T")
    if len(hour) not in (0, 2):
        return None
    try:
        return AskedHour(date.fromisoformat(day), time.fromisoformat(hour).hour if hour else None)
    except ValueError:
        return None


def _name(asked: AskedHour) -> str:
    return asked.day.isoformat() + ("" if asked.hour is None else f"T{asked.hour:02}")


def _address(asked: AskedHour) -> str:
    return f"?{urlencode({DAY: _name(asked)})}#{PLACE}"


def way_home(request: HttpRequest, slug: str, **more: str) -> str:
    """The address of my page, on the day and hour that were looked at; `more` are further parameters."""
    asked = asked_day(request)
    query = ({DAY: _name(asked)} if asked else {}) | more
    return reverse("website:my_conference", args=[slug]) + (f"?{urlencode(query)}" if query else "")
