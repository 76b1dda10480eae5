"""The first account: made once, by whoever has the key that the newest start printed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.domain.first_account import SetupRefused, make_first_account, new_key
from accounts.models import SetupKey, Team, User
from journal.models import Entry
from ops.first_key import link_to_first_account
from tests.factories import make_user

PASSWORD = "correct horse battery staple"  # a test's own
SAID = {"name": "Ada", "email": "Ada@example.org", "password": PASSWORD, "again": PASSWORD, "team": "Forum"}


def printed() -> str:
    """The path of the link that a start prints."""
    return urlsplit(link_to_first_account()).path


def test_an_empty_installation_is_set_up_with_the_printed_link(db: None, client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/first/"
    assert "Set up Plenary" in client.get("/accounts/first/").content.decode()
    first, link = printed(), printed()
    key = link.split("/")[3]
    assert SetupKey.objects.get().digest != key
    assert [client.get(path).status_code for path in (first, link, "/accounts/first/guessed/")] == [404, 200, 404]
    for typed in (key, f"https://forum.example.org{link}"):
        assert client.post("/accounts/first/", {"key": typed})["Location"] == link
    assert client.post(link, SAID | {"password": "ada", "again": "ada"}).status_code == 422
    assert client.post(first, SAID).status_code == 404
    assert (User.objects.count(), Entry.objects.count()) == (0, 0)
    assert client.post(link, SAID)["Location"] == "/organize/"
    ada = User.objects.get()
    assert (ada.email, ada.name, ada.is_superuser, ada.is_staff) == ("ada@example.org", "Ada", False, False)
    assert [(one.team.name, one.role) for one in ada.memberships.all()] == [("Forum", "owner")]
    assert client.get("/organize/conferences/new/").status_code == 200, "signed in, and may begin"
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "account.made", "team.founded", "member.added",
    ]  # fmt: skip
    assert (SetupKey.objects.count(), printed()) == (0, "")
    stranger = Client()
    assert [stranger.get(path).status_code for path in ("/", "/accounts/first/", link)] == [200, 404, 404]
    assert (stranger.post(link, SAID).status_code, User.objects.count()) == (404, 1)


def test_an_account_made_elsewhere_ends_the_key(db: None, client: Client) -> None:
    link = printed()
    make_user(password=None)
    assert (client.get(link).status_code, client.post(link, SAID).status_code) == (404, 404)
    with pytest.raises(SetupRefused):
        make_first_account(link.split("/")[3], email="a@example.org", name="", password=PASSWORD, team="Forum")


@pytest.mark.django_db(transaction=True)
def test_of_two_that_use_the_key_at_once_one_makes_the_account() -> None:
    key = new_key(now=timezone.now())
    assert key is not None

    def attempt(number: int) -> bool:
        try:
            make_first_account(key, email=f"one{number}@example.org", name="", password=PASSWORD, team=f"Team {number}")
        except SetupRefused:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(attempt, range(4)))
    assert (sum(made), User.objects.count(), Team.objects.count()) == (1, 1, 1)
