"""Small, boring makers of rows for tests. Every default is visible here; give what the test is about."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import Team, User
from journal.actors import SYSTEM
from registration.domain.consents import Purpose, agree
from registration.domain.signups.locks import lock_seats
from registration.domain.signups.steps.on_offer import Offer, offers_of
from registration.domain.signups.steps.writing_seats import write_seats
from registration.models import Participant, Registration, Seats, SignUp
from schedule.models import (
    Body,
    Conference,
    ConferenceText,
    Day,
    Kind,
    Person,
    Release,
    ReleasedPlacement,
    Room,
    Session,
    Theme,
)
from schedule.ports.follow import follow
from values.instants import after

# What every conference of the tests has published: without a privacy notice and a contact its registration is closed.
TEXTS = {
    "privacy": "We keep your name as long as we need it.",
    "conduct": "Be kind to each other.",
    "contact": "Write to the desk.",
}

_numbers = itertools.count(1)


def both(text: str) -> LazyI18nString:
    """A text in English and in (pretended) Korean, so that a page in the wrong language is noticed."""
    return LazyI18nString({"en": text, "ko": f"{text} (한국어)"})


def make_conference(*, days: int = 2, opens: time = time(9), closes: time = time(18), **fields: Any) -> Conference:
    """A public conference in Seoul from 1 June 2037 with `days` days of opening hours."""
    number = next(_numbers)
    starts_on = fields.pop("starts_on", date(2037, 6, 1))
    conference = Conference.objects.create(
        **{
            "slug": f"conference-{number}",
            "name": both(f"Conference {number}"),
            "timezone": "Asia/Seoul",
            "starts_on": starts_on,
            # Mails about changes leave at once; give it where the gathering is what a test is about.
            "gather_seconds": 0,
            "ends_on": starts_on + timedelta(days=days - 1),
            "languages": ["en", "ko"],
            "is_public": True,
            "registration_open": True,
            "published_texts": list(TEXTS),
        }
        | fields
    )
    ConferenceText.objects.bulk_create(
        ConferenceText(conference=conference, kind=kind, version=1, body=both(text)) for kind, text in TEXTS.items()
    )
    Day.objects.bulk_create(
        Day(
            conference=conference,
            date=day,
            opens_at=datetime.combine(day, opens, conference.zone),
            closes_at=datetime.combine(day, closes, conference.zone),
        )
        for day in conference.dates
    )
    return conference


def at(conference: Conference, clock: str, day: int = 0) -> datetime:
    """The instant at which the conference's clocks show `clock` ("13:00") on its day number `day` (0 is the first)."""
    return datetime.combine(conference.starts_on + timedelta(days=day), time.fromisoformat(clock), conference.zone)


def make_room(conference: Conference, *, parts: Iterable[Room] = (), **fields: Any) -> Room:
    number = next(_numbers)
    room = Room.objects.create(
        conference=conference,
        **{"code": f"R{number}", "name": both(f"Room {number}"), "capacity": 50, "position": number} | fields,
    )
    room.parts.add(*parts)
    return room


def make_kind(conference: Conference, **fields: Any) -> Kind:
    number = next(_numbers)
    return Kind.objects.create(
        conference=conference, **{"code": f"kind-{number}", "name": both(f"Kind {number}"), "position": number} | fields
    )


def make_theme(conference: Conference, **fields: Any) -> Theme:
    number = next(_numbers)
    return Theme.objects.create(
        conference=conference,
        **{"code": f"theme-{number}", "name": both(f"Theme {number}"), "position": number} | fields,
    )


def make_session(conference: Conference, *, kind: Kind | None = None, **fields: Any) -> Session:
    """An accepted open session of one hour. Without `kind` the conference's first kind is used, or one is made."""
    number = next(_numbers)
    return Session.objects.create(
        conference=conference,
        kind=kind or conference.kinds.first() or make_kind(conference, code="talk", name=both("Talk")),
        **{
            "code": f"S{number}",
            "title": both(f"Session {number}"),
            "duration_minutes": 60,
            "languages": ["en"],
        }
        | fields,
    )


def make_body(conference: Conference, **fields: Any) -> Body:
    number = next(_numbers)
    return Body.objects.create(
        conference=conference, **{"code": f"body-{number}", "name": both(f"Organisation {number}")} | fields
    )


def make_person(conference: Conference, **fields: Any) -> Person:
    number = next(_numbers)
    return Person.objects.create(
        conference=conference, **{"code": f"person-{number}", "name": both(f"Person {number}")} | fields
    )


def make_release(
    conference: Conference, placements: Iterable[tuple[Session, Room, datetime]], **fields: Any
) -> Release:
    """The next release, sealed, with (session, room, start) placements; each lasts as long as its session does."""
    newest = conference.releases.first()
    with transaction.atomic():
        release = Release.objects.create(conference=conference, number=newest.number + 1 if newest else 1, **fields)
        ReleasedPlacement.objects.bulk_create(
            ReleasedPlacement(
                release=release,
                session=session,
                room=room,
                start=start,
                end=after(start, session.duration_minutes),
                title=session.title,
                room_name=room.name,
            )
            for session, room, start in placements
        )
        release.sealed = True
        release.save(update_fields=["sealed"])
    return release


def make_participant(**fields: Any) -> Participant:
    number = next(_numbers)
    return Participant.objects.create(
        **{"email": f"participant-{number}@example.org", "verified_at": timezone.now()} | fields
    )


def make_registration(conference: Conference, *, participant: Participant | None = None, **fields: Any) -> Registration:
    """An accepted registration with consent."""
    participant = participant or make_participant()
    now = timezone.now()
    return Registration.objects.create(
        conference=conference,
        participant=participant,
        **{
            "state": Registration.State.ACCEPTED,
            "display_name": f"Participant {participant.pk}",
            "language": participant.language,
            "consented_at": now,
            "consents": agree(Purpose, {}, now=now),
            "confirmed_at": now,
        }
        | fields,
    )


def make_team(**fields: Any) -> Team:
    number = next(_numbers)
    return Team.objects.create(**{"name": f"Team {number}"} | fields)


def make_user(**fields: Any) -> User:
    number = next(_numbers)
    return User.objects.create_user(
        **{"email": f"organizer-{number}@example.org", "password": "correct horse battery staple"} | fields
    )


def publish(conference: Conference, placements: Iterable[tuple[Session, Room, datetime]]) -> Release:
    """`make_release`, followed by the sign-ups, as `schedule.domain.timetables.releasing.release` does for a draft."""
    with transaction.atomic():
        release = make_release(conference, placements)
        if SignUp.objects.for_conference(conference).exists():
            follow(conference, actor=SYSTEM, now=timezone.now(), release=release)
        else:
            offer_seats(conference, release)
    return release


def offer_seats(conference: Conference, release: Release) -> None:
    """What `follow` does where nobody has signed up yet, without asking a dozen times who that would be.

    Most tests begin so; tests/test_factories.py holds that the rows are the same.
    """
    offers = offers_of(conference, release)
    there = Seats.objects.filter(conference=conference).values_list("session_id", flat=True)
    Seats.objects.bulk_create(Seats(session_id=pk, conference=conference) for pk in offers.keys() - set(there))
    rows = lock_seats(offers)
    write_seats({pk: offer for pk, offer in offers.items() if Offer.of(rows[pk]) != offer}, rows)
