from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from journal.models import Press
from registration.domain.privacy.addresses import ask_for_address
from registration.domain.registrations import links, tokens
from registration.models import MagicLink, Registration
from tests.fixtures.conferences import Agenda, signed_in
from values.presses import SAME_PRESS


def path_of(link: MagicLink) -> str:
    return f"/my/link/{tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)}/"


def new_address_of(registration: Registration) -> str:
    """The link that gives them another address."""
    ask_for_address(registration, "elsewhere@example.org", now=timezone.now(), next_path="/my/forum/")
    return path_of(MagicLink.objects.get(new_address="elsewhere@example.org"))


def link_to(registration: Registration, **fields: str) -> str:
    link = links.request_link(registration.participant.email, now=timezone.now(), **fields)
    assert link is not None
    return path_of(link)


def test_signing_in_with_a_link(alice: Registration, client: Client) -> None:
    assert client.get("/my/forum/").headers["Location"] == "/my/sign-in/?next=%2Fmy%2Fforum%2F"
    client.get("/my/sign-in/?next=/my/forum/")
    sent = client.post("/my/sign-in/?next=/my/forum/", {"email": "ALICE@example.org"})
    assert sent.headers["Location"] == "/my/sign-in/sent/"
    assert "ALICE@example.org" in client.get("/my/sign-in/sent/").content.decode()
    path = path_of(MagicLink.objects.get())
    page = client.get(path)
    assert "You sign in as alice@example.org." in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.get("/my/forum/").status_code == 302  # opened, not used
    assert client.post(path).headers["Location"] == "/my/forum/"
    assert client.get("/my/forum/").status_code == 200


def test_a_used_link_works_for_nobody_else(alice: Registration) -> None:
    path = link_to(alice)
    first, second = Client(), Client()
    assert first.post(path).headers["Location"] == "/my/"
    refused = second.post(path)
    assert refused.status_code == 410
    assert "alice" not in refused.content.decode()
    assert second.get("/my/").headers["Location"].startswith("/my/sign-in/")
    # Pressed twice in the same browser: no harm, no alarm.
    assert first.post(path).headers["Location"] == "/my/"


@pytest.mark.parametrize("proves", [False, True])
def test_a_link_pressed_twice_signs_in_whichever_answer_is_shown(alice: Registration, proves: bool) -> None:
    """A browser sends the second press before it has the cookies of the first, and shows what that one is answered."""
    path = new_address_of(alice) if proves else link_to(alice)
    press = {"csrfmiddlewaretoken": "of the page that was opened"}
    browsers = [Client() for _ in range(3)]
    answers = [one.post(path, press) for one in browsers[:2]]
    led_to = "/my/forum/" if proves else "/my/"
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, led_to)] * 2
    assert [one.get("/my/forum/").status_code for one in browsers[:2]] == [200, 200]
    # Another page of theirs, and whoever has the link alone, come too late; so does everybody a minute later.
    other = {"csrfmiddlewaretoken": "of a page that was opened later"}
    assert [browsers[2].post(path, data).status_code for data in (other, {})] == [410, 410]
    Press.objects.update(at=timezone.now() - SAME_PRESS)
    assert (browsers[2].post(path, press).status_code, browsers[2].get("/my/forum/").status_code) == (410, 302)


@pytest.mark.parametrize("path", ["/my/link/nonsense/", "/my/link/" + "A" * 43 + "/"])
def test_an_unknown_link_looks_like_a_used_one(alice: Registration, client: Client, path: str) -> None:
    used = link_to(alice)
    Client().post(used)
    unknown, old = client.get(path), client.get(used)
    assert (unknown.status_code, old.status_code) == (410, 410)
    strip = re.compile(r'value="[^"]*"|action="[^"]*"')
    assert strip.sub("", unknown.content.decode()) == strip.sub("", old.content.decode())


def test_signing_in_rotates_the_session_and_the_csrf_token(alice: Registration, client: Client) -> None:
    path = link_to(alice)
    client.get(path)
    session, token = client.session.session_key, client.cookies["csrftoken"].value
    client.post(path)
    assert client.session.session_key not in (None, session)
    assert client.cookies["csrftoken"].value != token


def test_nothing_of_who_was_signed_in_before_is_left(alice: Registration, charlie: Registration) -> None:
    client = signed_in(charlie.participant)
    session = client.session
    session["registering"] = {"forum": {"display_name": "Charlie’s form"}}
    session.save()
    path = link_to(alice)
    assert "charlie@example.org" in client.get(path).content.decode()  # says who is signed out
    client.post(path)
    assert dict(client.session) == {"participant": str(alice.participant.uid)}


def test_signing_out_is_a_post_and_ends_the_session(alice: Registration) -> None:
    client = signed_in(alice.participant)
    assert client.get("/my/sign-out/").status_code == 405
    assert client.get("/my/forum/").status_code == 200
    assert client.post("/my/sign-out/").headers["Location"] == "/my/sign-in/"
    assert client.get("/my/forum/").status_code == 302


@pytest.mark.parametrize("path", ["/my/sign-in/", "/my/sign-out/", "link"])
def test_a_post_without_its_token_is_refused(alice: Registration, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    path = link_to(alice) if path == "link" else path
    assert client.post(path, {"email": "alice@example.org"}).status_code == 403
    assert MagicLink.objects.filter(used_at__isnull=False).count() == 0


def test_the_answer_is_the_same_for_known_and_unknown_addresses(alice: Registration) -> None:
    seen = []
    for email in ("alice@example.org", "nobody@example.org"):
        client = Client()
        posted = client.post("/my/sign-in/", {"email": email})
        page = client.get("/my/sign-in/sent/").content.decode().replace(email, "ADDRESS")
        text = re.sub(r'value="[A-Za-z0-9]{64}"', "", page)
        seen.append((posted.status_code, posted.headers["Location"], posted.content, text))
    assert seen[0] == seen[1]
    assert MagicLink.objects.count() == 1


@pytest.mark.parametrize("email", ["alice@example.org", "nobody@example.org"])
def test_address_that_mails_come_back_from_is_told_so_whoever_has_it(
    email: str, alice: Registration, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.post("/my/sign-in/", {"email": email})
    assert "have come back" not in client.get("/my/sign-in/sent/").content.decode()
    monkeypatch.setattr("notifications.delivery.suppression.is_suppressed", lambda address: address == email)
    page = client.get("/my/sign-in/sent/").content.decode()
    assert "Mails to this address have come back" in page
    assert f"The mail server of {email} said that there is no such mailbox. We write to it all the same." in page


def test_known_and_unknown_addresses_cost_as_much(
    alice: Registration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """In statements, so that no clock tells who is registered; the second time a link is on its way already."""
    for email in ("alice@example.org", "nobody@example.org") * 2:
        with django_assert_num_queries(7):  # look-up, savepoint, lock, link of a moment ago, link, journal, release
            links.request_link(email, now=timezone.now())
    assert MagicLink.objects.count() == 1


def test_too_many_links_are_refused_known_or_not_and_without_a_cache(
    alice: Registration, client: Client, settings: Settings
) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    for email in ("alice@example.org", "nobody@example.org"):
        statuses = [client.post("/my/sign-in/", {"email": email}).status_code for _ in range(6)]
        assert statuses == [302] * 5 + [429]
    refused = client.post("/my/sign-in/", {"email": "ALICE@EXAMPLE.ORG"}, headers={"x-forwarded-for": "203.0.113.9"})
    assert refused.status_code == 429
    assert MagicLink.objects.count() == 1  # asked for again within a minute, it is the same


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_link_leads_nowhere_else(alice: Registration, client: Client, target: str) -> None:
    client.post(f"/my/sign-in/?next={target}", {"email": "alice@example.org"})
    assert MagicLink.objects.get().next_path == ""
    assert client.post(link_to(alice, next_path=target)).headers["Location"] == "/my/"


def test_links_lead_to_the_configured_site_only(agenda: Agenda, client: Client) -> None:
    assert client.get("/my/sign-in/", headers={"host": "evil.example"}).status_code == 400
