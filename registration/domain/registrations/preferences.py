"""What a participant prefers about being written to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from journal.recording import record
from registration.domain.signups.locks import lock_registration
from registration.models import Registration


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


@transaction.atomic
def set_mails(registration: Registration, wishes: MailWishes, *, actor: str) -> Registration:
    """Write to somebody as they wish from now on. What is so already is not written."""
    locked = lock_registration(registration.pk)
    had, wanted = asdict(MailWishes.of(locked)), asdict(wishes)
    changed: dict[str, Any] = {name: value for name, value in wanted.items() if value != had[name]}
    if changed:
        Registration.objects.filter(pk=registration.pk).update(**changed)
        record(
            "registration.mails_changed",
            actor=actor,
            conference_id=registration.conference_id,
            subject_id=registration.pk,
            **changed,
        )
    for name, value in wanted.items():
        setattr(registration, name, value)
    return registration


def set_invites(registration: Registration, *, wanted: bool, actor: str) -> Registration:
    """Have mails about places carry calendar invitations from now on, or not. What is so already is not written."""
    return _turn(registration, "invites_by_mail", "registration.invites_changed", wanted=wanted, actor=actor)


def set_announcements(registration: Registration, *, wanted: bool, actor: str) -> Registration:
    """Get what organizers announce by mail from now on, or not. What is so already is not written."""
    return _turn(
        registration, "announcements_by_mail", "registration.announcements_changed", wanted=wanted, actor=actor
    )


@transaction.atomic
def _turn(registration: Registration, switch: str, verb: str, *, wanted: bool, actor: str) -> Registration:
    differs = Registration.objects.filter(pk=registration.pk).exclude(**{switch: wanted})
    if differs.update(**{switch: wanted}):
        record(verb, actor=actor, conference_id=registration.conference_id, subject_id=registration.pk, wanted=wanted)
    setattr(registration, switch, wanted)
    return registration
