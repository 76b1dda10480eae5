"""The sessions one could still sign up for: all at once or, where they are many, one day at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from registration.domain.signups.queries import SessionPlace
from website.programme.page import DayTab

# So many are one list; more are a day at a time.
MANY = 60
# The parameter that names the day: of the page's address, and of every form on it, whose answer shows the same day.
DAY = "day"
# Where they stand on the page.
PLACE = "more"


@dataclass(frozen=True)
class Choices:
    """What is shown of them, by day; with tabs it is one day. `day` is the name of that, else empty."""

    by_day: Mapping[date, list[SessionPlace]]
    tabs: list[DayTab]
    day: str

    def __bool__(self) -> bool:
        return bool(self.by_day)


def choices_of(by_day: Mapping[date, list[SessionPlace]], asked: date | None, *, today: date) -> Choices:
    """All days where there are few; else the one asked for, today, or the first that has any."""
    if len(by_day) < 2 or sum(map(len, by_day.values())) <= MANY:
        return Choices(by_day, [], "")
    shown = next((one for one in (asked, today) if one is not None and one in by_day), next(iter(by_day)))
    tabs = [DayTab(one, f"?{urlencode({DAY: one.isoformat()})}#{PLACE}", one == shown) for one in by_day]
    return Choices({shown: by_day[shown]}, tabs, shown.isoformat())


def asked_day(request: HttpRequest) -> date | None:
    """The day that a form or an address names; None for none, and for what is no date."""
    try:
        return date.fromisoformat(request.POST.get(DAY) or request.GET.get(DAY, ""))
    except ValueError:
        return None


def way_home(request: HttpRequest, slug: str, **more: str) -> str:
    """The address of my page, on the day that was looked at; `more` are further parameters."""
    day = asked_day(request)
    query = ({DAY: day.isoformat()} if day else {}) | more
    return reverse("website:my_conference", args=[slug]) + (f"?{urlencode(query)}" if query else "")
