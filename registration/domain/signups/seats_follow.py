"""Letting sign-ups follow the programme: new times and rooms, more or fewer places, cancelled sessions.

Called (through `schedule.ports.follow`) as the last step of every change of the programme, in its transaction. It locks
the seats of the whole conference, so no sign-up happens between the old and the new programme.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, TextField
from django.db.models.functions import Cast
from i18nfield.strings import LazyI18nString

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_all
from registration.domain.signups.clash import overlap
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.waiting_list import fill_all
from registration.facts import PlaceChanged, PlaceLeft, PlaceLost, PlaceOffered, Was
from registration.models import Seats, SignUp
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, Release, Session
from values.instants import after

State = SignUp.State


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
        )


@dataclass
class Followed:
    """What a change of the programme meant for people. Each list holds keys of sign-ups."""

    changed: list[int] = field(default_factory=list)
    offered: list[int] = field(default_factory=list)
    displaced: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    promoted: list[int] = field(default_factory=list)
    registrations: set[int] = field(default_factory=set)

    @property
    def affected(self) -> int:
        """People whose place changed; promotions are good news, not counted."""
        return len(self.registrations)


def follow(conference: Conference, *, actor: Actor, now: datetime, release: Release | None = None) -> Followed:
    """Bring seats and sign-ups in line with the newest release, the sessions' caps and the rooms' sizes.

    * A session that is no longer on offer: everybody in it has left, and is told.
    * A time that moved into another place a person holds: the place is kept as an offer for the conference's
      `offer_hours`; the place that did not move stays confirmed.
    * Fewer places than people: those who came last wait again, at the head of the line.
    * More places, or people freed by a move: the line moves on.
    """
    release = release or newest_release(conference)
    offers = _offers(conference, release)
    _make_missing(conference, offers)
    following = _Following(conference, offers, release, now)
    if following.changed:
        record_all(following.run(), actor=actor)
    return following.result


class _Following:
    """One run of `follow`, under the lock of all seats. The order of the steps is the order the database allows."""

    def __init__(
        self, conference: Conference, offers: dict[int, Offer], release: Release | None, now: datetime
    ) -> None:
        self.conference = conference
        self.offers = offers
        self.release = release
        self.now = now
        self.rows = lock_seats(offers)
        self.old = {pk: Offer.of(row) for pk, row in self.rows.items()}
        self.changed = sorted(pk for pk in self.rows if self.old[pk] != offers[pk])
        self.result = Followed()

    def run(self) -> list[Fact]:
        facts = [*self.end(), *self.offer_clashing(), *self.displace()]
        self.write_seats()
        facts += self.tell_changed()
        promoted = fill_all(self.rows.values())
        self.result.promoted = [fact.subject_id for fact in promoted if fact.subject_id]
        return facts + promoted

    def fact(self, kind: Callable[..., Fact], signup: SignUp, told: list[int], **data: Any) -> Fact:
        """What happened to one sign-up, noted in the result as well."""
        told.append(signup.pk)
        self.result.registrations.add(signup.registration_id)
        about = {"session": signup.session_id, "registration": signup.registration_id}
        return kind(conference_id=self.conference.pk, subject_id=signup.pk, **about, **data)

    def end(self) -> list[Fact]:
        """Everybody in a session that is no longer on offer has left."""
        gone = [pk for pk in self.changed if self.offers[pk].during is None]
        signups = list(SignUp.objects.filter(session_id__in=gone).exclude(state=State.LEFT).order_by("pk"))
        held = [one for one in signups if one.state == State.CONFIRMED]
        _set([one for one in signups if one.state != State.CONFIRMED], State.LEFT)
        _set(held, State.LEFT, called_off=True)
        for signup in signups:
            self.rows[signup.session_id].taken -= signup.state in SignUp.HOLDING
        ended = self.result.ended
        return [self.fact(PlaceLeft, one, ended, was=one.state, reason="session") for one in signups]

    def offer_clashing(self) -> list[Fact]:
        """Confirmed places whose new time overlaps another confirmed place become offers."""
        moved = {pk for pk in self.changed if self.offers[pk].during not in (None, self.old[pk].during)}
        if not moved or self.conference.overlap_rule != Conference.Overlap.REFUSE:
            return []
        concerned = SignUp.objects.confirmed().filter(session_id__in=moved).values("registration_id")
        held: dict[int, list[SignUp]] = defaultdict(list)
        for signup in SignUp.objects.confirmed().filter(registration_id__in=concerned):
            held[signup.registration_id].append(signup)
        clashing = [signup for mine in held.values() for signup in _least_settled(mine, moved, self.offers)]
        until = after(self.now, 60 * self.conference.offer_hours)
        _set(clashing, State.OFFERED, until=until)
        told = self.result.offered
        return [self.fact(PlaceOffered, one, told, until=until, reason="clash") for one in clashing]

    def displace(self) -> list[Fact]:
        """Where more places are held than there now are, those who came last wait again, keeping their time in line."""
        facts = []
        for pk in self.changed:
            excess = self.rows[pk].taken - self.offers[pk].capacity
            if excess <= 0:
                continue
            held = SignUp.objects.filter(session_id=pk, state__in=SignUp.HOLDING).order_by("-queued_at", "-pk")
            last = list(held[:excess])
            _set(last, State.WAITING)
            self.rows[pk].taken -= len(last)
            told = self.result.displaced
            facts += [self.fact(PlaceLost, one, told, was=one.state, reason="capacity") for one in last]
        return facts

    def write_seats(self) -> None:
        for pk in self.changed:
            row, offer = self.rows[pk], self.offers[pk]
            row.during, row.room_id, row.title = offer.during, offer.room_id, offer.title
            row.online_url, row.room_name, row.venue = offer.online_url, offer.room_name, offer.venue
            row.exclusive, row.bookable, row.capacity = offer.exclusive, offer.bookable, offer.capacity
        names = [
            "during",
            "room_id",
            "room_name",
            "venue",
            "title",
            "online_url",
            "exclusive",
            "bookable",
            "capacity",
        ]
        Seats.objects.bulk_update([self.rows[pk] for pk in self.changed], names, batch_size=500)

    def tell_changed(self) -> list[Fact]:
        """Copy what has changed to the sign-ups (the database does it on any write), and tell who holds a place."""
        on_offer = [pk for pk in self.changed if self.offers[pk].during is not None]
        kinds = {pk: _kinds(self.old[pk], self.offers[pk]) for pk in on_offer}
        touched = [pk for pk in on_offer if kinds[pk] or self.old[pk].exclusive != self.offers[pk].exclusive]
        # One statement, so that sessions which exchange times are never compared half-way.
        live = SignUp.objects.filter(session_id__in=touched).exclude(state=State.LEFT)
        live.update(offered_until=F("offered_until"))
        were = {pk: data for pk in touched if kinds[pk] and (data := _was(self.old[pk]))}
        number = self.release.number if self.release else None
        return [
            self.fact(
                PlaceChanged,
                one,
                self.result.changed,
                release=number,
                changed=tuple(kinds[one.session_id]),
                old=were[one.session_id],
            )
            for one in SignUp.objects.confirmed().filter(session_id__in=were).order_by("pk")
        ]


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


def _set(signups: Iterable[SignUp], state: str, *, until: datetime | None = None, called_off: bool = False) -> None:
    keys = [one.pk for one in signups]
    SignUp.objects.filter(pk__in=keys).update(state=state, offered_until=until, called_off=called_off)


def _offers(conference: Conference, release: Release | None) -> dict[int, Offer]:
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
    for session in sessions.only("title", "online_url", "state", "signup", "conference", "kind__is_break"):
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
        )
    return offers


def _make_missing(conference: Conference, offers: dict[int, Offer]) -> None:
    there = set(Seats.objects.filter(conference=conference).values_list("session_id", flat=True))
    Seats.objects.bulk_create(
        [Seats(session_id=pk, conference=conference) for pk in offers if pk not in there], ignore_conflicts=True
    )


def _least_settled(mine: Iterable[SignUp], moved: set[int], offers: dict[int, Offer]) -> list[SignUp]:
    """Of one person's places, those to give up as confirmed: what did not move stays first, then what came first."""
    kept: list[DateTimeTZRange] = []
    clashing = []
    for signup in sorted(mine, key=lambda one: (one.session_id in moved, one.queued_at, one.pk)):
        during = offers[signup.session_id].during
        if during is None:
            continue
        if any(overlap(during, other) for other in kept):
            clashing.append(signup)
        else:
            kept.append(during)
    return clashing


def _kinds(before: Offer, after: Offer) -> list[str]:
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


def _was(before: Offer) -> Was | None:
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
