"""The newest release as plain data, as every file shows it: one read, however many sessions.

A draft comes in by `proof_of` alone, and says that it is one. Sessions that were cancelled since the release are left
out; what is shown of the others is decided by `schedule.domain.published.disclosure`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from schedule.domain.programme.days import ProgrammeDays, programme_days
from schedule.domain.published.identities import programme_address
from schedule.domain.published.reading import Wanted, fields_for, placed_by, published_room, read
from schedule.domain.published.values import PublishedRoom, PublishedSession, PublishedText, published_text
from schedule.models import Conference, Draft, Placement, Release, ReleasedPlacement, Session


@dataclass(frozen=True)
class PublishedDay:
    """A day with something on it. It is listed from its opening (or first start) to its closing (or last end)."""

    index: int
    date: date
    opens: datetime
    closes: datetime
    sessions: tuple[PublishedSession, ...]


@dataclass(frozen=True)
class PublishedProgramme:
    slug: str
    name: PublishedText
    theme: PublishedText
    venue: PublishedText
    sample_note: PublishedText
    url: str
    timezone: str
    languages: tuple[str, ...]
    starts_on: date
    ends_on: date
    slot_minutes: int
    number: int
    published_at: datetime
    rooms: tuple[PublishedRoom, ...]
    days: tuple[PublishedDay, ...]
    hours: Mapping[date, tuple[datetime, datetime]]
    # Tells which day anything belongs to, and knows no database.
    calendar: ProgrammeDays
    # The name of the draft, where this is a proof of one and nothing published.
    draft: str = ""

    @property
    def sessions(self) -> tuple[PublishedSession, ...]:
        return tuple(session for day in self.days for session in day.sessions)


def published(conference: Conference, release: Release) -> PublishedProgramme:
    """Everything public about `release`. At most six statements. The conference must be public; views see to that."""
    rows = ReleasedPlacement.objects.filter(release=release)
    return _programme(conference, rows, number=release.number, at=release.published_at)


def proof_of(conference: Conference, draft: Draft, *, now: datetime) -> PublishedProgramme:
    """What everybody would see, were this draft published now: for those who may see drafts. At most six statements."""
    programme = _programme(conference, Placement.objects.filter(draft=draft), number=0, at=now)
    return replace(programme, draft=draft.name)


def _programme(
    conference: Conference, rows: QuerySet[ReleasedPlacement] | QuerySet[Placement], *, number: int, at: datetime
) -> PublishedProgramme:
    windows = list(conference.days.all())
    placements: list[ReleasedPlacement | Placement] = list(
        rows.filter(session__state=Session.State.ACCEPTED)
        .select_related("session")
        .only("start", "end", "room_id", *fields_for(Wanted.ALL, "session__"))
        .order_by("start", "room__position", "session__code")
    )
    used = {placement.room_id for placement in placements}
    rooms = {room.pk: published_room(conference, room) for room in conference.rooms.filter(pk__in=used)}
    calendar = programme_days(conference, windows)
    hours = {one.date: (conference.local(one.opens_at), conference.local(one.closes_at)) for one in windows}
    by_date = calendar.by_day(with_own_numbers(read(conference, placed_by(placements, rooms))))
    return PublishedProgramme(
        slug=conference.slug,
        name=published_text(conference.name),
        theme=published_text(conference.theme),
        venue=published_text(conference.venue),
        sample_note=published_text(conference.sample_note),
        url=programme_address(conference),
        timezone=conference.timezone,
        languages=tuple(conference.languages),
        starts_on=conference.starts_on,
        ends_on=conference.ends_on,
        slot_minutes=conference.slot_minutes,
        number=number,
        published_at=conference.local(at),
        rooms=tuple(rooms.values()),
        days=tuple(day_of(conference.starts_on, day, hours.get(day), by_date[day]) for day in sorted(by_date)),
        hours=hours,
        calendar=calendar,
    )


def day_of(
    first: date, day: date, hours: tuple[datetime, datetime] | None, sessions: Sequence[PublishedSession]
) -> PublishedDay:
    """A day of a programme whose first day is `first`, with what is listed under it and its opening hours, if any."""
    moments = [(one.start, one.end) for one in sessions] + ([hours] if hours else [])
    # Compared as time goes by: an hour that the clocks show twice is there twice.
    opens = min((start for start, _end in moments), key=_as_time)
    closes = max((end for _start, end in moments), key=_as_time)
    return PublishedDay((day - first).days + 1, day, opens, closes, tuple(sessions))


def _as_time(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def with_own_numbers(sessions: Sequence[PublishedSession]) -> list[PublishedSession]:
    """Formats that want whole numbers get 31 bits of each session's uid; keys would tell how much there is besides.

    Two that share these bits get different numbers, the later uid the greater.
    """
    numbers: dict[uuid.UUID, int] = {}
    taken: set[int] = set()
    for session in sorted(sessions, key=lambda session: session.guid):
        number = session.number
        while number in taken:
            number += 1
        taken.add(number)
        numbers[session.guid] = number
    return [
        session if numbers[session.guid] == session.number else replace(session, number=numbers[session.guid])
        for session in sessions
    ]
