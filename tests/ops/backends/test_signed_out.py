"""What is sent after the session has ended is there again once somebody has signed in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from ops.backends.signed_out import KEPT_FOR
from registration.domain.privacy.erasing import erase
from registration.domain.privacy.kept_forms import KEPT_KEY
from registration.domain.registrations.access import SESSION_KEY
from registration.models import Registration
from tests.factories import make_team, make_user
from tests.fixtures.conferences import Agenda
from tests.responses import Response

TYPED = {"display_name": "Alice <b> Kim", "affiliation": "One\r\ntwo", "country": "KR", "language": "en"}
DETAILS = "/my/forum/details/"
ROOMS = "/organize/forum/setup/rooms/new/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signs_in(client: Client, registration: Registration) -> None:
    session = client.session
    session[SESSION_KEY] = str(registration.participant.uid)
    session.save()


def signed_out(client: Client) -> None:
    """The session is at its end; the browser still has everything else."""
    del client.cookies["sessionid"]


def has_sent(client: Client, registration: Registration, typed: dict[str, str]) -> Response:
    """What a participant sends from a page that was open when their session ended."""
    signs_in(client, registration)
    client.get(DETAILS)
    signed_out(client)
    return client.post(DETAILS, typed)


def fields(page: Response) -> dict[str, str]:
    """The hidden fields of the page's own form."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', page.content.decode())
    return {name: value for name, value in found if name != "next"}


def test_what_a_participant_typed_is_sent_by_one_press(alice: Registration, client: Client) -> None:
    asked = has_sent(client, alice, TYPED)
    assert asked.headers["Location"] == "/my/sign-in/?next=%2Fmy%2Fforum%2Fdetails%2F"
    door = client.get(asked.headers["Location"]).content.decode()
    assert ("What you typed is kept for 20 minutes" in door, "Alice" in door) == (True, False)
    signs_in(client, alice)
    page = client.get(DETAILS)
    said = page.content.decode()
    assert ("Nothing was sent yet" in said, page.headers["Cache-Control"]) == (True, "private, no-store")
    assert "<li>Alice &lt;b&gt; Kim</li>" in said
    kept = fields(page)
    assert {name: kept[name] for name in TYPED} == TYPED | {"display_name": "Alice &lt;b&gt; Kim"}
    assert client.post(DETAILS, TYPED).headers["Location"] == "/my/forum/"
    alice.refresh_from_db()
    assert alice.display_name == "Alice <b> Kim"
    # Shown once: whoever leaves that page has forgotten it.
    assert "Nothing was sent yet" not in client.get(DETAILS).content.decode()


def test_what_an_organizer_typed_is_kept_with_its_codes(agenda: Agenda, client: Client) -> None:
    user, team = make_user(), make_team()
    team.memberships.create(user=user, role="owner")
    agenda.conference.team = team
    agenda.conference.save(update_fields=["team"])
    client.force_login(user, BACKEND)
    client.get(ROOMS)
    signed_out(client)
    asked = client.post(ROOMS, {"code": "T99", "name_0": "Hall", "capacity": "70"})
    assert asked.headers["Location"] == f"/accounts/login/?next={ROOMS.replace('/', '%2F')}"
    client.force_login(user, BACKEND)
    assert {"code": "T99", "name_0": "Hall", "capacity": "70"}.items() <= fields(client.get(ROOMS)).items()


@pytest.mark.parametrize("age", [KEPT_FOR - timedelta(minutes=1), KEPT_FOR])
def test_it_is_kept_for_a_while(alice: Registration, client: Client, age: timedelta) -> None:
    has_sent(client, alice, TYPED)
    session = client.session
    session[KEPT_KEY] |= {"until": (timezone.now() + KEPT_FOR - age).isoformat()}
    session.save()
    signs_in(client, alice)
    assert ("Nothing was sent yet" in client.get(DETAILS).content.decode()) == (age < KEPT_FOR)
    assert KEPT_KEY not in client.session


@pytest.mark.parametrize(
    ("path", "sent", "headers"),
    [
        (DETAILS, {}, {}),
        ("/my/forum/sessions/A/sign-up/", {}, {}),
        ("/my/sign-out/", {"why": "x"}, {}),
        (DETAILS, TYPED, {"HX-Request": "true"}),
        (DETAILS, {"password": "hunter2 secret"}, {}),
        (DETAILS, {"affiliation": "x" * 100_001}, {}),
    ],
)
def test_nothing_else_is_kept(
    alice: Registration, client: Client, path: str, sent: dict[str, str], headers: dict[str, str]
) -> None:
    signs_in(client, alice)
    client.get(DETAILS)
    signed_out(client)
    Session.objects.all().delete()
    assert client.post(path, sent, headers=headers).status_code == 302
    assert not Session.objects.exists()


def test_nobody_else_at_the_browser_finds_it(
    alice: Registration, bob: Registration, agenda: Agenda, client: Client
) -> None:
    has_sent(client, alice, TYPED)
    signs_in(client, bob)
    assert "Alice" not in client.get(DETAILS).content.decode()
    # Nor is it there for whoever comes then.
    signs_in(client, alice)
    assert "Nothing was sent yet" not in client.get(DETAILS).content.decode()


def test_a_page_of_whoever_was_here_before_gives_nothing_away(
    alice: Registration, bob: Registration, client: Client
) -> None:
    """Two people with a page each in one browser: the browser says whose a form is, and the form's token says when."""
    client = Client(enforce_csrf_checks=True)
    signs_in(client, alice)
    hers = fields(client.get(DETAILS))["csrfmiddlewaretoken"]
    client.cookies["csrftoken"] = "n" * 32  # as signing in gives another
    signs_in(client, bob)
    his = fields(client.get(DETAILS))["csrfmiddlewaretoken"]
    signed_out(client)
    here = {"Origin": "http://testserver"}
    assert client.post(DETAILS, TYPED | {"csrfmiddlewaretoken": hers}, headers=here).status_code == 403
    assert KEPT_KEY not in client.session
    assert client.post(DETAILS, TYPED | {"csrfmiddlewaretoken": his}, headers=here).status_code == 302
    signs_in(client, bob)
    assert "Nothing was sent yet" in client.get(DETAILS).content.decode()


def test_it_goes_with_whoever_erases_themselves(alice: Registration, bob: Registration, client: Client) -> None:
    has_sent(client, alice, TYPED)
    erase(bob.participant)
    assert KEPT_KEY in client.session
    erase(alice.participant)
    assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()


def test_nothing_is_kept_of_which_nobody_knows_whose_it_was(alice: Registration, client: Client) -> None:
    assert client.post(DETAILS, TYPED).status_code == 302
    has_sent(client, alice, {})
    client.cookies["form"] = "0" * 64
    client.post(DETAILS, TYPED)
    signs_in(client, alice)
    assert "Nothing was sent yet" not in client.get(DETAILS).content.decode()


def test_a_form_without_its_token_is_not_kept(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(DETAILS, TYPED, headers={"Origin": "https://evil.example"}).status_code == 403
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 302),
        (b"\xff\xfe=\x00", "application/x-www-form-urlencoded", 302),
        (b"a=1&" * 6000, "application/x-www-form-urlencoded", 400),
        (b"{", "application/json", 302),
    ],
)
def test_what_is_no_form_is_answered(agenda: Agenda, client: Client, body: bytes, kind: str, status: int) -> None:
    assert client.post(DETAILS, body, content_type=kind).status_code == status
