"""Personal calendars, each behind a secret address that its owner can revoke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from notifications import addresses
from notifications.calendars.entries import CalendarEntry, CalendarInfo
from notifications.calendars.files import download, etag
from notifications.facts import FeedChanged, FeedCreated, FeedRevoked
from notifications.mails.calendar_entries import (
    Tag,
    calendar_info,
    called_off,
    conference_entry,
    signup_entry,
    subscribed,
)
from notifications.mails.calendar_place import last_published, place_of
from notifications.models import FeedToken
from notifications.wordings.texts import one_line
from registration.domain.registrations import tokens
from registration.domain.signups.locks import lock_registration
from registration.models import Registration, SignUp
from schedule.domain.published.details import details_for_holders
from schedule.domain.timetables.kept import Kept, unchanged_since

# After an update of the product, which may write the same state in other words, readers see it within this time.
KEEP_TAG = 3600


@retried
@transaction.atomic
def create_feed(
    registration: Registration,
    *,
    name: str,
    alarm_minutes: int | None = None,
    with_conference: bool = False,
    actor: Actor,
) -> FeedToken:
    """A new secret address of this person's calendar, for one device; others go on working until they are revoked.

    Raises `ValidationError` for an empty name, one that another device of theirs has, and an alarm out of bounds.
    """
    token = FeedToken(
        registration=registration, name=name, alarm_minutes=alarm_minutes, with_conference=with_conference
    )
    token.full_clean(exclude=["token_hash"])
    token.token_hash = tokens.hash_of(tokens.token_for(tokens.TokenPurpose.FEED, token.uid))
    token.save()
    record(FeedCreated(conference_id=registration.conference_id, subject_id=token.pk), actor=actor)
    return token


@retried
@transaction.atomic
def revoke_feed(token: FeedToken, *, actor: Actor, now: datetime | None = None) -> FeedToken:
    """Close a secret address for ever. Revoking twice changes nothing."""
    revoked = FeedToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now or timezone.now())
    if revoked:
        conference_id = token.registration.conference_id
        record(FeedRevoked(conference_id=conference_id, subject_id=token.pk), actor=actor)
    token.refresh_from_db()
    return token


@retried
@transaction.atomic
def change_feed(
    token: FeedToken, *, name: str, alarm_minutes: int | None, with_conference: bool, actor: Actor
) -> FeedToken:
    """Name a device anew, and choose what its calendar carries. What is so already is not written.

    Raises `ValidationError` as `create_feed` does. The journal says what changed, never how the device is called.
    Locks the registration, so that two devices do not get one name at once.
    """
    lock_registration(token.registration_id)
    locked = FeedToken.objects.select_for_update().get(pk=token.pk)
    wanted = {"name": name, "alarm_minutes": alarm_minutes, "with_conference": with_conference}
    changed = [field for field, value in wanted.items() if getattr(locked, field) != value]
    for field in changed:
        setattr(locked, field, wanted[field])
    locked.full_clean(exclude=["token_hash"])
    if changed:
        locked.save(update_fields=changed)
        conference_id = locked.registration.conference_id
        fact = FeedChanged(conference_id=conference_id, subject_id=locked.pk, changed=tuple(changed))
        record(fact, actor=actor)
    return locked


def feed_url(token: FeedToken) -> str:
    """The secret address, for its owner's eyes only."""
    return addresses.secret(tokens.TokenPurpose.FEED, token.uid)


@dataclass(frozen=True)
class FoundFeed:
    """A calendar behind a secret, before anything is written: `state` is the same while the calendar is."""

    token_id: int
    last_read_on: date | None
    timezone: str
    language: str
    state: str


# Everything a personal calendar is made of, as one digest: fetching an unchanged calendar costs this and no more.
_FIND = """
SELECT token.id, token.last_read_on, conference.timezone, registration.language, md5(concat_ws('|',
    registration.language, registration.display_name,
    conference.name, conference.timezone, conference.slug, conference.accent,
    coalesce(token.alarm_minutes, -1), token.with_conference,
    CASE WHEN token.with_conference THEN concat_ws('|', conference.theme, conference.entry_sequence) END,
    (SELECT string_agg(concat_ws('|', signup.uid, signup.state, signup.sequence, signup.changed_at, signup.during,
                                 signup.online_url, signup.room_name, signup.venue, session.code, session.title,
                                 kind.name, session.state, session.signup, session.abstract, session.languages,
                                 (SELECT string_agg(person.name, '|' ORDER BY role.position, role.id)
                                  FROM schedule_role role
                                  JOIN schedule_person person
                                    ON person.id = role.person_id AND person.taken_down_at IS NULL
                                  WHERE role.session_id = session.id),
                                 (SELECT string_agg(body.name, '|' ORDER BY link.position, link.id)
                                  FROM schedule_sessionhost link JOIN schedule_body body ON body.id = link.body_id
                                  WHERE link.session_id = session.id AND link.is_shown)),
                       E'\n' ORDER BY signup.id)
     FROM registration_signup signup
     JOIN schedule_session session ON session.id = signup.session_id
     JOIN schedule_kind kind ON kind.id = session.kind_id
     JOIN registration_seats seats ON seats.session_id = signup.session_id
     WHERE signup.registration_id = registration.id
       AND (signup.state = 'confirmed'
            OR (signup.state = 'left' AND signup.stood_as = 'confirmed' AND seats.during IS NULL)))))
FROM notifications_feedtoken token
JOIN registration_registration registration ON registration.id = token.registration_id
JOIN schedule_conference conference ON conference.id = registration.conference_id
WHERE token.token_hash = %s AND token.revoked_at IS NULL
"""


def find_feed(secret: str) -> FoundFeed | None:
    """The calendar behind a secret, unless it is unknown or revoked. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [tokens.hash_of(secret)])
        row = cursor.fetchone()
    return FoundFeed(*row) if row else None


def is_revoked(secret: str) -> bool:
    """Whether a secret was an address once. One query."""
    return FeedToken.objects.filter(token_hash=tokens.hash_of(secret)).exclude(revoked_at=None).exists()


def note_reading(found: FoundFeed, now: datetime) -> None:
    """Remember the day, on the conference's clocks, on which the calendar was in use. At most one write a day."""
    today = now.astimezone(ZoneInfo(found.timezone)).date()
    if found.last_read_on != today:
        FeedToken.objects.filter(pk=found.token_id).update(last_read_on=today)


def known_tag(found: FoundFeed) -> Tag | None:
    """The tag this state of the calendar was last sent with; None when it is not known, or the cache is away."""
    kept = Kept()
    known = kept.get(_key(found), str)
    return Tag(known, unchanged_since(kept, f"feed-of:{found.token_id}", known)) if known is not None else None


def personal_feed(found: FoundFeed) -> tuple[bytes, Tag]:
    """A person's calendar: every place they have, and as cancelled what they had a place in and does not take place.

    What they gave back is gone from it.

    Only its tag is kept in the cache: the calendar itself names its secret address, its events where somebody will be,
    and a dozen are written in a few milliseconds. Three queries with places while what is shown of their sessions is
    kept, five more where it is not, one more where a session has vanished.
    """
    token = FeedToken.objects.select_related("registration__conference").get(pk=found.token_id)
    registration = token.registration
    info = _info(registration, source=feed_url(token))
    entries = _entries(registration, alarm_minutes=token.alarm_minutes, with_conference=token.with_conference)
    written = subscribed(entries, info)
    kept, name = Kept(), etag(written.feed.body)
    kept.put({_key(found): name}, KEEP_TAG)
    return written.feed.body, Tag(name, unchanged_since(kept, f"feed-of:{found.token_id}", name))


def personal_file(
    registration: Registration, *, alarm_minutes: int | None = None, with_conference: bool = False
) -> bytes:
    """A person's calendar to import once. Reads `registration.conference`."""
    entries = _entries(registration, alarm_minutes=alarm_minutes, with_conference=with_conference)
    return download(entries, _info(registration)).body


def _info(registration: Registration, *, source: str | None = None) -> CalendarInfo:
    """Named after its owner: beside the conference's own calendar it must be another."""
    name = one_line(registration.display_name)
    return calendar_info(registration.conference, registration.language, source=source, name=name)


def _entries(registration: Registration, *, alarm_minutes: int | None, with_conference: bool) -> list[CalendarEntry]:
    # Once the session takes place again, somebody who has no place in it any more has nothing in their calendar.
    ended = Q(state=SignUp.State.LEFT, stood_as=SignUp.State.CONFIRMED, session__seats__during=None)
    shown = Q(state=SignUp.State.CONFIRMED) | ended
    mine = SignUp.objects.filter(shown, registration=registration)
    signups = list(mine.select_related("session__kind").order_by("pk"))
    conference, language = registration.conference, registration.language
    for signup in signups:
        signup.session.conference = conference
    published = last_published({signup.session_id for signup in signups if signup.during is None})
    details = details_for_holders([signup.session for signup in signups if signup.state == SignUp.State.CONFIRMED])
    entries = [
        called_off(entry) if signup.called_off else entry
        for signup in signups
        if (place := place_of(signup, published)) is not None
        for shown in [details.get(signup.session_id)]
        for entry in [signup_entry(signup, place, conference, language, details=shown, alarm_minutes=alarm_minutes)]
    ]
    return [*entries, conference_entry(conference, language)] if with_conference else entries


def _key(found: FoundFeed) -> str:
    return f"feed-tag:{found.token_id}:{found.state}"
