"""Sign-ups: taking, leaving, swapping and accepting places.

Every function here is one transaction: it locks the seats it may change in order of their key, then the registration,
checks, writes, gives places that became free to those who wait, and records what happened. The database refuses what
would break an invariant even if these checks were wrong (`registration/sql/`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record_all
from journal.retrying import retried
from registration.domain.signups.closing import check_open
from registration.domain.signups.coming_again import check_comes_again
from registration.domain.signups.locks import has_swaps, lock_around, lock_place
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.steps.writing import awaited, confirmed, mark_left, write_first, write_place
from registration.domain.signups.waiting_list import overlapping, settle
from registration.facts import ExchangeChosen, OfferExpired
from registration.models import Exchange, Registration, Seats, SignUp
from schedule.models import Session
from schedule.models.sessions import SignupPolicy

State = SignUp.State


@retried
def sign_up(
    registration: Registration,
    session: Session,
    *,
    actor: Actor,
    exchange: Exchange | None = Exchange.ASK,
    now: datetime | None = None,
) -> SignUp:
    """Take a place in a session, or a place in its waiting line when it is full.

    Returns the sign-up, confirmed or waiting; asking twice changes nothing. Raises `SignUpRefused` when the session
    is not on offer, has closed its sign-up, is by invitation, was left and taken again too often, or the registration
    is not active.

    Where another place is held at that time: a full session is waited for, and the other place kept until the turn
    comes; `exchange` says what happens then. One with a free place is refused ("clash"), unless `exchange` is SWAP:
    then the other place is given up for it. Without an `exchange` both are refused.
    Locks: the session's seats, the registration; all of the conference where something may swap. Two queries, when
    nothing of this registration's is in the way.
    """
    now = now or timezone.now()
    return _sign_up_plainly(registration, session, exchange or Exchange.ASK, now, actor) or _sign_up_among_own(
        registration, session, exchange, now, actor
    )


@retried
@transaction.atomic
def _sign_up_plainly(
    registration: Registration, session: Session, exchange: Exchange, now: datetime, actor: Actor
) -> SignUp | None:
    """The way of the many. None, and nothing is written, when something of this registration's is in the way."""
    seats = _on_offer(lock_place(session.pk, registration), session, now)
    _active(registration, seats)
    signup = write_first(registration, seats, exchange, now, actor)
    if signup is not None:
        signup.session = session
    return signup


@retried
@transaction.atomic
def _sign_up_among_own(
    registration: Registration, session: Session, exchange: Exchange | None, now: datetime, actor: Actor
) -> SignUp:
    """The way of who has been here before, or has or awaits something at the same time."""
    rows, locked = lock_around(registration, session.pk, swaps=exchange == Exchange.SWAP)
    registration.state = locked.state
    seats = _on_offer(rows.get(session.pk), session, now)
    _active(registration, seats)
    mine = SignUp.objects.filter(registration=registration, session_id=seats.session_id).first()
    if mine and mine.state != State.LEFT:
        mine.session = session
        return mine
    held = list(overlapping(registration, seats).select_related("session"))
    if held and (exchange is None or (seats.free > 0 and exchange == Exchange.ASK)):
        raise _clashes(held[0])
    if mine:
        check_comes_again(registration, now=now)
    facts: list[Fact] = []
    if seats.free > 0:
        for other in held:
            facts += mark_left(other, rows, "self")
    state = State.CONFIRMED if seats.free > 0 else State.WAITING
    signup = write_place(mine, registration, seats, state, now, exchange=exchange or Exchange.ASK)
    if state == State.CONFIRMED:
        seats.taken += 1
        facts.append(confirmed(signup, seats, by="swap" if held else "self"))
    else:
        facts.append(awaited(signup, seats))
    return _settled(signup, rows, facts, now=now, actor=actor)


def _settled(signup: SignUp, rows: dict[int, Seats], facts: list[Fact], *, now: datetime, actor: Actor) -> SignUp:
    """What follows from a change of one person's places, with the journal; the sign-up as it is then."""
    conference = next(iter(rows.values())).conference_id
    after = settle(rows, now=now, touched=[signup.registration_id], exchanges=has_swaps(conference))
    record_all(facts + after, actor=actor)
    signup.refresh_from_db(fields=["state", "offered_until", "exchange", "stood_as", "sequence"])
    return signup


def _on_offer(seats: Seats | None, session: Session, now: datetime) -> Seats:
    """The locked seats, if participants may sign up for them now; `session` only words the refusal."""
    if seats is not None and seats.bookable:
        check_open(seats, now=now)
        return seats
    if seats is not None and seats.during is not None and session.signup == SignupPolicy.INVITATION:
        raise SignUpRefused("by-invitation", _("This session is by invitation of its hosts."))
    raise SignUpRefused("not-on-offer", _("This session is not open for sign-up."))


def _active(registration: Registration, seats: Seats) -> None:
    if not registration.is_active or registration.conference_id != seats.conference_id:
        raise SignUpRefused("not-registered", _("Confirm your registration first; then you can sign up for sessions."))


def _clashes(held: SignUp) -> SignUpRefused:
    return SignUpRefused(
        "clash",
        _("This overlaps “%(title)s”, where you have a place. Leave that session to take this one."),
        clash=held,
        title=held.session.title,
    )


@retried
@transaction.atomic
def choose_exchange(signup: SignUp, exchange: Exchange, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Say what happens when the turn comes of somebody who waits and has a place at that time.

    With SWAP they may have it at once, where others let it swap by themselves too. Choosing what is chosen changes
    nothing. Raises `SignUpRefused` "gone" when they wait no longer.
    """
    now = now or timezone.now()
    rows, _registration = lock_around(signup.registration, signup.session_id, swaps=exchange == Exchange.SWAP)
    signup = SignUp.objects.select_related("session").get(pk=signup.pk)
    if signup.state != State.WAITING:
        raise SignUpRefused("gone", _("You are not on this waiting list any more."))
    if signup.exchange == exchange:
        return signup
    signup.exchange = exchange
    signup.save(update_fields=["exchange"])
    fact = ExchangeChosen(
        conference_id=rows[signup.session_id].conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
        exchange=exchange,
    )
    return _settled(signup, rows, [fact], now=now, actor=actor)


@retried
@transaction.atomic
def leave(signup: SignUp, *, actor: Actor, reason: str = "self", now: datetime | None = None) -> SignUp:
    """Give a place, an offer or a place in line back. Leaving twice changes nothing.

    The freed place goes to the first in line; and where leaving takes away what was in the way of an offer of this
    person's, they have what they were offered. Where sign-up has closed the line is closed instead.
    """
    now = now or timezone.now()
    rows, _registration = lock_around(signup.registration, signup.session_id)
    signup = SignUp.objects.select_related("session").get(pk=signup.pk)
    facts = mark_left(signup, rows, reason)
    return _settled(signup, rows, facts, now=now, actor=actor)


@retried
@transaction.atomic
def leave_all(
    *registrations: Registration, actor: Actor, reason: str = "registration", now: datetime | None = None
) -> list[SignUp]:
    """Give back everything these registrations of one conference hold or wait for, as when they are cancelled; and what
    they would have again if the programme were changed back.
    """
    now = now or timezone.now()
    rows: dict[int, Seats] = {}
    for registration in registrations:
        rows |= lock_around(registration)[0]
    facts: list[Fact] = []
    # All leave before anything is given on, so that nothing freed below is given to one who is leaving.
    live = SignUp.objects.filter(registration__in=registrations).exclude(state=State.LEFT).order_by("-state", "pk")
    left = list(live)
    gone = SignUp.objects.filter(registration__in=registrations, state=State.LEFT)
    gone.exclude(stood_as="", line_closed=False).update(stood_as="", line_closed=False)
    for signup in left:
        facts += mark_left(signup, rows, reason)
    if left:
        facts += settle(rows, now=now, exchanges=has_swaps(registrations[0].conference_id))
        record_all(facts, actor=actor)
    return left


@retried
@transaction.atomic
def swap(leaving: SignUp, session: Session, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Leave one session for another at once, keeping the first unless the second is granted.

    Raises `SignUpRefused`: "full" when there is no place (the old one is kept; `sign_up` waits for one), or as
    `sign_up`.
    """
    now = now or timezone.now()
    rows, registration = lock_around(leaving.registration, session.pk, leaving.session_id)
    seats = _on_offer(rows.get(session.pk), session, now)
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
    facts = mark_left(leaving, rows, "self")
    signup = write_place(mine, registration, seats, State.CONFIRMED, now, exchange=Exchange.ASK)
    seats.taken += 0 if held else 1
    facts.append(confirmed(signup, seats, by="swap"))
    return _settled(signup, rows, facts, now=now, actor=actor)


@retried
@transaction.atomic
def take_offer(signup: SignUp, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Accept an offered place, leaving the confirmed places that overlap it.

    Raises `SignUpRefused` "not-offered" when the offer has run out or was taken already.
    """
    now = now or timezone.now()
    rows, registration = lock_around(signup.registration, signup.session_id)
    signup = SignUp.objects.select_related("session").get(pk=signup.pk)
    if signup.state != State.OFFERED or signup.offered_until is None or signup.offered_until <= now:
        raise SignUpRefused("not-offered", _("This offer has run out."))
    facts: list[Fact] = []
    for other in overlapping(registration, rows[signup.session_id]):
        facts += mark_left(other, rows, "self")
    signup.state, signup.offered_until = State.CONFIRMED, None
    signup.save(update_fields=["state", "offered_until"])
    facts.append(confirmed(signup, rows[signup.session_id], by="offer"))
    return _settled(signup, rows, facts, now=now, actor=actor)


def expire_offers(*, now: datetime, limit: int = 500) -> int:
    """End offers whose time has run out and give the places on. Returns how many ended."""
    due = SignUp.objects.filter(state=State.OFFERED, offered_until__lte=now).order_by("offered_until")
    return sum(_expire(signup, now=now) for signup in due.select_related("registration")[:limit])


@retried
@transaction.atomic
def _expire(signup: SignUp, *, now: datetime) -> bool:
    rows, _registration = lock_around(signup.registration, signup.session_id)
    signup = SignUp.objects.get(pk=signup.pk)
    if signup.state != State.OFFERED or signup.offered_until is None or signup.offered_until > now:
        return False
    during = rows[signup.session_id].during
    # It did not run out but was cut short, and would stand if the session began later.
    cut = during is not None and signup.offered_until >= during.lower
    facts = mark_left(signup, rows, "expired", left=OfferExpired, keeps_claim=cut)
    _settled(signup, rows, facts, now=now, actor=SYSTEM)
    return True
