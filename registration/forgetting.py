"""Deleting what is no longer needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from registration.limits import forget_tallies
from registration.models import MagicLink, Participant, Registration

# The outbox shows what was mailed for a link; after this time neither is of use.
KEEP_LINKS = timedelta(days=30)


def forget(*, now: datetime) -> None:
    """Delete answers nobody confirmed in time, old links, addresses nobody ever proved, ended sessions, tallies."""
    MagicLink.objects.filter(expires_at__lte=now).exclude(answers={}).update(answers={})
    MagicLink.objects.filter(expires_at__lte=now - KEEP_LINKS).delete()
    more_than_a_draft = Registration.objects.filter(participant=OuterRef("pk")).exclude(state=Registration.State.DRAFT)
    Participant.objects.filter(
        ~Exists(more_than_a_draft), verified_at=None, created_at__lte=now - KEEP_LINKS
    ).delete()
    Session.objects.filter(expire_date__lte=now).delete()
    forget_tallies(now=now)
