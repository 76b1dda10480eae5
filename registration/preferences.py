"""What a participant prefers about being written to."""

from __future__ import annotations

from django.db import transaction

from journal.recording import record
from registration.models import Registration


@transaction.atomic
def set_invites(registration: Registration, *, wanted: bool, actor: str) -> Registration:
    """Have mails about places carry calendar invitations from now on, or not. What is so already is not written."""
    differs = Registration.objects.filter(pk=registration.pk).exclude(invites_by_mail=wanted)
    if differs.update(invites_by_mail=wanted):
        record(
            "registration.invites_changed", actor=actor, conference_id=registration.conference_id,
            subject_id=registration.pk, wanted=wanted,
        )  # fmt: skip
    registration.invites_by_mail = wanted
    return registration


@transaction.atomic
def set_announcements(registration: Registration, *, wanted: bool, actor: str) -> Registration:
    """Get what organizers announce by mail from now on, or not. What is so already is not written."""
    differs = Registration.objects.filter(pk=registration.pk).exclude(announcements_by_mail=wanted)
    if differs.update(announcements_by_mail=wanted):
        record(
            "registration.announcements_changed", actor=actor, conference_id=registration.conference_id,
            subject_id=registration.pk, wanted=wanted,
        )  # fmt: skip
    registration.announcements_by_mail = wanted
    return registration
