"""Letting sign-ups follow the programme: new times and rooms, more or fewer places, cancelled sessions.

Called (through `schedule.following`) as the last step of every change of the programme, in its transaction. It locks
the seats of the whole conference, so no sign-up happens between the old and the new programme.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F

from journal.recording import Fact, record_all
from registration.locks import lock_seats
from registration.models import Seats, SignUp
from registration.signing_up import HOLDING
from registration.waiting import fill_all
from schedule.models import Conference, Release, ReleasedPlacement, Session
from schedule.queries import newest_release

State = SignUp.State


@dataclass(frozen=True)
class Offer:
    """What the programme now says of one session: `during` is None where it is not on offer."""

    during: DateTimeTZRange | None
    room_id: int | None
    title: str
    exclusive: bool
    bookable: bool
    capacity: int

    @classmethod
    def of(cls, row: Seats) -> Offer:
        """What the seats said before."""
        return cls(row.during, row.room_id, row.title, row.exclusive, row.bookable, row.capacity)


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


def follow(conference: Conference, *, actor: str, now: datetime, release: Release | None = None) -> Followed:
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
    rows = lock_seats(offers)
    old = {pk: Offer.of(row) for pk, row in rows.items()}
    changed = {pk for pk in rows if old[pk] != offers[pk]}
    if not changed:
        return Followed()
    result = Followed()
    facts = _end(rows, changed, offers, result)
    facts += _offer_clashing(conference, changed, old, offers, now, result)
    facts += _displace(rows, changed, offers, result)
    _write_seats(rows, changed, offers)
    facts += _tell_changed(rows, changed, old, offers, release, result)
    promoted = fill_all(rows.values())
    result.promoted = [fact.subject_id for fact in promoted if fact.subject_id]
    record_all(facts + promoted, actor=actor)
    return result


def _offers(conference: Conference, release: Release | None) -> dict[int, Offer]:
    """The truth for every session, by its key. Two queries."""
    placements: dict[int, ReleasedPlacement] = {}
    if release is not None:
        placements = {row.session_id: row for row in release.placements.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_id, capacity FROM registration_true_capacity(%s)", [conference.pk])
        capacity = dict(cursor.fetchall())
    exclusive = conference.overlap_rule == Conference.Overlap.REFUSE
    offers = {}
    sessions = Session.objects.for_conference(conference).select_related("kind")
    for session in sessions.only("title", "state", "signup", "conference", "kind__is_break"):
        placed = placements.get(session.pk) if session.state == Session.State.ACCEPTED else None
        offers[session.pk] = Offer(
            during=DateTimeTZRange(placed.start, placed.end) if placed else None,
            room_id=placed.room_id if placed else None,
            title=json.dumps(session.title.data, ensure_ascii=False, sort_keys=True),
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


def _fact(verb: str, signup: SignUp, conference_id: int, **data: Any) -> Fact:
    return Fact(
        verb, conference_id, signup.pk, {"session": signup.session_id, "registration": signup.registration_id, **data}
    )


def _end(rows: dict[int, Seats], changed: set[int], offers: dict[int, Offer], result: Followed) -> list[Fact]:
    """Everybody in a session that is no longer on offer has left."""
    gone = [pk for pk in changed if offers[pk].during is None]
    signups = list(SignUp.objects.filter(session_id__in=gone).exclude(state=State.LEFT).order_by("pk"))
    SignUp.objects.filter(pk__in=[signup.pk for signup in signups]).update(state=State.LEFT, offered_until=None)
    for signup in signups:
        rows[signup.session_id].taken -= signup.state in HOLDING
        result.ended.append(signup.pk)
        result.registrations.add(signup.registration_id)
    return [
        _fact("signup.left", signup, rows[signup.session_id].conference_id, was=signup.state, reason="session")
        for signup in signups
    ]


def _offer_clashing(
    conference: Conference, changed: set[int], old: dict[int, Offer], offers: dict[int, Offer], now: datetime,
    result: Followed,
) -> list[Fact]:  # fmt: skip
    """Confirmed places whose new time overlaps another confirmed place become offers."""
    moved = {pk for pk in changed if offers[pk].during is not None and offers[pk].during != old[pk].during}
    if not moved or conference.overlap_rule != Conference.Overlap.REFUSE:
        return []
    concerned = SignUp.objects.confirmed().filter(session_id__in=moved).values("registration_id")
    held: dict[int, list[SignUp]] = defaultdict(list)
    for signup in SignUp.objects.confirmed().filter(registration_id__in=concerned):
        held[signup.registration_id].append(signup)
    clashing = [
        signup for mine in held.values() for signup in _least_settled(mine, moved=moved, offers=offers)
    ]  # fmt: skip
    until = now + timedelta(hours=conference.offer_hours)
    SignUp.objects.filter(pk__in=[signup.pk for signup in clashing]).update(state=State.OFFERED, offered_until=until)
    for signup in clashing:
        result.offered.append(signup.pk)
        result.registrations.add(signup.registration_id)
    return [
        _fact("signup.offered", signup, conference.pk, until=until.isoformat(), reason="clash") for signup in clashing
    ]


def _least_settled(mine: Iterable[SignUp], *, moved: set[int], offers: dict[int, Offer]) -> list[SignUp]:
    """Of one person's places, those to give up as confirmed: what did not move stays first, then what came first."""
    kept: list[SignUp] = []
    clashing = []
    for signup in sorted(mine, key=lambda one: (one.session_id in moved, one.queued_at, one.pk)):
        during = offers[signup.session_id].during
        if during is None:
            continue
        if any(_overlap(during, offers[other.session_id].during) for other in kept):
            clashing.append(signup)
        else:
            kept.append(signup)
    return clashing


def _overlap(one: DateTimeTZRange, other: DateTimeTZRange | None) -> bool:
    return other is not None and one.lower < other.upper and other.lower < one.upper


def _displace(rows: dict[int, Seats], changed: set[int], offers: dict[int, Offer], result: Followed) -> list[Fact]:
    """Where more places are held than there now are, those who came last wait again, keeping their time in line."""
    facts = []
    for pk in sorted(changed):
        excess = rows[pk].taken - offers[pk].capacity
        if excess <= 0:
            continue
        held = SignUp.objects.filter(session_id=pk, state__in=HOLDING).order_by("-queued_at", "-pk")
        last = list(held[:excess])
        SignUp.objects.filter(pk__in=[signup.pk for signup in last]).update(state=State.WAITING, offered_until=None)
        rows[pk].taken -= len(last)
        for signup in last:
            result.displaced.append(signup.pk)
            result.registrations.add(signup.registration_id)
            facts.append(_fact("signup.displaced", signup, rows[pk].conference_id, was=signup.state, reason="capacity"))
    return facts


def _write_seats(rows: dict[int, Seats], changed: set[int], offers: dict[int, Offer]) -> None:
    for pk in changed:
        row, offer = rows[pk], offers[pk]
        row.during, row.room_id, row.title = offer.during, offer.room_id, offer.title
        row.exclusive, row.bookable, row.capacity = offer.exclusive, offer.bookable, offer.capacity
    names = ["during", "room_id", "title", "exclusive", "bookable", "capacity"]
    Seats.objects.bulk_update([rows[pk] for pk in sorted(changed)], names, batch_size=500)


def _tell_changed(
    rows: dict[int, Seats], changed: set[int], old: dict[int, Offer], offers: dict[int, Offer],
    release: Release | None, result: Followed,
) -> list[Fact]:  # fmt: skip
    """Copy new times, rooms and titles to the sign-ups (the database does it on any write) and note who is concerned."""
    kinds = {pk: _kinds(old[pk], offers[pk]) for pk in changed if offers[pk].during is not None}
    touched = [pk for pk, what in kinds.items() if what or old[pk].exclusive != offers[pk].exclusive]
    # One statement, so that sessions which exchange times are never compared half-way.
    SignUp.objects.filter(session_id__in=touched).exclude(state=State.LEFT).update(offered_until=F("offered_until"))
    concerned = SignUp.objects.confirmed().filter(session_id__in=[pk for pk in touched if kinds[pk] and old[pk].during])
    facts = []
    for signup in concerned.order_by("pk"):
        before = old[signup.session_id]
        assert before.during is not None
        result.changed.append(signup.pk)
        result.registrations.add(signup.registration_id)
        facts.append(
            _fact(
                "signup.changed", signup, rows[signup.session_id].conference_id,
                release=release.number if release else None,
                changed=kinds[signup.session_id],
                old={
                    "start": before.during.lower.isoformat(), "end": before.during.upper.isoformat(),
                    "room": before.room_id, "title": json.loads(before.title) if before.title else "",
                },
            )  # fmt: skip
        )
    return facts


def _kinds(before: Offer, after: Offer) -> list[str]:
    pairs = (("time", before.during, after.during), ("room", before.room_id, after.room_id), ("title", before.title, after.title))
    return [name for name, was, now in pairs if was != now]
