"""What the newest release and the rows of the programme offer of each session, and how that differs from before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import TextField
from django.db.models.functions import Cast
from i18nfield.strings import LazyI18nString

from registration.facts import Was
from registration.models import Seats
from schedule.models import Conference, Release, Session
from values.instants import after


@dataclass(frozen=True)
class Offer:
    """What the programme now says of one session: `during` is None where it is not on offer."""

    during: DateTimeTZRange | None
    room_id: int | None
    room_name: str
    venue: str
    title: str
    online_url: str
    exclusive: bool
    bookable: bool
    capacity: int
    closes_at: datetime | None

    @classmethod
    def of(cls, row: Seats) -> Offer:
        """What the seats said before."""
        return cls(
            row.during,
            row.room_id,
            row.room_name,
            row.venue,
            row.title,
            row.online_url,
            row.exclusive,
            row.bookable,
            row.capacity,
            row.closes_at,
        )


class _Placed(NamedTuple):
    """Where and when the release has a session, under the names that its room and the venue have now."""

    start: datetime
    end: datetime
    room_id: int
    room_name: str
    venue: str


# Names as the database holds them: compared as they are, and copied to the places.
_PLACED = (
    "session_id",
    "start",
    "end",
    "room_id",
    Cast("room__name", TextField()),
    Cast("release__conference__venue", TextField()),
)


def offers_of(conference: Conference, release: Release | None) -> dict[int, Offer]:
    """The truth for every session, by its key. Two queries."""
    placements: dict[int, _Placed] = {}
    if release is not None:
        placements = {row[0]: _Placed(*row[1:]) for row in release.placements.values_list(*_PLACED)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_id, capacity FROM registration_true_capacity(%s)", [conference.pk])
        capacity = dict(cursor.fetchall())
    exclusive = conference.overlap_rule == Conference.Overlap.REFUSE
    offers = {}
    sessions = Session.objects.for_conference(conference).select_related("kind")
    for session in sessions.only(
        "title", "online_url", "state", "signup", "signup_closes_minutes", "conference", "kind__is_break"
    ):
        placed = placements.get(session.pk) if session.state == Session.State.ACCEPTED else None
        offers[session.pk] = Offer(
            during=DateTimeTZRange(placed.start, placed.end) if placed else None,
            room_id=placed.room_id if placed else None,
            room_name=placed.room_name if placed else "",
            venue=placed.venue if placed else "",
            title=json.dumps(session.title.data, ensure_ascii=False, sort_keys=True),
            online_url=session.online_url if placed else "",
            exclusive=exclusive,
            bookable=placed is not None and session.takes_signups,
            capacity=capacity[session.pk],
            closes_at=_closes_at(placed, session, conference),
        )
    return offers


def _closes_at(placed: _Placed | None, session: Session, conference: Conference) -> datetime | None:
    """When sign-up closes: so many minutes before the start, by the session's choice or else the conference's."""
    if placed is None:
        return None
    own = session.signup_closes_minutes
    return after(placed.start, -(conference.signup_closes_minutes if own is None else own))


def kinds_of(before: Offer, after: Offer) -> list[str]:
    """What of an offer changed for those who hold a place."""
    pairs = {
        "time": (before.during, after.during),
        "room": (before.room_id, after.room_id),
        "venue": (before.venue, after.venue),
        "title": (before.title, after.title),
        "online": (before.online_url, after.online_url),
    }
    kinds = [name for name, (was, now) in pairs.items() if was != now]
    # Another room has another name; that is one change.
    renamed = before.room_id == after.room_id and before.room_name != after.room_name
    return [*kinds, "room_name"] if renamed else kinds


def was_before(before: Offer) -> Was | None:
    """What a mail needs to know of an offer that has changed; None where nothing was on offer."""
    if before.during is None:
        return None
    return Was(
        start=before.during.lower,
        end=before.during.upper,
        room=before.room_id,
        room_name=LazyI18nString(before.room_name).data,
        venue=LazyI18nString(before.venue).data,
        title=json.loads(before.title) if before.title else "",
        online=online_mark(before.online_url),
    )


def online_mark(url: str) -> str:
    """What the journal keeps of an address to join online: enough to see that it changed, not to join."""
    return hashlib.sha256(url.encode()).hexdigest()[:16] if url else ""
