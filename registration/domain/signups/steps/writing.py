"""Writing sign-ups: the rows, and the facts that go with them. The caller holds the locks and records the facts."""

from __future__ import annotations

from datetime import datetime

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_written
from registration.facts import OfferExpired, PlaceAwaited, PlaceConfirmed, PlaceLeft
from registration.models import Exchange, Registration, Seats, SignUp

State = SignUp.State
# The database fills in time, room, title and sequence. Nothing is written where the caller has to look.
_FIRST = """
INSERT INTO registration_signup
    (uid, registration_id, session_id, state, exchange, queued_at, created_at, changed_at)
SELECT %s, %s, %s, %s, %s, %s, %s, %s
WHERE NOT EXISTS (
    SELECT FROM registration_signup other
    WHERE other.registration_id = %s AND (
        other.session_id = %s
        OR ((other.state = 'confirmed' OR (other.state = 'waiting' AND other.exchange = 'swap'))
            AND registration_clash(other.during, other.exclusive, %s, %s))))
RETURNING id
"""


def confirmed(signup: SignUp, seats: Seats, *, by: str) -> Fact:
    return PlaceConfirmed(
        conference_id=seats.conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
        by=by,
    )


def _granted(registration: Registration, seats: Seats, exchange: Exchange) -> tuple[SignUp.State, Fact]:
    """What whoever asks now gets, and what the journal says of it."""
    conference, session, person = seats.conference_id, seats.session_id, registration.pk
    if seats.free <= 0:
        waits = PlaceAwaited(conference_id=conference, session=session, registration=person, exchange=exchange)
        return State.WAITING, waits
    return State.CONFIRMED, PlaceConfirmed(conference_id=conference, session=session, registration=person, by="self")


def write_first(
    registration: Registration, seats: Seats, exchange: Exchange, now: datetime, actor: Actor
) -> SignUp | None:
    """The first sign-up of this registration for these seats, with its journal entry, in one statement.

    Everybody who wants the same session waits until it is done. None, and nothing is written, when the registration
    has had a place here before, has one that overlaps this, or would swap it for one they wait for.
    """
    state, fact = _granted(registration, seats, exchange)
    signup = SignUp(
        registration=registration,
        session_id=seats.session_id,
        state=state,
        exchange=exchange,
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
            exchange,
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


def awaited(signup: SignUp, seats: Seats) -> Fact:
    return PlaceAwaited(
        conference_id=seats.conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
        exchange=signup.exchange,
    )


def write_place(
    mine: SignUp | None, registration: Registration, seats: Seats, state: str, now: datetime, *, exchange: str
) -> SignUp:
    """One INSERT or UPDATE; the database fills in time, room, title and sequence."""
    if mine is None:
        return SignUp.objects.create(
            registration=registration,
            session_id=seats.session_id,
            state=state,
            exchange=exchange,
            queued_at=now,
            during=seats.during,
            exclusive=seats.exclusive,
            room_id=seats.room_id,
            title=seats.title,
        )
    mine.state, mine.queued_at, mine.offered_until, mine.exchange = state, now, None, exchange
    mine.during, mine.room_id, mine.title, mine.stood_as = seats.during, seats.room_id, seats.title, ""
    mine.save(update_fields=["state", "queued_at", "offered_until", "exchange", "stood_as"])
    return mine


def mark_left(
    signup: SignUp,
    seats: dict[int, Seats],
    reason: str,
    *,
    left: type[PlaceLeft | OfferExpired] = PlaceLeft,
    keeps_claim: bool = False,
) -> list[Fact]:
    """Mark as left under the caller's locks; the caller settles what follows. With `keeps_claim` they have again what
    they had when the programme is changed back.
    """
    if signup.state == State.LEFT:
        return []
    was = signup.state
    signup.state, signup.offered_until = State.LEFT, None
    signup.stood_as = signup.stood_as if keeps_claim else ""
    signup.save(update_fields=["state", "offered_until", "stood_as"])
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
