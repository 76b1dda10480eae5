"""Erasing somebody at their own wish: their places go on, and nothing is left that names them.

The journal stays: it holds keys of rows that are no more, and no names. Counts of what it tells stay with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from registration.domain import conference_line
from registration.domain.privacy.browsers import sign_out_everywhere
from registration.domain.privacy.kept_forms import holds_form_of
from registration.domain.signups.signing_up import leave_all
from registration.models import MagicLink, Participant, Registration
from registration.ports.erased import forget_address
from registration.privacy_facts import RegistrationErased
from schedule.exchange.everything.asking import forget_archives_of


@retried
@transaction.atomic
def erase(participant: Participant) -> int:
    """Delete a person with all their registrations, answers, wishes, places, calendars, links, mails and sessions.

    What they held goes to whoever waits, in the same transaction; nobody writes to them again. Returns how many
    registrations there were. Locks their conferences where places are limited, the seats of their sessions, then each
    registration.
    """
    theirs = Registration.objects.for_participant(participant).values_list("conference_id", flat=True)
    limited = conference_line.lock_limited(*theirs)
    registrations = list(Registration.objects.for_participant(participant).order_by("pk"))
    for registration in registrations:
        leave_all(registration, actor=registration.actor, reason="erased")
        fact = RegistrationErased(
            conference_id=registration.conference_id, subject_id=registration.pk, was=registration.state
        )
        record(fact, actor=registration.actor)
    addresses = _addresses_of(participant)
    sign_out_everywhere(participant)
    _forget_typed(addresses, str(participant.uid))
    forget_archives_of({registration.conference_id for registration in registrations})
    participant.delete()
    for address in addresses:
        # Somebody else who wanted to change to it has not proved it, or it would be theirs.
        MagicLink.objects.filter(new_address__iexact=address, used_at=None).delete()
        forget_address(address)
    conference_line.move_on(limited, actor=SYSTEM, now=timezone.now())
    return len(registrations)


def _addresses_of(participant: Participant) -> set[str]:
    """Theirs, and those that were theirs as far as their links still say so; no two differ in case alone. One query."""
    former = participant.magic_links.exclude(former_address="").values_list("former_address", flat=True)
    return {address.lower() for address in (participant.email, *former)}


def _forget_typed(addresses: Collection[str], uid: str) -> None:
    """End the browser sessions in which a stranger typed one of these addresses, for whoever registers is none yet; and
    those that keep a form of theirs, sent while they were signed out.

    They are read one by one, for nothing else says what is in them; nobody erases themselves often.
    """
    read = ((row.session_key, row.get_decoded()) for row in Session.objects.iterator())
    holding = [key for key, found in read if _names(found, addresses) or holds_form_of(found, uid)]
    Session.objects.filter(session_key__in=holding).delete()


def _names(session: Mapping[str, Any], addresses: Collection[str]) -> bool:
    text = repr(session).lower()
    return any(address in text for address in addresses)
