"""The newest release as plain data, as every export shows it: one read, however many sessions.

Nothing of drafts comes in here. Sessions that were cancelled since the release are left out; sessions by invitation
keep their title, time and room only, for the rest concerns those who are invited.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from schedule.domain.programme.days import programme_days
from schedule.models import (
    Conference,
    Day,
    Release,
    ReleasedPlacement,
    Role,
    Room,
    Session,
    SessionHost,
    SignupPolicy,
)

# What neither XML 1.0 (section 2.2) nor a spreadsheet can hold.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class PublishedText:
    """A text in all its languages."""

    source: LazyI18nString

    def in_language(self, language: str) -> str:
        """The text in `language`, else in the site's, else in any; free of characters no format can hold."""
        return _UNPRINTABLE.sub("", self.source.localize(language)).strip()


def _text(value: LazyI18nString | str) -> PublishedText:
    """Fields of rows that were just made may still hold a plain string."""
    return PublishedText(value if isinstance(value, LazyI18nString) else LazyI18nString(value))


@dataclass(frozen=True)
class PublishedRoom:
    code: str
    guid: uuid.UUID
    name: PublishedText
    capacity: int


@dataclass(frozen=True)
class PublishedPerson:
    guid: uuid.UUID
    name: PublishedText


@dataclass(frozen=True)
class PublishedSession:
    """One session with its time on the conference's clocks. `number` is a stable integer that tells nothing."""

    guid: uuid.UUID
    number: int
    code: str
    url: str
    kind_code: str
    kind: PublishedText
    title: PublishedText
    abstract: PublishedText
    start: datetime
    end: datetime
    room: PublishedRoom
    languages: tuple[str, ...]
    interpretation_pairs: tuple[str, ...]
    sign_languages: tuple[str, ...]
    caption_languages: tuple[str, ...]
    hosts: tuple[PublishedText, ...]
    people: tuple[PublishedPerson, ...]
    by_invitation: bool

    @property
    def minutes(self) -> int:
        return round((self.end.timestamp() - self.start.timestamp()) / 60)


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
    """Everything public about `release`. Six statements. The conference must be public; views see to that."""
    windows = list(conference.days.all())
    placements = list(
        ReleasedPlacement.objects.filter(release=release, session__state=Session.State.ACCEPTED)
        .select_related("session")
        .order_by("start", "room__position", "session__code")
    )
    numbers = _numbers([placement.session for placement in placements])
    used = {placement.room_id for placement in placements}
    rooms = {room.pk: _room(conference, room) for room in conference.rooms.filter(pk__in=used)}
    parts = _Parts(
        kinds={kind.pk: (kind.code, _text(kind.name)) for kind in conference.kinds.all()},
        people=_people(conference, release),
        hosts=_hosts(release),
    )
    sessions = [
        _session(conference, placement, rooms[placement.room_id], numbers[placement.session_id], parts)
        for placement in placements
    ]
    by_date = programme_days(conference, windows).by_day(sessions)
    return PublishedProgramme(
        slug=conference.slug,
        name=_text(conference.name),
        theme=_text(conference.theme),
        venue=_text(conference.venue),
        sample_note=_text(conference.sample_note),
        url=f"{settings.SITE_URL}{reverse('website:programme', args=[conference.slug])}",
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


@dataclass(frozen=True)
class _Parts:
    """What sessions refer to: kinds by key, people and hosts by the session's key."""

    kinds: dict[int, tuple[str, PublishedText]]
    people: dict[int, tuple[PublishedPerson, ...]]
    hosts: dict[int, tuple[PublishedText, ...]]


def _people(conference: Conference, release: Release) -> dict[int, tuple[PublishedPerson, ...]]:
    """Who appears in each session, in the order of their roles, each once."""
    known: dict[str, PublishedPerson] = {}
    found: dict[int, dict[str, PublishedPerson]] = {}
    for session_id, code, name in (
        Role.objects.filter(session__released_placements__release=release, person__isnull=False)
        .order_by("session_id", "position", "pk")
        .values_list("session_id", "person__code", "person__name")
    ):
        if code not in known:
            known[code] = PublishedPerson(person_identity(conference, code), _text(name))
        found.setdefault(session_id, {})[code] = known[code]
    return {session_id: tuple(people.values()) for session_id, people in found.items()}


def _hosts(release: Release) -> dict[int, tuple[PublishedText, ...]]:
    """The organisations public pages name for each session, in their order."""
    found: dict[int, list[PublishedText]] = {}
    for session_id, name in (
        SessionHost.objects.filter(session__released_placements__release=release, is_shown=True)
        .order_by("session_id", "position", "pk")
        .values_list("session_id", "body__name")
    ):
        found.setdefault(session_id, []).append(_text(name))
    return {session_id: tuple(hosts) for session_id, hosts in found.items()}


def _day(
    conference: Conference, windows: Sequence[Day], day: date, sessions: Sequence[PublishedSession]
) -> PublishedDay:
    window = next((window for window in windows if window.date == day), None)
    opens, closes = min(s.start for s in sessions), max(s.end for s in sessions)
    if window is not None:
        opens, closes = min(opens, conference.local(window.opens_at)), max(closes, conference.local(window.closes_at))
    return PublishedDay((day - conference.starts_on).days + 1, day, opens, closes, tuple(sessions))


def _identity(conference: Conference, *parts: str) -> uuid.UUID:
    """A name-based UUID (RFC 9562, 5.5) for what has no uid of its own; the same for ever."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join((settings.CALENDAR_DOMAIN, conference.slug, *parts)))


def person_identity(conference: Conference, code: str) -> uuid.UUID:
    """How public files and addresses name somebody. The code itself stays inside: it may tell a name kept back."""
    return _identity(conference, "people", code)


def _room(conference: Conference, room: Room) -> PublishedRoom:
    """The room under the name it has now, as calendars say it."""
    return PublishedRoom(room.code, _identity(conference, "rooms", room.code), _text(room.name), room.capacity)


def _numbers(sessions: Sequence[Session]) -> dict[int, int]:
    """Formats that want whole numbers get 31 bits of each session's uid; keys would tell how much there is besides."""
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    for session in sorted(sessions, key=lambda session: session.uid):
        number = (session.uid.int >> 97) or 1
        while number in taken:
            number += 1
        taken.add(number)
        numbers[session.pk] = number
    return numbers


def _session(
    conference: Conference, placement: ReleasedPlacement, room: PublishedRoom, number: int, parts: _Parts
) -> PublishedSession:
    session = placement.session
    by_invitation = session.signup == SignupPolicy.INVITATION
    kind_code, kind = parts.kinds[session.kind_id]
    return PublishedSession(
        guid=session.uid,
        number=number,
        code=session.code,
        url=f"{settings.SITE_URL}{reverse('website:session', args=[conference.slug, session.code])}",
        kind_code=kind_code,
        kind=kind,
        # The session's own title, not the one it was released under: a new title is told at once, as in calendars.
        title=_text(session.title),
        abstract=_text("" if by_invitation else session.abstract),
        start=conference.local(placement.start),
        end=conference.local(placement.end),
        room=room,
        languages=() if by_invitation else tuple(session.languages),
        interpretation_pairs=() if by_invitation else tuple(session.interpretation_pairs),
        sign_languages=() if by_invitation else tuple(session.sign_languages),
        caption_languages=() if by_invitation else tuple(session.caption_languages),
        hosts=() if by_invitation else parts.hosts.get(session.pk, ()),
        people=() if by_invitation else parts.people.get(session.pk, ()),
        by_invitation=by_invitation,
    )
