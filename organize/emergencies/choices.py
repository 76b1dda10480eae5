"""Whom an emergency can be about: what is published and still to come, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organize.emergencies.words import moment
from schedule.domain.programme.days import programme_days
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Day, ReleasedPlacement, Role, Room, Session
from values.instants import after


@dataclass(frozen=True)
class EmergencyChoice:
    """Something to choose, by its code, with a line that tells it from others."""

    code: str
    name: str
    note: str


@dataclass(frozen=True)
class ChoiceDay:
    """The choices of one day; the first is shown unfolded."""

    name: str
    choices: Sequence[EmergencyChoice]


def coming(conference: Conference, *, now: datetime, begun: bool = True) -> list[ReleasedPlacement]:
    """What is published and not over, without what is cancelled; without what has `begun` if asked. Two queries."""
    release = newest_release(conference)
    if release is None:
        return []
    bound = {"end__gt": now} if begun else {"start__gt": now}
    rows = release.placements.filter(session__state=Session.State.ACCEPTED, **bound)
    return list(rows.select_related("session", "room").order_by("start", "room__position", "session__code"))


def sessions_to_choose(conference: Conference, *, now: datetime, begun: bool) -> list[ChoiceDay]:
    """Sessions by day. Three queries."""
    days = programme_days(conference)
    found = days.by_day(coming(conference, now=now, begun=begun))
    return [
        ChoiceDay(
            date_format(day, str(_("l, j F Y"))),
            [_choice(conference, one) for one in rows],
        )
        for day, rows in found.items()
    ]


def rooms_to_choose(conference: Conference, *, now: datetime) -> list[EmergencyChoice]:
    """Rooms, each with what is in it next. Three queries."""
    following = _first((one.room_id, one) for one in coming(conference, now=now))
    rooms = Room.objects.filter(conference=conference)
    return [EmergencyChoice(room.code, str(room.name), _next(conference, following.get(room.pk))) for room in rooms]


def people_to_choose(conference: Conference, *, now: datetime) -> list[EmergencyChoice]:
    """Who still has to appear in person, the next one first. Three queries."""
    at = {one.session_id: one for one in coming(conference, now=now)}
    roles = Role.objects.filter(session__in=at, mode=Role.Mode.IN_PERSON, person__isnull=False).select_related("person")
    ordered = sorted(roles, key=lambda role: (at[role.session_id].start, role.pk))
    following = _first((role.person_id, at[role.session_id]) for role in ordered)
    people = {role.person_id: role.person for role in ordered}
    return [
        EmergencyChoice(person.code, str(person.name), _next(conference, following.get(key)))
        for key, person in people.items()
        if person is not None
    ]


def usual_times(conference: Conference, *, now: datetime) -> tuple[datetime, datetime]:
    """From now to the end of the day; before the conference and between its days, the whole day that comes next."""
    windows = list(Day.objects.filter(conference=conference).order_by("opens_at"))
    ahead = next((day for day in windows if day.closes_at > now), None)
    if ahead is None:
        return now, after(now, 60)
    begins = max(ahead.opens_at, now).replace(second=0, microsecond=0)
    return begins, ahead.closes_at


def _first(pairs: Iterable[tuple[int | None, ReleasedPlacement]]) -> dict[int | None, ReleasedPlacement]:
    """The first of each; pairs are in order of time."""
    found: dict[int | None, ReleasedPlacement] = {}
    for key, one in pairs:
        found.setdefault(key, one)
    return found


def _choice(conference: Conference, one: ReleasedPlacement) -> EmergencyChoice:
    return EmergencyChoice(one.session.code, str(one.session.title), f"{_span(conference, one)}, {one.room.name}")


def _next(conference: Conference, one: ReleasedPlacement | None) -> str:
    return f"{_span(conference, one)}, {one.session.title}" if one else _("nothing any more")


def _span(conference: Conference, one: ReleasedPlacement) -> str:
    return f"{moment(one.start)}–{date_format(conference.local(one.end), 'H:i')}"
