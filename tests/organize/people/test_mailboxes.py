"""Registrations of one mailbox in the list, and the page that keeps one of them."""

from __future__ import annotations

import pytest
from django.test import Client

from registration.models import Registration
from tests.factories import make_participant, make_registration
from tests.organize.conftest import Desk
from tests.responses import squeezed

HOME = "/organize/forum/registrations/"
OVER = "The registration that you wanted to keep is over. Nothing was cancelled."


@pytest.fixture
def people(desk: Desk) -> dict[str, Registration]:
    addresses = {"Ann": "ann@gmail.com", "Ben": "ben@example.org", "Ann two": "a.nn+2@gmail.com"}
    return {
        name: make_registration(desk.conference, participant=make_participant(email=email), display_name=name)
        for name, email in addresses.items()
    }


def test_those_of_one_mailbox_are_marked_and_are_a_filter(
    people: dict[str, Registration], alice: Client, bob: Client
) -> None:
    def marks(client: Client, query: str = "") -> list[tuple[str, int]]:
        return [(str(one), number) for one, number, _line in client.get(HOME + query).context["marked"]]

    assert marks(alice) == [("Ann two", 2), ("Ben", 0), ("Ann", 2)]
    assert marks(alice, "?mailbox=shared") == [("Ann", 2), ("Ann two", 2)]
    page = f'href="{HOME}{people["Ann"].uid}/mailbox/"'
    assert [page in one.get(HOME).content.decode() for one in (alice, bob)] == [True, False]
    assert squeezed(bob.get(HOME).content.decode()).count("Same mailbox: 2") == 2


def test_one_is_kept_of_those_the_page_showed(people: dict[str, Registration], alice: Client, bob: Client) -> None:
    path = f"{HOME}{people['Ann two'].uid}/mailbox/"
    assert [str(one) for one in alice.get(path).context["together"]] == ["Ann", "Ann two"]
    sent = {"kept": people["Ann"].uid, "shown": [one.uid for one in people.values()]}
    assert (bob.get(path).status_code, bob.post(path, sent).status_code) == (404, 404)
    for data, said in [
        (
            sent | {"kept": people["Ben"].uid},
            "The registration that you wanted to keep is over. Nothing was cancelled.",
        ),
        (sent | {"shown": []}, "There was no other registration to cancel."),
        (sent, "1 registration is cancelled."),
    ]:
        answer = alice.post(path, data, follow=True)
        assert [str(one) for one in answer.context["messages"]] == [said]
    assert dict(Registration.objects.values_list("display_name", "state")) == {
        "Ann": "accepted", "Ben": "accepted", "Ann two": "cancelled",
    }  # fmt: skip
    assert "There is no other registration of this mailbox." in alice.get(path).content.decode()
