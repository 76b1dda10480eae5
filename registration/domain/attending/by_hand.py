"""Entering people into sessions by hand, as an organizer does at the door: also after sign-up has closed, and where
people are invited. Never more people than there are places, and nobody in two places at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.recording import record_all
from journal.retrying import retried
from registration.domain.signups.locks import has_swaps, lock_around
from registration.domain.signups.refusals import SignUpRefused
from registration.domain.signups.waiting_list import overlapping, settle
from registration.facts import PlaceConfirmed
from registration.models import Registration, SignUp
from schedule.models import Session

State = SignUp.State
# How the journal tells such a place from one that was taken.
BY_HAND = "hand"


@retried
@transaction.atomic
def enter_by_hand(registration: Registration, session: Session, *, actor: Actor, now: datetime | None = None) -> SignUp:
    """Give somebody who is registered a place in a session. Whoever has one keeps it as it is.

    Raises `SignUpRefused`: "not-on-offer" for what the newest release does not have and for breaks, "not-registered",
    "clash" with a place they hold at the same time, "full" when no place is left that is not kept for somebody.
    Locks: as everything that may free or move the places of others.
    """
    now = now or timezone.now()
    rows, person = lock_around(registration, session.pk)
    seats = rows.get(session.pk)
    if seats is None or seats.during is None or session.kind.is_break:
        raise SignUpRefused("not-on-offer", _("This session has no places: it is not in the published programme."))
    if not person.is_active or person.conference_id != seats.conference_id:
        raise SignUpRefused("not-registered", _("This person is not registered for the conference."))
    mine = SignUp.objects.filter(registration=person, session=session).first()
    if mine and mine.state == State.CONFIRMED:
        return mine
    held = overlapping(person, seats).first()
    if held:
        text = _("This person has a place in “%(title)s” at the same time.")
        raise SignUpRefused("clash", text, clash=held, title=held.session.title)
    if seats.free <= 0 and not (mine and mine.state == State.OFFERED):
        raise SignUpRefused("full", _("This session is full. Raise its number of places first, or free one."))
    seats.taken += 0 if mine and mine.state == State.OFFERED else 1
    signup = mine or SignUp(registration=person, session=session, queued_at=now)
    signup.state, signup.offered_until, signup.by_hand = State.CONFIRMED, None, True
    signup.save()
    fact = PlaceConfirmed(
        conference_id=seats.conference_id,
        subject_id=signup.pk,
        session=session.pk,
        registration=person.pk,
        by=BY_HAND,
    )
    after = settle(rows, now=now, touched=[person.pk], exchanges=has_swaps(seats.conference_id))
    record_all([fact, *after], actor=actor)
    return signup
