"""Asking the owner of a declined place whether they give it back, and taking their word for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q

from journal.actors import SYSTEM
from journal.recording import record
from journal.retrying import retried
from notifications.models import DeclinedPlace
from registration.domain.registrations.limits import QUESTIONS_PER_ADDRESS, allowed
from registration.domain.registrations.tokens import TokenPurpose, hash_of, token_for
from registration.domain.signups import signing_up
from registration.facts import PlaceDeclined
from registration.models import SignUp

VALID_FOR = timedelta(days=14)
_ASK = """
INSERT INTO notifications_declinedplace AS place (signup_id, token_hash, sequence, asked_at)
VALUES (%(signup)s, %(hash)s, %(sequence)s, %(now)s)
ON CONFLICT (signup_id) DO UPDATE SET sequence = excluded.sequence, asked_at = excluded.asked_at, answered_at = NULL
WHERE place.sequence < excluded.sequence
RETURNING id
"""


@retried
@transaction.atomic
def ask(signup: SignUp, *, now: datetime) -> bool:
    """Have the owner asked whether they give the place back; say whether they will be.

    Only about a place they hold in a session that is not over, once for each state of its calendar entry, and not
    more often than QUESTIONS_PER_ADDRESS: whoever forges answers in their name can cause them no more mails than that.
    Nothing happens to the place. Reads `signup.session`: a query if not loaded.
    """
    if signup.state != SignUp.State.CONFIRMED or signup.during is None or signup.during.upper <= now:
        return False
    if DeclinedPlace.objects.filter(signup=signup, sequence__gte=signup.sequence).exists():
        return False
    if not allowed(QUESTIONS_PER_ADDRESS, str(signup.registration_id), now=now):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            _ASK, {"signup": signup.pk, "hash": hash_of(token_of(signup)), "sequence": signup.sequence, "now": now}
        )
        if cursor.fetchone() is None:
            return False
    fact = PlaceDeclined(
        conference_id=signup.session.conference_id,
        subject_id=signup.pk,
        session=signup.session_id,
        registration=signup.registration_id,
    )
    record(fact, actor=SYSTEM)
    return True


def token_of(signup: SignUp) -> str:
    """The secret that lets whoever has the mail give this one place back, and nothing else."""
    return token_for(TokenPurpose.DECLINE, signup.uid)


def declined_place(token: str, *, now: datetime) -> DeclinedPlace | None:
    """The question a token belongs to, while it may be answered: until the session is over. One query, with all that
    its page shows.
    """
    open_ones = DeclinedPlace.objects.filter(Q(answered_at__isnull=True), asked_at__gt=now - VALID_FOR)
    open_ones = open_ones.exclude(signup__during__endswith__lte=now)
    related = (
        "signup__session",
        "signup__room",
        "signup__registration__participant",
        "signup__registration__conference",
    )
    return open_ones.filter(token_hash=hash_of(token)).select_related(*related).first()


@retried
@transaction.atomic
def give_back(place: DeclinedPlace, *, now: datetime) -> SignUp:
    """Leave the session, as its owner by the word of the link mailed to them. Twice changes nothing."""
    signup = place.signup
    left = signing_up.leave(signup, actor=signup.registration.actor)
    DeclinedPlace.objects.filter(pk=place.pk, answered_at__isnull=True).update(answered_at=now)
    return left
