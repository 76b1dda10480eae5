"""A small released conference, and people to sign up for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from registration.domain.registrations.access import SESSION_KEY
from registration.domain.signups.seats_follow import follow
from registration.domain.signups.signing_up import sign_up
from registration.models import Participant, Registration, SignUp
from schedule.models import Conference, Release, Session
from tests.factories import (
    at,
    both,
    make_conference,
    make_participant,
    make_registration,
    make_room,
    make_session,
    publish,
)


class Small:
    """Morning at 09:00 in the room with two seats, parallel at 09:30 and noon at 12:00 in the room with three."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.two = make_room(self.conference, capacity=2)
        self.three = make_room(self.conference, capacity=3)
        self.morning, self.parallel, self.noon = (make_session(self.conference) for _ in range(3))
        self.publish(morning="09:00", parallel="09:30", noon="12:00")

    def publish(self, **placed: str) -> Release:
        """Release the named sessions: "09:00", or with a room, "09:00 three"."""
        rooms = {"morning": self.two, "parallel": self.three, "noon": self.three}
        placements = []
        for name, words in placed.items():
            clock, _, room = words.partition(" ")
            session: Session = getattr(self, name)
            placements.append((session, getattr(self, room) if room else rooms[name], at(self.conference, clock)))
        return publish(self.conference, placements)

    def people(self, number: int) -> list[Registration]:
        return [make_registration(self.conference) for _ in range(number)]

    def sign_up(self, person: Registration, name: str) -> SignUp:
        return sign_up(person, getattr(self, name), actor=SYSTEM)


def states(*signups: SignUp) -> list[str]:
    """The states of these sign-ups as they now are, in the same order."""
    found = dict(SignUp.objects.filter(pk__in=[one.pk for one in signups]).values_list("pk", "state"))
    return [found[one.pk] for one in signups]


@pytest.fixture
def small(db: None) -> Small:
    return Small()


class Agenda:
    """The conference "forum": A in the room with fifty seats and B in the room with one at 10:00, C at 12:00."""

    def __init__(self) -> None:
        self.conference = make_conference(slug="forum", name=both("The Forum"))
        self.room = make_room(self.conference, code="big", capacity=50)
        self.single = make_room(self.conference, code="single", capacity=1)
        self.a, self.b, self.c = (
            make_session(self.conference, code=code, title=both(f"Session {code}")) for code in "ABC"
        )
        ten, noon = at(self.conference, "10:00"), at(self.conference, "12:00")
        publish(self.conference, [(self.a, self.room, ten), (self.b, self.single, ten), (self.c, self.room, noon)])

    def by_invitation(self, session: Session) -> None:
        """Close a session to those who are not invited."""
        session.signup = "invitation"
        with transaction.atomic():
            session.save(update_fields=["signup"])
            follow(self.conference, actor=SYSTEM, now=timezone.now())


@pytest.fixture
def agenda(db: None) -> Agenda:
    return Agenda()


@pytest.fixture
def alice(agenda: Agenda) -> Registration:
    """Registered for the forum."""
    return make_registration(
        agenda.conference, participant=make_participant(email="alice@example.org"), display_name="Alice"
    )


@pytest.fixture
def bob(agenda: Agenda) -> Registration:
    """Registered for the forum too."""
    return make_registration(
        agenda.conference, participant=make_participant(email="bob@example.org"), display_name="Bob"
    )


@pytest.fixture
def elsewhere(db: None) -> Conference:
    return make_conference(slug="elsewhere", name=both("Elsewhere"))


@pytest.fixture
def charlie(elsewhere: Conference) -> Registration:
    """Registered for another conference only."""
    return make_registration(
        elsewhere, participant=make_participant(email="charlie@example.org"), display_name="Charlie"
    )


def signed_in(participant: Participant) -> Client:
    """A browser in which this participant is signed in."""
    client = Client()
    session = client.session
    session[SESSION_KEY] = str(participant.uid)
    session.save()
    return client


@pytest.fixture
def browser() -> Callable[[Registration], Client]:
    return lambda registration: signed_in(registration.participant)
