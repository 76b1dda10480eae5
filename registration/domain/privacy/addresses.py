"""Changing the address somebody signs in with: asked for by them, proved at the new one, told to the old one."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from registration.domain.privacy.browsers import sign_out_everywhere
from registration.domain.registrations import links
from registration.domain.registrations.links import CONFIRM_VALID_FOR, LinkPurpose, LinkRefused, participant_with
from registration.models import MagicLink, Participant, Registration
from registration.privacy_facts import ParticipantAddressChanged
from values.hosts import one_mailbox


@retried
def ask_for_address(
    registration: Registration, address: str, *, now: datetime, next_path: str, leaves_at: datetime | None = None
) -> None:
    """Mail a link to the new address, in the name of the conference where it is asked for; it leaves at `leaves_at`, or
    at once. Nothing changes until it is used.

    Whoever asks learns nothing about the new address: one that somebody has is mailed nothing, and costs the same.
    """
    address = one_mailbox(address.strip())
    if participant_with(address) is not None:
        links.mail_nothing(LinkPurpose.ADDRESS)
        return
    links.mail_link(
        registration.participant,
        LinkPurpose.ADDRESS,
        until=now + CONFIRM_VALID_FOR,
        now=now,
        next_path=next_path,
        registration=registration,
        new_address=address,
        leaves_at=leaves_at,
    )


def confirm_address(token: str, *, now: datetime) -> Participant:
    """Give somebody the address they have proved. Every browser of theirs is signed out, every other link is dead, and
    the old address is told.

    Raises `LinkRefused` when the link cannot be used, or somebody else has the address by now.
    """
    try:
        return _confirm(token, now)
    except IntegrityError as taken:
        raise LinkRefused from taken


@retried
@transaction.atomic
def _confirm(token: str, now: datetime) -> Participant:
    def change(link: MagicLink) -> None:
        if not link.new_address:
            raise LinkRefused
        participant = link.participant
        link.former_address = participant.email
        participant.email, participant.verified_at = link.new_address, now
        participant.save(update_fields=["email", "verified_at"])
        sign_out_everywhere(participant)
        others = MagicLink.objects.filter(participant=participant, used_at=None, expires_at__gt=now)
        others.exclude(pk=link.pk).update(expires_at=now, answers={})
        registration = link.registration
        fact = ParticipantAddressChanged(
            conference_id=registration.conference_id if registration else None,
            subject_id=link.pk,
            participant=participant.pk,
            registration=registration.pk if registration else None,
        )
        record(fact, actor=SYSTEM)

    return links.use(token, now=now, act=change).participant
