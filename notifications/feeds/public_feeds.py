"""Public calendars: the published programme, or a part of it, with the identity and history of every session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from i18nfield.strings import LazyI18nString

from journal.models import Entry as JournalEntry
from notifications.calendars.checks import checked
from notifications.calendars.entries import CalendarEntry, CalendarError
from notifications.calendars.events import Keep
from notifications.mails.calendar_entries import (
    Subscribed,
    calendar_info,
    called_off,
    conference_entry,
    location,
    subscribed,
    subscribed_once,
    uid,
)
from notifications.mails.calendar_place import CalendarPlace
from notifications.wordings.session_facts import description_of, session_facts
from notifications.wordings.texts import text_in
from schedule.domain.programme.days import ProgrammeDays, programme_days
from schedule.domain.published.details import LastEdits, last_edits
from schedule.domain.published.reading import Placed, SessionRow, one_of, published_room, read
from schedule.domain.published.values import PublishedRoom, PublishedSession
from schedule.facts.programme import RoomRenamed, SessionCancelled, SessionReinstated, SessionRenamed, VenueChanged
from schedule.models import Conference, Room, Session


@dataclass(frozen=True)
class FeedPart:
    """What a public feed is narrowed to: at most one of these."""

    day: date | None = None
    room: str = ""
    kind: str = ""
    theme: str = ""
    speaker: UUID | None = None
    session: str = ""

    def holds(self, row: Published, days: ProgrammeDays | None) -> bool:
        """Whether a session belongs to this part, as far as its reader may know that.

        A part that is a day needs the `days` of the conference, a speaker's the people of the session.
        """
        session = row.session
        if self.day:
            return days is not None and days.day_of(row.place.start) == self.day
        if self.room:
            return session.room.code == self.room
        if self.kind:
            return session.kind.code == self.kind
        if self.theme:
            return session.theme is not None and session.theme.code == self.theme
        if self.speaker:
            return any(person.guid == self.speaker for person in session.people)
        return not self.session or session.code == self.session


@dataclass(frozen=True)
class Wish:
    """How a reader wants a public calendar: its part, the reminder, and whether it is fetched once only."""

    part: FeedPart = FeedPart()
    alarm_minutes: int | None = None
    once: bool = False


@dataclass(frozen=True)
class Published:
    """A session as the newest release that had it says; `cancelled` when it has vanished or was called off.

    `sequence` counts what ever changed about it in public: it never falls.
    """

    session: PublishedSession
    place: CalendarPlace
    cancelled: bool
    sequence: int
    first_at: datetime
    changed_at: datetime


# Changes that need no release: of the title, of whether the session takes place, of the names of its room and venue.
_OF_SESSION = tuple(fact.verb for fact in (SessionRenamed, SessionCancelled, SessionReinstated))
_OF_ROOM, _OF_VENUE = RoomRenamed.verb, VenueChanged.verb


# Each session's way through the releases: what the newest one that had it says, and how often that had changed.
# A session that a release left out has vanished once and come back once. Instants are seconds since 1970: reading
# thousands of timestamps would take longer than the rest of the query.
_HISTORY = """
WITH numbered AS (
    SELECT id, published_at, row_number() OVER (ORDER BY number) AS ordinal
    FROM schedule_release WHERE conference_id = %(conference)s
), steps AS (
    SELECT placement.session_id, placement.start, placement."end", placement.room_id,
           numbered.ordinal, numbered.published_at,
           CASE WHEN lag(numbered.ordinal) OVER way IS NULL THEN 0
                WHEN lag(numbered.ordinal) OVER way < numbered.ordinal - 1 THEN 2
                WHEN (placement.start, placement."end", placement.room_id)
                     IS DISTINCT FROM (lag(placement.start) OVER way, lag(placement."end") OVER way,
                                       lag(placement.room_id) OVER way) THEN 1
                ELSE 0 END AS changes
    FROM schedule_releasedplacement placement
    JOIN numbered ON numbered.id = placement.release_id
    JOIN schedule_session session ON session.id = placement.session_id
    WHERE %(code)s IN ('', session.code)
    WINDOW way AS (PARTITION BY placement.session_id ORDER BY numbered.ordinal)
), summed AS (
    SELECT session_id, max(ordinal) AS ordinal, sum(changes)::int AS changes, min(published_at) AS first_at,
           max(published_at) FILTER (WHERE changes > 0) AS changed_at
    FROM steps GROUP BY session_id
)
SELECT steps.session_id, steps.room_id, room.code, room.name, room.capacity, room.features, room.position,
       summed.changes,
       floor(extract(epoch FROM steps.start))::bigint, floor(extract(epoch FROM steps."end"))::bigint,
       floor(extract(epoch FROM summed.first_at))::bigint,
       floor(extract(epoch FROM coalesce(summed.changed_at, summed.first_at)))::bigint,
       floor(extract(epoch FROM gone.published_at))::bigint
FROM summed
JOIN steps ON steps.session_id = summed.session_id AND steps.ordinal = summed.ordinal
JOIN schedule_room room ON room.id = steps.room_id
LEFT JOIN numbered gone ON gone.ordinal = summed.ordinal + 1
"""


def published_sessions(conference: Conference, code: str = "") -> list[Published]:
    """Every session any release ever had, or the one with this code. Seven queries."""
    history = _history(conference, code)
    if not history:
        return []
    changes, edits = _changes(conference, history), last_edits(conference, history)
    sessions = Session.objects.filter(pk__in=one_of(history)).order_by("pk")
    rows = map(SessionRow._make, sessions.values_list(*SessionRow._fields))
    placed = [_placed(row, history[row.pk]) for row in rows]
    return [
        _published(session, history[session.key], changes[session.key], edits.get(session.key), conference)
        for session in read(conference, placed)
    ]


def _placed(session: SessionRow, track: _Track) -> Placed:
    return Placed(session, track.start, track.end, track.room, is_in_newest=track.gone_at is None)


Moments = dict[int, list[datetime]]


def _changes(conference: Conference, sessions: Collection[int]) -> Moments:
    """When each of these sessions changed without a release. One query."""
    found: Moments = defaultdict(list)
    entries = JournalEntry.objects.filter(
        Q(verb__in=_OF_SESSION, subject_id__in=one_of(sessions)) | Q(verb__in=(_OF_ROOM, _OF_VENUE)),
        conference_id=conference.pk,
    )
    for verb, subject, moment, data in entries.values_list("verb", "subject_id", "at", "data"):
        changed = {_OF_ROOM: data.get("sessions"), _OF_VENUE: sessions}.get(verb, [subject])
        for session in changed:
            found[session].append(moment)
    return found


@dataclass
class _Track:
    """One session's way through the releases. `gone_at` is when a release first left it out for good."""

    room_id: int
    room: PublishedRoom
    changes: int
    start: datetime
    end: datetime
    first_at: datetime
    changed_at: datetime
    gone_at: datetime | None


def _history(conference: Conference, code: str) -> dict[int, _Track]:
    """How every session, or the one with this code, went through all releases. One query."""
    rooms: dict[int, PublishedRoom] = {}
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, {"conference": conference.pk, "code": code})
        rows = cursor.fetchall()
    tracks = {}
    for session_id, room_id, *about, changes, start, end, first, changed, gone in rows:
        if room_id not in rooms:
            rooms[room_id] = _room(conference, about)
        tracks[session_id] = _Track(
            room_id,
            rooms[room_id],
            changes,
            _instant(start),
            _instant(end),
            _instant(first),
            _instant(changed),
            None if gone is None else _instant(gone),
        )
    return tracks


def _room(conference: Conference, about: Sequence[Any]) -> PublishedRoom:
    """From the columns of _HISTORY that are about the room."""
    code, name, capacity, features, position = about
    room = Room(code=code, name=LazyI18nString(name), capacity=capacity, features=features, position=position)
    return published_room(conference, room)


@lru_cache(maxsize=4096)
def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _published(  # a session, its way through the releases, and what happened besides
    session: PublishedSession, track: _Track, changes: list[datetime], edits: LastEdits | None, conference: Conference
) -> Published:
    edits = edits or LastEdits()
    # Where no details are shown, an edit of one changes nothing.
    shown = edits.of_all if session.shows_details else edits.of_outline
    moments = [track.changed_at, *changes, *filter(None, (shown, track.gone_at))]
    name, title = session.room.name.source, session.title.source
    return Published(
        session=session,
        place=CalendarPlace(track.start, track.end, name, title, track.room_id, venue=conference.venue),
        cancelled=session.is_off,
        sequence=track.changes + len(changes) + (track.gone_at is not None),
        first_at=track.first_at,
        changed_at=max(moments).astimezone(UTC).replace(microsecond=0),
    )


def public_feed(
    conference: Conference, language: str, wish: Wish, *, source: str, name: str = "", keep: Keep | None = None
) -> Subscribed:
    """The published programme, or a part of it, in one language. Seven queries; eight for a day's.

    One that calendars would refuse for its size is written without abstracts and, where that is not enough, without
    descriptions. `keep` has events written before.
    """
    part = wish.part
    days = programme_days(conference) if part.day else None
    rows = [row for row in published_sessions(conference, part.session) if part.holds(row, days)]
    entries = [session_entry(row, conference, language, alarm_minutes=wish.alarm_minutes) for row in rows]
    write = subscribed_once if wish.once else subscribed
    info = calendar_info(conference, language, source=None if wish.once else source, name=name)
    written = write(entries, info, keep)
    if written.feed.oversize:
        facts = [session_facts(row.session, language) for row in rows]
        entries = [replace(entry, description=said) for entry, said in zip(entries, facts, strict=True)]
        written = write(entries, info, keep)
    if written.feed.oversize:
        return write([replace(entry, description="") for entry in entries], info, keep)
    return written


def left_out(conference: Conference) -> list[tuple[PublishedSession, str]]:
    """Sessions of the programme that no calendar can hold, with the reason. Seven queries."""
    found = []
    for row in published_sessions(conference):
        for language in conference.languages:
            try:
                checked(session_entry(row, conference, language))
            except CalendarError as error:
                found.append((row.session, str(error)))
                break
    return found


def conference_feed(conference: Conference, language: str, *, once: bool, source: str) -> Subscribed:
    """The conference as one entry over all its days. No query."""
    info = calendar_info(conference, language, source=None if once else source)
    return (subscribed_once if once else subscribed)([conference_entry(conference, language)], info)


def session_entry(
    row: Published, conference: Conference, language: str, *, alarm_minutes: int | None = None
) -> CalendarEntry:
    """A session in the public calendar. Nobody is made busy by a programme they only look at."""
    session = row.session
    entry = CalendarEntry(
        uid=uid(session.guid),
        sequence=row.sequence,
        status="CONFIRMED",
        start=row.place.start,
        end=row.place.end,
        timezone=conference.timezone,
        summary=text_in(row.place.title, language),
        description=description_of(session, language),
        location=location(row.place, language),
        url=session.url,
        categories=tuple(
            text_in(label.name.source, language) for label in (session.kind, session.theme) if label is not None
        ),
        changed_at=row.changed_at,
        created_at=row.first_at,
        language=language,
        alarm_minutes=alarm_minutes,
        transparent=True,
    )
    return called_off(entry) if row.cancelled else entry
