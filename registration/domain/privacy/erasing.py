"""Erasing people, at their own wish or when their time is over: their places go on, and nothing that names them stays.

The journal stays: it holds keys of rows that are no more, and no names. Counts of what it tells stay with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Upper
from django.utils import timezone

from journal.actors import SYSTEM
from journal.recording import record_all
from journal.retrying import retried
from registration.domain import conference_line
from registration.domain.privacy.browsers import sign_out_everywhere
from registration.domain.privacy.kept_forms import holds_form_of
from registration.domain.signups.signing_up import leave_all
from registration.models import MagicLink, Participant, Registration
from registration.ports.erased import forget_addresses
from registration.privacy_facts import ErasedBy, RegistrationErased
from schedule.exchange.everything.asking import forget_archives_of


@retried
@transaction.atomic
def erase(participant: Participant) -> int:
    """Delete a person with all their registrations, answers, wishes, places, calendars, links, mails and sessions.

    What they held goes to whoever waits, in the same transaction; nobody writes to them again. Returns how many
    registrations there were. Locks their conferences where places are limited, the seats of their sessions, then each
    registration.
    """
    return len(erase_all([participant], by=ErasedBy.OWNER, now=timezone.now()))


def erase_all(participants: Collection[Participant], *, by: ErasedBy, now: datetime) -> list[Registration]:
    """`erase` for several people at once, within the caller's transaction. Returns the registrations that there were.

    A wish of their own is that of one person, who is the actor then. Sessions of browsers, in which their addresses may
    have been typed, are read once for all of them.
    """
    theirs = Registration.objects.filter(participant__in=participants)
    limited = conference_line.lock_limited(*theirs.values_list("conference_id", flat=True))
    registrations = list(theirs.order_by("conference_id", "pk"))
    # All of a conference leave at once: what one of them frees goes to none of the others.
    for conference_id, leaving in groupby(registrations, key=attrgetter("conference_id")):
        gone: list[Registration] = list(leaving)
        actor = gone[0].actor if by is ErasedBy.OWNER else SYSTEM
        leave_all(*gone, actor=actor, reason="erased", now=now)
        record_all(
            [RegistrationErased(conference_id=conference_id, subject_id=one.pk, was=one.state, by=by) for one in gone],
            actor=actor,
        )
    addresses = _addresses_of(participants)
    sign_out_everywhere(*participants)
    _forget_typed(addresses, [str(participant.uid) for participant in participants])
    forget_archives_of({registration.conference_id for registration in registrations})
    Participant.objects.filter(pk__in=[participant.pk for participant in participants]).delete()
    # Somebody else who wanted to change to one of them has not proved it, or it would be theirs.
    wanted = MagicLink.objects.alias(wanted=Upper("new_address")).filter(used_at=None)
    wanted.filter(wanted__in=[Upper(Value(address)) for address in addresses]).delete()
    forget_addresses(addresses)
    conference_line.move_on(limited, actor=SYSTEM, now=now)
    return registrations


def _addresses_of(participants: Collection[Participant]) -> set[str]:
    """Theirs, and those that were theirs as far as their links still say so; no two differ in case alone. One query."""
    links = MagicLink.objects.filter(participant__in=participants).exclude(former_address="")
    former = links.values_list("former_address", flat=True)
    return {address.lower() for address in (*(participant.email for participant in participants), *former)}


def _forget_typed(addresses: Collection[str], uids: Collection[str]) -> None:
    """End the browser sessions in which a stranger typed one of these addresses, for whoever registers is none yet; and
    those that keep a form of one of them, sent while they were signed out.

    They are read one by one, for nothing else says what is in them; nobody erases themselves often.
    """
    read = ((row.session_key, row.get_decoded()) for row in Session.objects.iterator())
    holding = [key for key, found in read if _names(found, addresses) or holds_form_of(found, uids)]
    Session.objects.filter(session_key__in=holding).delete()


def _names(session: Mapping[str, Any], addresses: Collection[str]) -> bool:
    text = repr(session).lower()
    return any(address in text for address in addresses)
