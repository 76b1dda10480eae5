"""Sign-up closes: what becomes of waiting lines whose time is over, and how long an offer may stand (invariant 10).

`Seats.closes_at` is the moment: the start of the session, or earlier where the session or the conference has it so.
Whoever changes places reads the clock once, and hands the moment on. A line whose time is over is closed by whoever
meets it: by the beat, or by what would have moved it on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from journal.actors import SYSTEM
from journal.facts import Fact
from journal.recording import record_all
from journal.retrying import retried
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.refusals import SignUpRefused
from registration.facts import PlaceAwaited, PlaceLeft
from registration.models import Registration, Seats, SignUp
from values.instants import after

State = SignUp.State
# Why a place in line ended, in the journal: the line closed.
CLOSED = "closed"


def check_open(seats: Seats, *, now: datetime) -> None:
    """Raises `SignUpRefused` "closed" when the time of these seats is over."""
    if not seats.is_closed(now):
        return
    if seats.during is not None and seats.during.upper <= now:
        raise SignUpRefused("closed", _("This session is over."))
    if seats.during is not None and seats.during.lower <= now:
        raise SignUpRefused("closed", _("This session has begun; sign-up is closed."))
    raise SignUpRefused("closed", _("Sign-up for this session is closed."))


class Closes(Protocol):
    """Seats, or what the programme is about to make of them."""

    @property
    def during(self) -> DateTimeTZRange | None: ...

    @property
    def closes_at(self) -> datetime | None: ...


def offer_until(place: Closes, *, hours: int, now: datetime) -> datetime:
    """How long an offer made now stands: so many hours, and never past the closing of sign-up.

    Where sign-up has closed already, somebody who held the place may still decide until the session starts. May lie in
    the past, when the session has begun.
    """
    until = after(now, 60 * hours)
    if place.closes_at is None or place.during is None:
        return until
    last: datetime = place.closes_at if now < place.closes_at else place.during.lower
    return min(until, last)


def close_line(seats: Seats, *, but_displaced: bool = False) -> list[PlaceLeft]:
    """Everybody who waits for these seats (locked by the caller) has left; or all but those who had a place and lost
    it. Returns the facts for the journal.
    """
    waiting = SignUp.objects.waiting().filter(session_id=seats.session_id)
    in_line = list(waiting.filter(stood_as="") if but_displaced else waiting)
    SignUp.objects.filter(pk__in=[one.pk for one in in_line]).update(state=State.LEFT, line_closed=True)
    return [
        PlaceLeft(
            conference_id=seats.conference_id,
            subject_id=one.pk,
            session=seats.session_id,
            registration=one.registration_id,
            was=State.WAITING,
            reason=CLOSED,
        )
        for one in in_line
    ]


def reopen_lines(rows: Mapping[int, Seats], *, now: datetime) -> list[Fact]:
    """Where sign-up is open (again), whoever waited when the line closed waits again, with their old place in line.

    A state ends with its cause (invariant 12): a release that moves a session which had begun opens its line again.
    The seats are locked by the caller. One query where no line had closed.
    """
    opened = [pk for pk, row in rows.items() if row.bookable and not row.is_closed(now)]
    closed = SignUp.objects.filter(session_id__in=opened, line_closed=True)
    again = list(closed.filter(registration__state__in=Registration.ACTIVE).order_by("session_id", "queued_at", "pk"))
    if not again:
        return []
    SignUp.objects.filter(pk__in=[one.pk for one in again]).update(state=State.WAITING)
    return [
        PlaceAwaited(
            conference_id=rows[one.session_id].conference_id,
            subject_id=one.pk,
            session=one.session_id,
            registration=one.registration_id,
        )
        for one in again
    ]


def close_lines(*, now: datetime, limit: int = 200) -> int:
    """Close the waiting lines whose time is over. Returns how many had somebody in them."""
    due = Seats.objects.filter(closes_at__lte=now, session__signups__state=State.WAITING)
    sessions = due.order_by("pk").values_list("pk", flat=True).distinct()[:limit]
    return sum(_close_one(pk, now=now) for pk in sessions)


@retried
@transaction.atomic
def _close_one(session_id: int, *, now: datetime) -> bool:
    seats = lock_seats([session_id]).get(session_id)
    if seats is None or not seats.is_closed(now):
        return False
    facts = close_line(seats)
    record_all(facts, actor=SYSTEM)
    return bool(facts)
