"""What a participant prefers about being written to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from journal.actors import Actor
from journal.facts import Change
from journal.recording import record
from journal.retrying import retried
from registration.domain.signups.locks import lock_registration
from registration.facts import AnnouncementsChanged, InvitesChanged, MailsChanged
from registration.models import Registration

Turned = type[InvitesChanged] | type[AnnouncementsChanged]


@dataclass(frozen=True, kw_only=True)
class MailWishes:
    """How somebody wants to be written to; the names are those of the registration's columns."""

    updates: str = Registration.Updates.EACH
    zone_name: str = ""
    agenda_reminder: bool = True
    reminder_minutes: int | None = None

    @classmethod
    def of(cls, registration: Registration) -> MailWishes:
        return cls(**{name: getattr(registration, name) for name in asdict(cls())})


@retried
@transaction.atomic
def set_mails(registration: Registration, wishes: MailWishes, *, actor: Actor) -> Registration:
    """Write to somebody as they wish from now on. What is so already is not written."""
    locked = lock_registration(registration.pk)
    had, wanted = asdict(MailWishes.of(locked)), asdict(wishes)
    changed: dict[str, Any] = {name: value for name, value in wanted.items() if value != had[name]}
    if changed:
        Registration.objects.filter(pk=registration.pk).update(**changed)
        told = {name: Change(had[name], value) for name, value in changed.items()}
        fact = MailsChanged(conference_id=registration.conference_id, subject_id=registration.pk, changes=told)
        record(fact, actor=actor)
    for name, value in wanted.items():
        setattr(registration, name, value)
    return registration


def set_invites(registration: Registration, *, wanted: bool, actor: Actor) -> Registration:
    """Have mails about places carry calendar invitations from now on, or not. What is so already is not written."""
    return _turn(registration, "invites_by_mail", InvitesChanged, wanted=wanted, actor=actor)


@retried
@transaction.atomic
def choose_calendar(registration: Registration, *, invites: bool, actor: Actor) -> Registration:
    """Say how places reach their owner's calendar: by invitations in mails, or not by these. What is so is not written.

    Whoever has said it is not asked any more.
    """
    wanted = {"invites_by_mail": invites, "calendar_chosen": True}
    if Registration.objects.filter(pk=registration.pk).exclude(**wanted).update(**wanted):
        fact = InvitesChanged(conference_id=registration.conference_id, subject_id=registration.pk, wanted=invites)
        record(fact, actor=actor)
    for name, value in wanted.items():
        setattr(registration, name, value)
    return registration


def set_announcements(registration: Registration, *, wanted: bool, actor: Actor) -> Registration:
    """Get what organizers announce by mail from now on, or not. What is so already is not written."""
    return _turn(registration, "announcements_by_mail", AnnouncementsChanged, wanted=wanted, actor=actor)


@retried
@transaction.atomic
def _turn(registration: Registration, switch: str, turned: Turned, *, wanted: bool, actor: Actor) -> Registration:
    differs = Registration.objects.filter(pk=registration.pk).exclude(**{switch: wanted})
    if differs.update(**{switch: wanted}):
        fact = turned(conference_id=registration.conference_id, subject_id=registration.pk, wanted=wanted)
        record(fact, actor=actor)
    setattr(registration, switch, wanted)
    return registration
