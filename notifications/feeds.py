"""Personal calendars, each behind a secret address that its owner can revoke."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from journal.recording import record
from notifications import addresses
from notifications.calendar_entries import Subscribed, calendar_info, signup_entry, subscribed
from notifications.letters import last_published, place_of
from notifications.models import FeedToken, Message
from registration import tokens
from registration.models import Registration, SignUp

# How exactly the last reading is known: a write for every fetch would cost more than the fetch.
READ_STEP = timedelta(hours=1)


@transaction.atomic
def create_feed(registration: Registration, *, actor: str) -> FeedToken:
    """A new secret address of this person's calendar; older ones go on working until they are revoked."""
    token = FeedToken(registration=registration)
    token.token_hash = tokens.hash_of(tokens.token_for(tokens.Purpose.FEED, token.uid))
    token.save()
    record("feed.created", actor=actor, conference_id=registration.conference_id, subject_id=token.pk)
    return token


@transaction.atomic
def revoke_feed(token: FeedToken, *, actor: str, now: datetime | None = None) -> FeedToken:
    """Close a secret address for ever. Revoking twice changes nothing."""
    revoked = FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now or timezone.now())
    if revoked:
        conference_id = token.registration.conference_id
        record("feed.revoked", actor=actor, conference_id=conference_id, subject_id=token.pk)
    token.refresh_from_db()
    return token


def feed_url(token: FeedToken) -> str:
    """The secret address, for its owner's eyes only."""
    return addresses.feed(token.uid)


def find_feed(secret: str) -> FeedToken | None:
    """The calendar behind a secret, unless it is unknown or revoked. One query."""
    found = FeedToken.objects.filter(token_hash=tokens.hash_of(secret), revoked_at=None)
    return found.select_related("registration__conference").first()


def note_reading(token: FeedToken, now: datetime) -> None:
    """Remember that the calendar is in use. At most one write an hour."""
    if token.last_read_at is None or now - token.last_read_at >= READ_STEP:
        FeedToken.objects.filter(pk=token.pk).update(last_read_at=now)


def personal_feed(token: FeedToken) -> Subscribed:
    """A person's calendar: every place they have, and as cancelled every place they once had. Two queries."""
    registration = token.registration
    conference, language = registration.conference, registration.language
    was_confirmed = Exists(Message.objects.filter(signup=OuterRef("pk"), kind="place_confirmed"))
    mine = SignUp.objects.filter(registration=registration).filter(Q(state=SignUp.State.CONFIRMED) | was_confirmed)
    signups = list(mine.select_related("session__kind", "room").order_by("pk"))
    published = last_published({signup.session_id for signup in signups if signup.during is None})
    entries = [
        signup_entry(signup, place, conference, language)
        for signup in signups
        if (place := place_of(signup, published)) is not None
    ]
    return subscribed(entries, calendar_info(conference, language, source=feed_url(token)))
