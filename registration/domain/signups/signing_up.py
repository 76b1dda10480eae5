"""Sign-ups: taking, leaving, swapping and accepting places.

Every function here is one transaction: it locks the seats it may change in order of their key, then the registration,
checks, writes, gives places that became free to those who wait, and records what happened. The database refuses what
would break an invariant even if these checks were wrong (`registration/sql/`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record_all, record_written
from journal.retrying import retried
from registration.domain.signups.coming_again import check_comes_again
from registration.domain.signups.locks import lock_place, lock_registration, lock_seats
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.waiting_list import fill_all, overlapping
from registration.facts import OfferExpired, PlaceAwaited, PlaceConfirmed, PlaceLeft
from registration.models import Registration, Seats, SignUp
from schedule.models import Session
from schedule.models.sessions import SignupPolicy

State = SignUp.State
# The database fills in time, room, title and sequence. The condition is that of `_mine_and_clash`.
_FIRST = """
INSERT INTO registration_signup
    (uid, registration_id, session_id, state, queued_at, created_at, changed_at)
SELECT %s, %s, %s, %s, %s, %s, %s
WHERE NOT EXISTS (
    SELECT FROM registration_signup other
    WHERE other.registration_id = %s AND (
        other.session_id = %s
        OR (other.state = 'confirmed' AND registration_clash(other.during, other.exclusive, %s, %s))))
RETURNING id
"""
_OWN = """
SELECT own.*, registration_clash(own.during, own.exclusive, %s, %s) AS clashes
FROM registration_signup own WHERE own.registration_id = %s
"""


def _confirmed(signup: SignUp, seats: Seats, *, by: str) -> Fact:
    return PlaceConfirmed(
        conference_id=seats.conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
        by=by,
    )


def _lock_person(registration_id: int, *session_ids: int) -> tuple[dict[int, Seats], Registration]:
    """Lock these seats and those of all this registration holds or waits for, then the registration.

    A sign-up committed between the two is locked afterwards, against the usual order; `retried` takes care of the rare
    deadlock that can cause.
    """
    live = SignUp.objects.filter(registration_id=registration_id).exclude(state=State.LEFT)
    mine = live.values_list("session_id", flat=True)
    seats = lock_seats([*session_ids, *mine])
    registration = lock_registration(registration_id)
    seats |= lock_seats(set(mine.all()) - seats.keys())
    return seats, registration


@retried
@transaction.atomic
def sign_up(registration: Registration, session: Session, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Take a place in a session, or a place in its waiting line when it is full.

    Returns the sign-up, confirmed or waiting; asking twice changes nothing. Raises `SignUpRefused` when the session
    is not on offer, is by invitation, overlaps a place already held, was left and taken again too often, or the
    registration is not active.
    Locks: the session's seats, the registration. Two queries, when nothing of this registration's is in the way.
    """
    now = now or timezone.now()
    seats = _on_offer(lock_place(session.pk, registration), session)
    _active(registration, seats)
    signup = _write_first(registration, seats, now, actor)
    if signup is not None:
        signup.session = session
        return signup
    mine, held = _mine_and_clash(registration, seats)
    if mine and mine.state != State.LEFT:
        return mine
    if held:
        raise _clashes(held)
    if mine:
        check_comes_again(registration, now=now)
    state, fact = _granted(registration, seats)
    signup = _write(mine, registration, seats, state, now)
    signup.session = session
    record_all([replace(fact, subject_id=signup.pk)], actor=actor)
    return signup


def _on_offer(seats: Seats | None, session: Session) -> Seats:
    """The locked seats, if participants may sign up for them; `session` only words the refusal."""
    if seats is not None and seats.bookable:
        return seats
    if seats is not None and seats.during is not None and session.signup == SignupPolicy.INVITATION:
        raise SignUpRefused("by-invitation", _("This session is by invitation of its hosts."))
    raise SignUpRefused("not-on-offer", _("This session is not open for sign-up."))


def _active(registration: Registration, seats: Seats) -> None:
    if not registration.is_active or registration.conference_id != seats.conference_id:
        raise SignUpRefused("not-registered", _("Confirm your registration first; then you can sign up for sessions."))


def _granted(registration: Registration, seats: Seats) -> tuple[SignUp.State, Fact]:
    """What whoever asks now gets, and what the journal says of it."""
    conference, session, person = seats.conference_id, seats.session_id, registration.pk
    if seats.free <= 0:
        return State.WAITING, PlaceAwaited(conference_id=conference, session=session, registration=person)
    return State.CONFIRMED, PlaceConfirmed(conference_id=conference, session=session, registration=person, by="self")


def _write_first(registration: Registration, seats: Seats, now: datetime, actor: Actor) -> SignUp | None:
    """The first sign-up of this registration for these seats, with its journal entry, in one statement.

    Everybody who wants the same session waits until it is done. None, and nothing is written, when the registration
    has had a place here before, or has one that overlaps this.
    """
    state, fact = _granted(registration, seats)
    signup = SignUp(
        registration=registration,
        session_id=seats.session_id,
        state=state,
        queued_at=now,
        during=seats.during,
        exclusive=seats.exclusive,
        room_id=seats.room_id,
        title=seats.title,
    )
    key = record_written(
        _FIRST,
        [
            signup.uid,
            registration.pk,
            seats.session_id,
            state,
            now,
            signup.created_at,
            signup.changed_at,
            registration.pk,
            seats.session_id,
            seats.during,
            seats.exclusive,
        ],
        fact,
        actor=actor,
    )
    if key is None:
        return None
    signup.pk = key
    signup._state.adding = False
    return signup


def _mine_and_clash(registration: Registration, seats: Seats) -> tuple[SignUp | None, SignUp | None]:
    """This registration's row for these seats, and a confirmed place that overlaps them. One query."""
    mine = held = None
    for row in SignUp.objects.raw(_OWN, [seats.during, seats.exclusive, registration.pk]):
        if row.session_id == seats.session_id:
            mine = row
        elif held is None and row.state == State.CONFIRMED and vars(row)["clashes"]:
            held = row
    return mine, held


def _clashes(held: SignUp) -> SignUpRefused:
    return SignUpRefused(
        "clash",
        _("This overlaps “%(title)s”, where you have a place. Leave that session to take this one."),
        clash=held,
        title=held.session.title,
    )


def _write(mine: SignUp | None, registration: Registration, seats: Seats, state: str, now: datetime) -> SignUp:
    """One INSERT or UPDATE; the database fills in time, room, title and sequence."""
    if mine is None:
        return SignUp.objects.create(
            registration=registration,
            session_id=seats.session_id,
            state=state,
            queued_at=now,
            during=seats.during,
            exclusive=seats.exclusive,
            room_id=seats.room_id,
            title=seats.title,
        )
    mine.state, mine.queued_at, mine.offered_until = state, now, None
    mine.during, mine.room_id, mine.title = seats.during, seats.room_id, seats.title
    mine.save(update_fields=["state", "queued_at", "offered_until"])
    return mine


@retried
@transaction.atomic
def leave(signup: SignUp, *, actor: Actor, reason: str = "self") -> SignUp:
    """Give a place, an offer or a place in line back. Leaving twice changes nothing.

    The freed place goes to the first in line who can take it; and where leaving frees this person for a session they
    wait for, they get it if a place is free there.
    """
    seats, _registration = _lock_person(signup.registration_id, signup.session_id)
    signup = SignUp.objects.get(pk=signup.pk)
    facts = _leave(signup, seats, reason)
    record_all(facts + fill_all(seats.values()), actor=actor)
    return signup


def _leave(
    signup: SignUp, seats: dict[int, Seats], reason: str, *, left: type[PlaceLeft | OfferExpired] = PlaceLeft
) -> list[Fact]:
    """Mark as left under the caller's locks; the caller fills the places."""
    if signup.state == State.LEFT:
        return []
    was = signup.state
    signup.state, signup.offered_until = State.LEFT, None
    signup.save(update_fields=["state", "offered_until"])
    if was in SignUp.HOLDING:
        seats[signup.session_id].taken -= 1
    fact = left(
        conference_id=seats[signup.session_id].conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
        was=was,
        reason=reason,
    )
    return [fact]


@retried
@transaction.atomic
def leave_all(*registrations: Registration, actor: Actor, reason: str = "registration") -> list[SignUp]:
    """Give back everything these registrations hold or wait for, as when they are cancelled."""
    seats: dict[int, Seats] = {}
    for registration in registrations:
        seats |= _lock_person(registration.pk)[0]
    facts: list[Fact] = []
    # All leave before anything is given on, so that nothing freed below is given to one who is leaving.
    live = SignUp.objects.filter(registration__in=registrations).exclude(state=State.LEFT).order_by("-state", "pk")
    left = list(live)
    for signup in left:
        facts += _leave(signup, seats, reason)
    record_all(facts + fill_all(seats.values()), actor=actor)
    return left


@retried
@transaction.atomic
def swap(leaving: SignUp, session: Session, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Leave one session for another, keeping the first unless the second is granted.

    Raises `SignUpRefused`: "full" when there is no place (the old one is kept), or as `sign_up`.
    """
    now = now or timezone.now()
    rows, registration = _lock_person(leaving.registration_id, session.pk, leaving.session_id)
    seats = _on_offer(rows.get(session.pk), session)
    _active(registration, seats)
    leaving = SignUp.objects.get(pk=leaving.pk)
    mine = SignUp.objects.filter(registration=registration, session_id=seats.session_id).first()
    if mine and mine.state == State.CONFIRMED:
        return mine
    if seats.free <= 0 and not (mine and mine.state == State.OFFERED):
        raise SignUpRefused("full", _("This session is full. You keep the place you have."))
    other = overlapping(registration, seats).exclude(pk=leaving.pk).first()
    if other:
        raise _clashes(other)
    if mine and mine.state == State.LEFT:
        check_comes_again(registration, now=now)
    held = bool(mine and mine.state == State.OFFERED)
    facts = _leave(leaving, rows, "self")
    signup = _write(mine, registration, seats, State.CONFIRMED, now)
    seats.taken += 0 if held else 1
    facts.append(_confirmed(signup, seats, by="swap"))
    record_all(facts + fill_all(rows.values()), actor=actor)
    return signup


@retried
@transaction.atomic
def take_offer(signup: SignUp, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Accept an offered place, leaving the confirmed places that overlap it.

    Raises `SignUpRefused` "not-offered" when the offer has run out or was taken already.
    """
    now = now or timezone.now()
    seats, registration = _lock_person(signup.registration_id, signup.session_id)
    signup = SignUp.objects.get(pk=signup.pk)
    if signup.state != State.OFFERED or signup.offered_until is None or signup.offered_until <= now:
        raise SignUpRefused("not-offered", _("This offer has run out."))
    facts: list[Fact] = []
    for other in overlapping(registration, seats[signup.session_id]):
        facts += _leave(other, seats, "self")
    signup.state, signup.offered_until = State.CONFIRMED, None
    signup.save(update_fields=["state", "offered_until"])
    facts.append(_confirmed(signup, seats[signup.session_id], by="offer"))
    record_all(facts + fill_all(seats.values()), actor=actor)
    return signup


def expire_offers(*, now: datetime, limit: int = 500) -> int:
    """End offers whose time has run out and give the places on. Returns how many ended."""
    due = SignUp.objects.filter(state=State.OFFERED, offered_until__lte=now).order_by("offered_until")
    return sum(_expire(signup, now=now) for signup in due[:limit])


@retried
@transaction.atomic
def _expire(signup: SignUp, *, now: datetime) -> bool:
    seats, _registration = _lock_person(signup.registration_id, signup.session_id)
    signup = SignUp.objects.get(pk=signup.pk)
    if signup.state != State.OFFERED or signup.offered_until is None or signup.offered_until > now:
        return False
    facts = _leave(signup, seats, "expired", left=OfferExpired)
    record_all(facts + fill_all(seats.values()), actor=SYSTEM)
    return True
