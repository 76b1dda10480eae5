"""What organizers decide about registrations: accepted, declined, or put on a waiting list.

For conferences that look at each registration before they accept it. Who changes their own registration does so in
`registration.domain.registrations.registering`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from registration.domain import conference_line
from registration.domain.signups.locks import lock_registration
from registration.domain.signups.signing_up import leave_all
from registration.facts import (
    OfDecision,
    RegistrationApproved,
    RegistrationCancelled,
    RegistrationDeclined,
    RegistrationWaitlisted,
)
from registration.line_facts import ApprovalChanged
from registration.models import Registration
from schedule.models import Conference

State = Registration.State
# What may still be decided; an accepted registration can be declined, for instance when a visa is refused.
OPEN = (State.SUBMITTED, State.UNDER_REVIEW, State.WAITLISTED)


class Decision(StrEnum):
    """What an organizer may decide about a registration."""

    APPROVE = "approve"
    DECLINE = "decline"
    WAITLIST = "waitlist"


# From which states each decision changes something.
DECIDABLE: Mapping[Decision, tuple[str, ...]] = {
    Decision.APPROVE: (*OPEN, State.DECLINED),
    Decision.DECLINE: (*OPEN, *Registration.ACTIVE),
    Decision.WAITLIST: (State.SUBMITTED, State.UNDER_REVIEW),
}


class DecisionRefused(Exception):
    """The registration is not in a state in which this can be decided. `code` says why."""

    def __init__(self, code: str, message: object) -> None:
        super().__init__(str(message))
        self.code = code


@retried
@transaction.atomic
def approve(registration: Registration, *, actor: Actor, now: datetime) -> Registration:
    """Accept a registration. Asking twice changes nothing.

    Raises `DecisionRefused`: "not-open" when there is nothing to decide, "full" when the conference takes no more.
    Locks the conference, then the registration.
    """
    conference = Conference.objects.select_for_update(no_key=True).get(pk=registration.conference_id)
    locked = lock_registration(registration.pk)
    if locked.is_active:
        return locked
    if locked.state not in DECIDABLE[Decision.APPROVE]:
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    if not conference_line.has_room(conference):
        raise DecisionRefused("full", _("The conference is full. Put the registration on the waiting list."))
    locked.confirmed_at = now
    return _set(locked, State.ACCEPTED, RegistrationApproved, "confirmed_at", actor=actor)


@retried
@transaction.atomic
def decline(registration: Registration, *, actor: Actor, now: datetime | None = None) -> Registration:
    """Decline a registration; places it holds go to whoever waits, its place in the conference to the first in line for
    that. Asking twice changes nothing.

    Raises `DecisionRefused` "not-open" for a draft and for one that was cancelled.
    """
    limited = conference_line.lock_limited(registration.conference_id)
    leave_all(registration, actor=actor, reason="registration")
    locked = lock_registration(registration.pk)
    if locked.state == State.DECLINED:
        return locked
    if locked.state not in DECIDABLE[Decision.DECLINE]:
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    declined = _set(locked, State.DECLINED, RegistrationDeclined, actor=actor)
    conference_line.move_on(limited, actor=actor, now=now or timezone.now())
    return declined


@retried
@transaction.atomic
def waitlist(registration: Registration, *, actor: Actor) -> Registration:
    """Put a registration on the waiting list of the conference. Asking twice changes nothing.

    Raises `DecisionRefused` "not-open" when it is none that awaits a decision.
    """
    locked = lock_registration(registration.pk)
    if locked.state == State.WAITLISTED:
        return locked
    if locked.state not in DECIDABLE[Decision.WAITLIST]:
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    return _set(locked, State.WAITLISTED, RegistrationWaitlisted, actor=actor)


@retried
@transaction.atomic
def withdraw(registration: Registration, *, actor: Actor) -> Registration:
    """Take back a registration that awaits a decision, or is in line for a conference that is full. Asking twice
    changes nothing.

    Raises `DecisionRefused` "not-open" once it has been decided; `registering.cancel` gives an accepted one back.
    """
    # Nobody comes out of the line while its first one leaves it.
    conference_line.lock_limited(registration.conference_id)
    locked = lock_registration(registration.pk)
    if locked.state == State.CANCELLED:
        return locked
    if locked.state not in OPEN:
        raise DecisionRefused("not-open", _("This registration does not await a decision."))
    return _set(locked, State.CANCELLED, RegistrationCancelled, actor=actor)


@dataclass(frozen=True)
class Decided:
    """What came of deciding about several: those it was decided about, and why not about the others."""

    done: list[Registration]
    refused: list[tuple[Registration, DecisionRefused]]


def decide(registrations: Iterable[Registration], decision: Decision, *, actor: Actor, now: datetime) -> Decided:
    """Decide about each in turn, each in a transaction of its own: one that is refused holds up none of the others."""
    decided = Decided([], [])
    for registration in registrations:
        try:
            if decision is Decision.APPROVE:
                changed = approve(registration, actor=actor, now=now)
            elif decision is Decision.DECLINE:
                changed = decline(registration, actor=actor, now=now)
            else:
                changed = waitlist(registration, actor=actor)
        except DecisionRefused as refusal:
            decided.refused.append((registration, refusal))
        else:
            decided.done.append(changed)
    return decided


@retried
@transaction.atomic
def set_approval(conference: Conference, *, wanted: bool, actor: Actor) -> Conference:
    """Have organizers decide about each registration from now on, or not. What is so already is not written.

    Those that await a decision go on waiting for it. Whoever is in line for a full conference stays in it: organizers
    decide about them too, or the line moves on again by itself.
    """
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    differs = Conference.objects.filter(pk=conference.pk).exclude(approves_registrations=wanted)
    if differs.update(approves_registrations=wanted):
        record(ApprovalChanged(conference_id=conference.pk, subject_id=conference.pk, wanted=wanted), actor=actor)
        stored = Conference.objects.get(pk=conference.pk)
        conference_line.move_on([stored], actor=actor, now=timezone.now())
    conference.approves_registrations = wanted
    return conference


def _set(registration: Registration, state: str, decided: type[OfDecision], *fields: str, actor: Actor) -> Registration:
    was = str(registration.state)
    registration.state, registration.queued_at = state, None
    registration.save(update_fields=["state", "queued_at", *fields])
    record(decided(conference_id=registration.conference_id, subject_id=registration.pk, was=was), actor=actor)
    return registration
