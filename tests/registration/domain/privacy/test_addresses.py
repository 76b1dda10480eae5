from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from notifications.models import Message
from notifications.rules.intake import take_in
from registration.domain.privacy.addresses import ask_for_address, confirm_address
from registration.domain.privacy.browsers import name_of, note_browser
from registration.domain.registrations import links, tokens
from registration.models import MagicLink, Registration
from tests.fixtures.conferences import signed_in


def browser_of(registration: Registration) -> Client:
    client = signed_in(registration.participant)
    note_browser(registration.participant, client.session.session_key or "", "", now=timezone.now())
    return client


def token_of(link: MagicLink) -> str:
    return tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)


def test_another_address_holds_once_it_is_proved_and_ends_all_that_was(alice: Registration) -> None:
    now, client = timezone.now(), browser_of(alice)
    older = links.request_link("alice@example.org", now=now)
    ask_for_address(alice, "new@example.org", now=now, next_path="/my/forum/")
    take_in()
    alice.participant.refresh_from_db()
    assert (alice.participant.email, client.get("/my/forum/").status_code) == ("alice@example.org", 200)
    link = MagicLink.objects.get(new_address="new@example.org")
    here = Client()
    assert "new@example.org" in here.get(f"/my/link/{token_of(link)}/").content.decode()
    assert here.post(f"/my/link/{token_of(link)}/").headers["Location"] == "/my/forum/"
    take_in()
    alice.participant.refresh_from_db()
    assert alice.participant.email == "new@example.org"
    assert client.get("/my/forum/").status_code == 302
    assert here.get("/my/forum/").status_code == 200
    assert older is not None
    older.refresh_from_db()
    assert not links.is_usable(older, now=timezone.now())
    mails = {mail.kind: mail.address for mail in Message.objects.select_related("participant")}
    assert (mails["new_address"], mails["address_changed"]) == ("new@example.org", "alice@example.org")


def test_an_address_somebody_has_is_mailed_nothing_and_costs_as_much(
    alice: Registration, bob: Registration, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address, links_there_are in ((bob.participant.email.upper(), 0), ("new@example.org", 1)):
        with django_assert_num_queries(7):
            ask_for_address(alice, address, now=timezone.now(), next_path="/my/")
        assert MagicLink.objects.count() == links_there_are


def test_an_address_somebody_took_meanwhile_is_refused(alice: Registration, bob: Registration) -> None:
    ask_for_address(alice, "new@example.org", now=timezone.now(), next_path="/my/")
    bob.participant.email = "New@example.org"
    bob.participant.save()
    with pytest.raises(links.LinkRefused):
        confirm_address(token_of(MagicLink.objects.get()), now=timezone.now())
    alice.participant.refresh_from_db()
    assert alice.participant.email == "alice@example.org"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/129.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
    ],
)
def test_a_browser_is_named_in_a_few_words(agent: str, name: str) -> None:
    assert name_of(agent) == name
