"""Waiting lines: who gets a place that is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from journal.facts import Fact
from registration.domain.signups.clash import clashes_with
from registration.domain.signups.closing import close_line
from registration.facts import PlaceConfirmed
from registration.models import Registration, Seats, SignUp
from registration.models.signups import SignUpQuerySet

BATCH = 50


def overlapping(registration_ref: Registration | OuterRef, seats: Seats) -> SignUpQuerySet:
    """Confirmed places that rule out one in `seats` for the same registration."""
    mine = SignUp.objects.confirmed().filter(clashes_with(seats), registration=registration_ref)
    return mine.exclude(session_id=seats.session_id)


def able(seats: Seats) -> SignUpQuerySet:
    """Who waits for these seats and could take a place now, the first in line first."""
    return (
        SignUp.objects.waiting()
        .filter(session_id=seats.session_id, registration__state__in=Registration.ACTIVE)
        .exclude(Exists(overlapping(OuterRef("registration"), seats)))
    )


def fill(seats: Seats, *, now: datetime, by: str = "promotion") -> list[Fact]:
    """Give every free place of `seats` (locked by the caller) to the first in line who can take it.

    Once sign-up has closed nobody moves up any more: the line is closed instead (invariant 10).

    Returns the facts for the journal. Locks the registrations of those who are considered.
    """
    facts: list[Fact] = []
    if seats.during is None:
        return facts
    if seats.is_closed(now):
        return close_line(seats)
    while seats.free > 0:
        in_line = list(able(seats).values_list("pk", "registration_id")[: min(seats.free, BATCH)])
        if not in_line:
            break
        # Another transaction may be giving one of them a place elsewhere: wait for it, then look again.
        list(
            Registration.objects.select_for_update(no_key=True)
            .filter(pk__in=[registration for _, registration in in_line])
            .order_by("pk")
            .values_list("pk")
        )
        granted = list(able(seats).filter(pk__in=[pk for pk, _ in in_line]))
        SignUp.objects.filter(pk__in=[signup.pk for signup in granted]).update(state=SignUp.State.CONFIRMED)
        seats.taken += len(granted)
        facts += [
            PlaceConfirmed(
                conference_id=seats.conference_id,
                subject_id=signup.pk,
                session=seats.session_id,
                registration=signup.registration_id,
                by=by,
            )
            for signup in granted
        ]
    return facts


def fill_all(rows: Iterable[Seats], *, now: datetime, by: str = "promotion") -> list[Fact]:
    """`fill` for several seats, in order of their key. One query more than for those where somebody waits."""
    free = {row.session_id: row for row in rows if row.free > 0}
    lines = SignUp.objects.filter(state=SignUp.State.WAITING, session_id__in=free)
    facts: list[Fact] = []
    for session_id in sorted(set(lines.values_list("session_id", flat=True))):
        facts += fill(free[session_id], now=now, by=by)
    return facts
