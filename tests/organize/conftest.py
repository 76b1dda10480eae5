"""A conference with a team: alice owns it, bob may look, charlie belongs to another team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Membership, Team, User
from journal.actors import SYSTEM
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Draft, Placement
from tests.factories import at, both, make_conference, make_room, make_session, make_team, make_user, publish

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def real_addresses(addresses: None) -> None:
    """Links and calendar entries are compared letter by letter."""


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A request leaves its language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker is sent for a search that is asked for."""
    monkeypatch.setattr(runs, "wake", lambda run_id: None)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def member(team: Team, role: str, name: str) -> User:
    user = make_user(email=f"{name}@example.org", name=name.title(), password=None)
    Membership.objects.create(team=team, user=user, role=role)
    return user


class Desk:
    """The forum: Talk in the Hall at 09:00 is released; the draft has it at 10:00."""

    def __init__(self) -> None:
        self.team = make_team()
        self.conference = make_conference(slug="forum", name=both("Forum"), team=self.team)
        self.hall = make_room(self.conference, code="HALL", name=both("Hall"))
        self.attic = make_room(self.conference, code="ATTIC", name=both("Attic"))
        self.talk = make_session(self.conference, code="TALK", title=both("Talk"))
        self.release = publish(self.conference, [(self.talk, self.hall, at(self.conference, "09:00"))])
        self.draft = self.new_draft("Work")
        self.alice = member(self.team, "owner", "alice")
        self.bob = member(self.team, "viewer", "bob")
        other = make_team()
        self.charlie = member(other, "owner", "charlie")
        self.elsewhere = make_conference(slug="elsewhere", name=both("Elsewhere"), team=other)

    def new_draft(self, name: str, clock: str = "10:00") -> Draft:
        draft = create_draft(self.conference, name=name, actor=SYSTEM)
        start = at(self.conference, clock)
        Placement.objects.create(
            draft=draft, session=self.talk, room=self.hall, start=start, end=start + timedelta(hours=1)
        )
        return draft

    def add_sessions(self, number: int, conference: Conference | None = None) -> None:
        """More sessions, in the draft and in a new release."""
        rows = [(self.talk, self.hall, at(self.conference, "09:00"))]
        for n in range(number):
            session = make_session(self.conference, code=f"MORE{n}")
            start = at(self.conference, f"{11 + n}:00")
            rows.append((session, self.hall, start))
            Placement.objects.create(
                draft=self.draft, session=session, room=self.hall, start=start, end=start + timedelta(hours=1)
            )
        publish(self.conference, rows)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def alice(desk: Desk) -> Client:
    return signed_in(desk.alice)


@pytest.fixture
def bob(desk: Desk) -> Client:
    return signed_in(desk.bob)


@pytest.fixture
def charlie(desk: Desk) -> Client:
    return signed_in(desk.charlie)
