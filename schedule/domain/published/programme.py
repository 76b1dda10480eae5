"""The newest release as plain data, as every file shows it: one read, however many sessions.

Nothing of drafts comes in here. Sessions that were cancelled since the release are left out; what is shown of the
others is decided by `schedule.domain.published.disclosure`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from schedule.domain.programme.days import programme_days
from schedule.domain.published.identities import programme_address
from schedule.domain.published.reading import Wanted, fields_for, placed_by, published_room, read
from schedule.domain.published.values import PublishedRoom, PublishedSession, PublishedText, published_text
from schedule.models import Conference, Day, Release, ReleasedPlacement, Session


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

    @property
    def sessions(self) -> tuple[PublishedSession, ...]:
        return tuple(session for day in self.days for session in day.sessions)


def published(conference: Conference, release: Release) -> PublishedProgramme:
    """Everything public about `release`. At most six statements. The conference must be public; views see to that."""
    windows = list(conference.days.all())
    placements = list(
        ReleasedPlacement.objects.filter(release=release, session__state=Session.State.ACCEPTED)
        .select_related("session")
        .only("start", "end", "room_id", *fields_for(Wanted.ALL, "session__"))
        .order_by("start", "room__position", "session__code")
    )
    used = {placement.room_id for placement in placements}
    rooms = {room.pk: published_room(conference, room) for room in conference.rooms.filter(pk__in=used)}
    by_date = programme_days(conference, windows).by_day(
        _with_own_numbers(read(conference, placed_by(placements, rooms)))
    )
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
        number=release.number,
        published_at=conference.local(release.published_at),
        rooms=tuple(rooms.values()),
        days=tuple(_day(conference, windows, day, by_date[day]) for day in sorted(by_date)),
    )


def _day(
    conference: Conference, windows: Sequence[Day], day: date, sessions: Sequence[PublishedSession]
) -> PublishedDay:
    window = next((window for window in windows if window.date == day), None)
    opens, closes = min(s.start for s in sessions), max(s.end for s in sessions)
    if window is not None:
        opens, closes = min(opens, conference.local(window.opens_at)), max(closes, conference.local(window.closes_at))
    return PublishedDay((day - conference.starts_on).days + 1, day, opens, closes, tuple(sessions))


def _with_own_numbers(sessions: Sequence[PublishedSession]) -> list[PublishedSession]:
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
