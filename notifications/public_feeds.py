"""Public calendars: the published programme, or a part of it, with the identity and history of every session."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

from i18nfield.strings import LazyI18nString

from journal.models import Entry as JournalEntry
from notifications import addresses
from notifications.calendar_entries import Subscribed, calendar_info, location, subscribed, uid
from notifications.calendars.entries import Entry, Status
from notifications.letters import Place
from notifications.wording import text_in
from schedule.models import Conference, ReleasedPlacement, Session

# Descriptions are cut here, so that the feed of a thousand sessions stays below what calendars import.
MAX_DESCRIPTION = 400


@dataclass(frozen=True)
class Part:
    """What a public feed is narrowed to: at most one of these."""

    day: date | None = None
    room: str = ""
    kind: str = ""
    session: str = ""

    def holds(self, row: Published, conference: Conference) -> bool:
        """Whether a session belongs to this part."""
        if self.day:
            return conference.local(row.place.start).date() == self.day
        if self.room:
            return row.room_code == self.room
        if self.kind:
            return row.session.kind.code == self.kind
        return not self.session or row.session.code == self.session


@dataclass(frozen=True)
class Published:
    """A session as the newest release that had it says; `cancelled` when it has vanished or was called off.

    `sequence` counts what ever changed about it in public: it never falls.
    """

    session: Session
    place: Place
    room_code: str
    cancelled: bool
    sequence: int
    first_at: datetime
    changed_at: datetime


# A change of the title, or of whether the session takes place, that needs no release.
_CHANGES = ("session.renamed", "session.cancelled", "session.reinstated")


def published_sessions(conference: Conference) -> list[Published]:
    """Every session any release ever had. Four queries."""
    releases = list(conference.releases.order_by("number").values_list("pk", "published_at"))
    if not releases:
        return []
    history = _history(releases)
    changes: dict[int | None, list[datetime]] = defaultdict(list)
    edited = JournalEntry.objects.filter(conference_id=conference.pk, verb__in=_CHANGES, subject_id__in=history)
    for session_id, moment in edited.values_list("subject_id", "at"):
        changes[session_id].append(moment)
    sessions = Session.objects.filter(pk__in=history).select_related("kind")
    return [_published(session, history[session.pk], changes[session.pk]) for session in sessions.order_by("pk")]


@dataclass
class _Track:
    """One session's way through the releases."""

    first_at: datetime
    changed_at: datetime
    start: datetime
    end: datetime
    room_id: int
    room_code: str
    room_name: LazyI18nString
    changes: int = 0
    present: bool = True


def _history(releases: list[tuple[int, datetime]]) -> dict[int, _Track]:
    """Follow every session through all releases, oldest first."""
    rows: dict[int, list[tuple]] = defaultdict(list)
    fields = ("release_id", "session_id", "start", "end", "room_id", "room__code", "room_name")
    placements = ReleasedPlacement.objects.filter(release_id__in=[pk for pk, _ in releases])
    for release_id, *rest in placements.order_by().values_list(*fields):
        rows[release_id].append(tuple(rest))
    tracks: dict[int, _Track] = {}
    for release_id, published_at in releases:
        seen = set()
        for session_id, start, end, room_id, room_code, room_name in rows[release_id]:
            seen.add(session_id)
            track = tracks.get(session_id)
            if track is None:
                tracks[session_id] = _Track(
                    published_at, published_at, start, end, room_id, room_code, room_name
                )  # fmt: skip
                continue
            new = (start, end, room_id, room_name)
            if not track.present or new != (track.start, track.end, track.room_id, track.room_name):
                track.changes, track.changed_at = track.changes + 1, published_at
            track.start, track.end, track.room_id, track.room_name = new
            track.room_code, track.present = room_code, True
        for session_id, track in tracks.items():
            if track.present and session_id not in seen:
                track.present, track.changes, track.changed_at = False, track.changes + 1, published_at
    return tracks


def _published(session: Session, track: _Track, edited: list[datetime]) -> Published:
    changed_at = max([track.changed_at, *edited])
    return Published(
        session=session,
        place=Place(track.start, track.end, track.room_name, session.title, track.room_id),
        room_code=track.room_code,
        cancelled=not track.present or session.state == Session.State.CANCELLED,
        sequence=track.changes + len(edited),
        first_at=track.first_at,
        changed_at=changed_at.astimezone(UTC).replace(microsecond=0),
    )


def public_feed(conference: Conference, language: str, part: Part, *, source: str, name: str = "") -> Subscribed:
    """The published programme, or a part of it, in one language. Four queries."""
    rows = [row for row in published_sessions(conference) if part.holds(row, conference)]
    entries = [session_entry(row, conference, language) for row in rows]
    return subscribed(entries, calendar_info(conference, language, source=source, name=name))


def session_entry(row: Published, conference: Conference, language: str) -> Entry:
    """A session in the public calendar. Nobody is made busy by a programme they only look at."""
    status: Status = "CANCELLED" if row.cancelled else "CONFIRMED"
    return Entry(
        uid=uid(row.session.uid),
        sequence=row.sequence,
        status=status,
        start=row.place.start,
        end=row.place.end,
        timezone=conference.timezone,
        summary=text_in(row.session.title, language),
        description=_description(row.session, language),
        location=location(row.place, conference, language),
        url=addresses.session(conference.slug, row.session.code),
        categories=(text_in(row.session.kind.name, language),),
        changed_at=row.changed_at,
        created_at=row.first_at,
        language=language,
        transparent=True,
    )


def _description(session: Session, language: str) -> str:
    text: str = session.abstract.localize(language) if session.abstract else ""
    return text if len(text) <= MAX_DESCRIPTION else text[:MAX_DESCRIPTION].rstrip() + "…"
