"""What organizers decide about registrations: received, accepted, declined, or put on a waiting list.

For conferences that look at each registration before they accept it. Who changes their own registration does so in
`registration.joining`.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.recording import record
from registration.locks import lock_registration, retried
from registration.models import Registration
from registration.signing_up import leave_all
from schedule.models import Conference

State = Registration.State
# What may still be decided; an accepted registration can be declined, for instance when a visa is refused.
OPEN = (State.SUBMITTED, State.UNDER_REVIEW, State.WAITLISTED)


class DecisionRefused(Exception):
    """The registration is not in a state in which this can be decided. `code` says why."""

    def __init__(self, code: str, message: object) -> None:
        super().__init__(str(message))
        self.code = code


@transaction.atomic
def receive(registration: Registration, *, actor: str) -> Registration:
    """Note that a draft whose address is proved, and which has been agreed to, now awaits a decision.

    Raises `DecisionRefused` "not-a-draft" or "no-consent". Locks the registration.
    """
    locked = lock_registration(registration.pk)
    if locked.state not in (State.DRAFT, State.CANCELLED):
        raise DecisionRefused("not-a-draft", _("This registration has been handed in already."))
    if locked.consented_at is None:
        raise DecisionRefused("no-consent", _("The privacy notice has not been agreed to."))
    return _set(locked, State.SUBMITTED, "registration.received", actor=actor)


@transaction.atomic
def approve(registration: Registration, *, actor: str, now: datetime) -> Registration:
    """Accept a registration. Asking twice changes nothing.

    Raises `DecisionRefused`: "not-open" when there is nothing to decide, "full" when the conference takes no more.
    Locks the conference, then the registration.
    """
    conference = Conference.objects.select_for_update(no_key=True).get(pk=registration.conference_id)
    locked = lock_registration(registration.pk)
    if locked.is_active:
        return locked
    if locked.state not in (*OPEN, State.DECLINED):
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    taken = Registration.objects.for_conference(conference).active().count()
    if conference.capacity is not None and taken >= conference.capacity:
        raise DecisionRefused("full", _("The conference is full. Put the registration on the waiting list."))
    locked.confirmed_at = now
    return _set(locked, State.ACCEPTED, "registration.approved", "confirmed_at", actor=actor)


@retried
@transaction.atomic
def decline(registration: Registration, *, actor: str) -> Registration:
    """Decline a registration; places it holds go to whoever waits. Asking twice changes nothing.

    Raises `DecisionRefused` "not-open" for a draft and for one that was cancelled.
    """
    leave_all(registration, actor=actor, reason="registration")
    locked = lock_registration(registration.pk)
    if locked.state == State.DECLINED:
        return locked
    if locked.state not in (*OPEN, *Registration.ACTIVE):
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    return _set(locked, State.DECLINED, "registration.declined", actor=actor)


@transaction.atomic
def waitlist(registration: Registration, *, actor: str) -> Registration:
    """Put a registration on the waiting list of the conference. Asking twice changes nothing.

    Raises `DecisionRefused` "not-open" when it is none that awaits a decision.
    """
    locked = lock_registration(registration.pk)
    if locked.state == State.WAITLISTED:
        return locked
    if locked.state not in OPEN:
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    return _set(locked, State.WAITLISTED, "registration.waitlisted", actor=actor)


def _set(registration: Registration, state: str, verb: str, *fields: str, actor: str) -> Registration:
    registration.state = state
    registration.save(update_fields=["state", *fields])
    record(verb, actor=actor, conference_id=registration.conference_id, subject_id=registration.pk)
    return registration
