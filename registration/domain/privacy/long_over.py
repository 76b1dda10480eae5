"""Erasing people whose conferences have all been over for a year, as if they had erased themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from journal.actors import SYSTEM
from journal.recording import record_all
from journal.retrying import retried
from registration.domain.privacy.erasing import erase_all
from registration.models import Participant, Registration, SignUp
from registration.privacy_facts import ErasedBy, PeopleForgotten

KEEP_PEOPLE = timedelta(days=365)
# Each batch is a transaction of its own. What is left after so many is done an hour later.
BATCH = 100
MOST_AT_ONCE = 2000


def long_over(now: datetime) -> QuerySet[Participant]:
    """People who have no registration, in whatever state, for a conference that is not over for as long as that.

    Whoever has none at all is known for as long as that.
    """
    theirs = Registration.objects.filter(participant=OuterRef("pk"))
    still = theirs.filter(conference__ends_on__gte=(now - KEEP_PEOPLE).date())
    known = Q(created_at__lt=now - KEEP_PEOPLE)
    return Participant.objects.filter(~Exists(still), Exists(theirs) | known)


def kept_until(registrations: Iterable[Registration]) -> date | None:
    """The last day on which somebody with these registrations, read with their conferences, is known; None without any.
    No query.
    """
    last = max((registration.conference.ends_on for registration in registrations), default=None)
    return last + KEEP_PEOPLE if last else None


def forget_people(*, now: datetime) -> int:
    """Erase them, in batches. Returns how many there were; twice changes nothing."""
    keys = list(long_over(now).order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_forget(keys[first : first + BATCH], now=now) for first in range(0, len(keys), BATCH))


@retried
@transaction.atomic
def _forget(keys: Sequence[int], *, now: datetime) -> int:
    """Erase those of these people who are still to be. Somebody who is doing something just now is left for later."""
    locked = Participant.objects.select_for_update(skip_locked=True).filter(pk__in=keys).order_by("pk")
    # Asked again once they are locked: they may have registered anew since, and cannot any more.
    over = list(long_over(now).filter(pk__in=[participant.pk for participant in locked]))
    if not over:
        return 0
    places = Counter(
        SignUp.objects.filter(registration__participant__in=over)
        .confirmed()
        .values_list("registration__conference_id", flat=True)
    )
    states: dict[int, Counter[str]] = {}
    for registration in erase_all(over, by=ErasedBy.TERM, now=now):
        states.setdefault(registration.conference_id, Counter())[registration.state] += 1
    record_all(
        [
            PeopleForgotten(conference_id=conference, was=dict(sorted(was.items())), places=places[conference])
            for conference, was in states.items()
        ],
        actor=SYSTEM,
    )
    return len(over)
