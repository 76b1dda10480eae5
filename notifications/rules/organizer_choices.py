"""What organizers choose about mails to themselves."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Membership
from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from notifications.facts import DigestChanged
from schedule.models import Conference


@retried
@transaction.atomic
def set_daily_digest(membership: Membership, *, wanted: bool, conference: Conference, actor: Actor) -> Membership:
    """Mail this member of a team what needs attention, each morning, or not. What is so already is not written.

    It holds for every conference of the team; the entry stands in the journal of the one it was chosen at.
    """
    differs = Membership.objects.filter(pk=membership.pk).exclude(daily_digest=wanted)
    if differs.update(daily_digest=wanted):
        record(DigestChanged(conference_id=conference.pk, subject_id=membership.pk, wanted=wanted), actor=actor)
    membership.daily_digest = wanted
    return membership
