"""Deleting what is no longer needed: links, sessions and tallies that have run out, answers whose term is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.domain.addresses import forget_changes
from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from registration.domain.registrations.limits import forget_tallies
from registration.facts import AnswersForgotten
from registration.models import MagicLink, Participant, Registration
from schedule.models import Conference

# The outbox shows what was mailed for a link; after this time neither is of use.
KEEP_LINKS = timedelta(days=30)
# How many days after the conference each answer is emptied, as the registration form promises.
TERMS: tuple[tuple[int, dict[str, Any]], ...] = (
    (14, {"diet": ""}),
    (90, {"access_needs": [], "access_note": ""}),
    (180, {"interpretation": ""}),
    (365, {"display_name": "", "latin_name": "", "affiliation": "", "country": ""}),
)


def forget(*, now: datetime) -> None:
    """Delete answers nobody confirmed in time, old links, addresses nobody ever proved or nobody has any more, and what
    `TERMS` says.
    """
    MagicLink.objects.filter(expires_at__lte=now).exclude(answers={}).update(answers={})
    MagicLink.objects.filter(expires_at__lte=now - KEEP_LINKS).delete()
    more_than_a_draft = Registration.objects.filter(participant=OuterRef("pk")).exclude(state=Registration.State.DRAFT)
    Participant.objects.filter(~Exists(more_than_a_draft), verified_at=None, created_at__lte=now - KEEP_LINKS).delete()
    Session.objects.filter(expire_date__lte=now).delete()
    forget_changes(before=now - KEEP_LINKS)
    forget_tallies(now=now)
    forget_answers(now=now)


def forget_answers(*, now: datetime) -> int:
    """Empty answers whose term is over. Returns how many registrations were changed; twice changes nothing."""
    changed = 0
    for days, empty in TERMS:
        for conference in Conference.objects.filter(ends_on__lt=(now - timedelta(days=days)).date()):
            changed += _empty(conference, empty)
    return changed


@retried
@transaction.atomic
def _empty(conference: Conference, empty: dict[str, Any]) -> int:
    filled = Q()
    for name, value in empty.items():
        filled |= ~Q(**{name: value})
    count = Registration.objects.for_conference(conference).filter(filled).update(**empty)
    if count:
        fact = AnswersForgotten(conference_id=conference.pk, fields=tuple(sorted(empty)), registrations=count)
        record(fact, actor=SYSTEM)
    return count
