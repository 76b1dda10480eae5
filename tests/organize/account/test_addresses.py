"""Another address for an account: asked for by its proven owner, confirmed from the new one, told to the old."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AddressChange, User
from tests.organize.account.people import attempt, link_in, make_alice, prove, told
from values.presses import SAME_PRESS

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/email/"


def signed_in(email: str = "alice@example.org") -> Client:
    client = Client()
    assert attempt(client, email=email) == 302
    return client


def ask(client: Client, address: str) -> int:
    return client.post(ADDRESS, {"address": address}).status_code


def addresses_of(alice: User) -> list[str]:
    return list(User.objects.filter(pk=alice.pk).values_list("email", flat=True))


@pytest.mark.parametrize("sent", [{"address": "eve@example.net"}, {"email": "eve@example.net", "action_add": ""}])
def test_borrowed_session_changes_no_address(sent: dict[str, str]) -> None:
    alice = make_alice()
    client = signed_in()
    for answer in (client.get(ADDRESS), client.post(ADDRESS, sent)):
        assert (answer.status_code, answer["Location"]) == (
            302,
            "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F",
        )
    assert (addresses_of(alice), AddressChange.objects.count(), told()) == (["alice@example.org"], 0, [])


def test_owner_changes_it_by_a_link_to_the_new_address_and_the_old_one_is_told() -> None:
    alice = make_alice()
    client = signed_in()
    # Whatever made the library note it: it would sign in for ever, and receive links for new passwords.
    EmailAddress.objects.create(user=alice, email="alice@example.org", verified=True, primary=True)
    prove(client)
    assert client.get(ADDRESS).status_code == 200
    assert ask(client, "Alice@Elsewhere.example") == 302
    notice, proof = told()
    assert notice[:2] == ("alice@example.org", "Your organizer's account was changed")
    assert "Another e-mail address was asked for" in notice[2]
    assert proof[:2] == ("alice@elsewhere.example", "Confirm your new e-mail address")
    assert "Alice" not in proof[2].replace("alice@", "")
    path = link_in(proof[2])
    assert client.get(path).status_code == 200
    assert addresses_of(alice) == ["alice@example.org"], "a mail program looks at links"
    assert client.post(path)["Location"] == "/organize/"
    assert addresses_of(alice) == ["alice@elsewhere.example"]
    last = told()[-1]
    assert last[0] == "alice@example.org"
    assert "Your e-mail address was changed." in last[2]
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    assert EmailAddress.objects.count() == 0
    assert (attempt(Client()), attempt(Client(), email="alice@elsewhere.example")) == (200, 302)


def test_link_works_for_the_account_it_was_asked_for_alone() -> None:
    alice = make_alice()
    make_alice(email="mallory@example.org")
    client, other = signed_in(), signed_in("mallory@example.org")
    prove(client)
    ask(client, "alice@elsewhere.example")
    path = link_in(told()[1][2])
    assert [other.get(path).status_code, other.post(path).status_code] == [404, 404]
    assert Client().post(path)["Location"].startswith("/accounts/login/?next=")
    assert addresses_of(alice) == ["alice@example.org"]
    forged = path[:-3] + ("aa/" if not path.endswith("aa/") else "bb/")
    assert client.post(forged).status_code == 404
    assert client.post(path).status_code == 302


def test_a_newer_wish_and_time_end_a_link() -> None:
    make_alice()
    client = signed_in()
    prove(client)
    ask(client, "first@example.net")
    first = link_in(told()[1][2])
    ask(client, "second@example.net")
    second = link_in(told()[-1][2])
    assert [to for to, _, _ in told()] == ["alice@example.org", "alice@example.org", "second@example.net"]
    assert client.get(first).status_code == 404
    AddressChange.objects.update(expires_at=AddressChange.objects.get().asked_at)
    assert (client.post(second).status_code, len(told())) == (404, 2)


def test_nothing_shows_that_somebody_has_the_address() -> None:
    make_alice()
    make_alice(email="bob@example.org")
    client = signed_in()
    prove(client)
    with CaptureQueriesContext(connection) as free:
        assert ask(client, "carol@example.org") == 302
    with CaptureQueriesContext(connection) as taken:
        assert ask(client, "Bob@example.org") == 302
    assert abs(len(free) - len(taken)) <= 1
    assert [to for to, _, _ in told()] == ["alice@example.org", "alice@example.org"]


def test_address_given_away_meanwhile_is_refused() -> None:
    alice = make_alice()
    client = signed_in()
    prove(client)
    ask(client, "carol@example.org")
    path = link_in(told()[1][2])
    make_alice(email="carol@example.org")
    assert client.post(path).status_code == 404
    assert (addresses_of(alice), AddressChange.objects.filter(done_at=None).count()) == (["alice@example.org"], 1)


def test_the_same_address_and_too_many_are_refused() -> None:
    make_alice()
    client = signed_in()
    prove(client)
    assert (ask(client, "ALICE@example.org"), ask(client, "no address")) == (422, 422)
    assert [ask(client, f"a{n}@example.net") for n in range(6)] == [302] * 5 + [429]


@pytest.mark.parametrize("address", ["carol@example.org", "bob@example.org"])
def test_pressed_again_it_is_one_mail_to_each(address: str) -> None:
    make_alice()
    make_alice(email="bob@example.org")
    client = signed_in()
    prove(client)
    assert [ask(client, address) for _ in range(3)] == [302] * 3
    once = told()
    assert [to for to, _, _ in once] == ["alice@example.org", *([address] if address.startswith("carol") else [])]
    # The link of the first press is the one that works, and none does where somebody has the address.
    assert AddressChange.objects.get().is_open(timezone.now()) is address.startswith("carol")
    AddressChange.objects.update(asked_at=F("asked_at") - SAME_PRESS)
    ask(client, address)
    # Another wish: a notice more, and where a link was mailed, one that works in its place.
    assert len(told()) == len(once) + 1
