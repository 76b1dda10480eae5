"""A conference of the past promises nothing: no page offers what says that it follows changes. What was can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.domain.published.identities import person_identity
from schedule.models import Conference
from tests.factories import make_conference, make_person, make_registration, make_room, make_session, publish
from tests.fixtures.conferences import signed_in

pytestmark = pytest.mark.django_db
World = Callable[[timedelta], tuple[Conference, Registration]]


@pytest.fixture
def world() -> World:
    """A conference today, with one session that somebody has a place in and that ends so long from now."""

    def made(ends_in: timedelta) -> tuple[Conference, Registration]:
        cache.clear()
        today = timezone.localdate()
        conference = make_conference(slug="forum", starts_on=today - timedelta(days=1), days=3, timezone="UTC")
        session = make_session(conference, code="A")
        session.roles.create(person=make_person(conference, code="ann", name="Ann"), role="speaker")
        room, coming = make_room(conference), timezone.now() + timedelta(hours=2)
        publish(conference, [(session, room, coming)])
        registration = make_registration(conference)
        sign_up(registration, session, actor=SYSTEM)
        # The next release has it earlier; so nobody is signed up for what has begun.
        publish(conference, [(session, room, timezone.now() + ends_in - timedelta(hours=1))])
        return conference, registration

    return made


PUBLIC = ["/forum/", "/forum/sessions/A/", "/forum/sessions/A/calendar/", "/forum/calendars/"]
OWN = ["/my/forum/", "/my/forum/calendar/"]
PROMISES = (
    "webcal:",
    "Subscribe",
    "data-favourites",
    "Add to my calendar",
    "Copy into",
    "Make my secret address",
    "Turn invitations",
    "Change my wishes",
    "These sessions for my calendar",
    "Put the days into my calendar",
    "The days of the conference in my calendar",
    "data-take-favourites",
)


def promised(client: Client, paths: list[str]) -> set[str]:
    pages = [client.get(path) for path in paths]
    assert [page.status_code for page in pages] == [200] * len(paths)
    return {word for word in PROMISES for page in pages if word in page.content.decode()}


def test_a_past_conference_promises_nothing(client: Client, world: World) -> None:
    conference, registration = world(timedelta(minutes=-1))
    speaker = f"/forum/speakers/{person_identity(conference, 'ann')}/"
    assert promised(client, [*PUBLIC, speaker]) == set()
    assert promised(signed_in(registration.participant), OWN) == set()


def test_one_with_a_session_to_end_promises_all_of_it(client: Client, world: World) -> None:
    conference, registration = world(timedelta(minutes=30))
    speaker = f"/forum/speakers/{person_identity(conference, 'ann')}/"
    found = promised(client, [*PUBLIC, speaker]) | promised(signed_in(registration.participant), OWN)
    # The days are for whoever has no place yet.
    assert found == set(PROMISES) - {"Put the days into my calendar"}


def test_what_was_can_be_kept(client: Client, world: World) -> None:
    _conference, registration = world(timedelta(minutes=-1))
    own = signed_in(registration.participant)
    assert "Download for my calendar" in client.get("/forum/sessions/A/").content.decode()
    for browser, path in ((client, "/forum/sessions/A.ics"), (client, "/forum/schedule.ics")):
        assert b"BEGIN:VEVENT" in browser.get(path).content
    assert "/my/forum/calendar/my-sessions.ics" in own.get("/my/forum/").content.decode()
    assert b"BEGIN:VEVENT" in own.get("/my/forum/calendar/my-sessions.ics").content


@pytest.mark.parametrize("path", ["wishes/", "favourites/", "calendar/addresses/"])
def test_nothing_of_it_is_wished_for_or_subscribed_to(world: World, path: str) -> None:
    _conference, registration = world(timedelta(minutes=-1))
    sent = {"codes": "A", "name": "Phone"}
    response = signed_in(registration.participant).post(f"/my/forum/{path}", sent, follow=True)
    assert "The conference is over" in response.content.decode()
    assert not registration.interests.exists()


def test_mails_that_come_no_more_are_not_chosen_among(world: World) -> None:
    _conference, registration = world(timedelta(minutes=-1))
    updates = Registration.Updates.DIGEST
    Registration.objects.update(updates=updates, reminder_minutes=30)
    own = signed_in(registration.participant)
    form = own.get("/my/forum/mails/").context["form"]
    assert list(form.fields) == ["zone_name", "announcements"]
    own.post("/my/forum/mails/", {"zone_name": "Europe/Berlin", "announcements": "on"})
    kept = Registration.objects.values_list("updates", "reminder_minutes", "zone_name", "announcements_by_mail").get()
    assert kept == (updates, 30, "Europe/Berlin", True)


def test_before_a_release_the_last_day_counts(client: Client) -> None:
    cache.clear()
    make_conference(slug="forum", starts_on=timezone.localdate() - timedelta(days=9), days=2, timezone="UTC")
    assert promised(client, ["/forum/calendars/"]) == set()
