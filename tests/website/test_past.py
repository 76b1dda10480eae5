"""A conference of the past promises nothing: no page offers what says that it follows changes. What was can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.actors import SYSTEM
from notifications.inbound.replies.declining import token_of
from notifications.models import DeclinedPlace
from registration.domain.registrations.tokens import TokenPurpose, hash_of, token_for
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.domain.programme.invitations import invite_to_speak
from schedule.domain.published.identities import person_identity
from schedule.models import Conference, Invitation, Person, Role
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


@pytest.mark.parametrize("is_open", [True, False])
def test_no_link_and_no_page_asks_about_a_session_that_is_over(world: World, client: Client, *, is_open: bool) -> None:
    """Whether somebody gives a place back, or takes part: asked until the end, and by no link after it."""
    _, registration = world(timedelta(minutes=5 if is_open else -5))
    signup, role, now = registration.signups.get(), Role.objects.get(), timezone.now()
    Person.objects.update(email="ann@example.org")
    role.refresh_from_db()
    assert role.person is not None
    invitation = Invitation.objects.create(session=role.session, person=role.person, role=role, invited_at=now)
    DeclinedPlace.objects.create(signup=signup, token_hash=hash_of(token_of(signup)), sequence=1, asked_at=now)
    declined = client.get(reverse("website:declined_place", args=[token_of(signup)]))
    assert declined.status_code == (200 if is_open else 410)
    link = reverse("website:invitation", args=[invitation.uid, token_for(TokenPurpose.INVITATION, invitation.uid)])
    assert ("can no longer be answered" in client.get(link).content.decode()) != is_open
    answered = client.post(link, {"answer": "yes", "about": str(invitation.uid)})
    said = answered.status_code, "This session is over." in answered.content.decode()
    assert said == ((200, False) if is_open else (409, True))
    with pytest.raises(ValidationError, match="has answered already" if is_open else "This session is over."):
        invite_to_speak(role, actor=SYSTEM, again=True)
    browser, leaving = signed_in(registration.participant), "/my/forum/sessions/A/leave/"
    page = browser.get(leaving, follow=True).content.decode()
    assert ("you cannot take a place again" in page, "This session is over." in page) == (is_open, not is_open)
    browser.post(leaving)
    signup.refresh_from_db()
    assert signup.state == ("left" if is_open else "confirmed")


def test_the_line_for_a_conference_is_promised_nothing_once_it_has_closed(world: World) -> None:
    """By the clock: whether the line has been closed yet or not."""
    conference, _ = world(timedelta(hours=1))
    Conference.objects.filter(pk=conference.pk).update(capacity=0)
    other = make_registration(conference, state="waitlisted", queued_at=timezone.now())
    browser = signed_in(other.participant)
    assert "You are number 1 in line" in browser.get("/my/forum/").content.decode()
    Conference.objects.filter(pk=conference.pk).update(registration_closes_at=timezone.now() - timedelta(seconds=1))
    page = browser.get("/my/forum/").content.decode()
    assert "in line" not in page
    assert "registration closed before it was your turn" in page
