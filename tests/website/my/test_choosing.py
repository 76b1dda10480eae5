"""How places reach somebody's calendar is asked once, at the first place."""

from __future__ import annotations

import pytest

from journal.models import Entry
from registration.models import Registration
from tests.notifications.places import Stage
from tests.website.my.test_calendar import page_of, signed_in

pytestmark = pytest.mark.django_db
ASKED = "How shall your sessions get into your calendar?"


def choices(person: Registration) -> list[object]:
    return list(Registration.objects.filter(pk=person.pk).values_list("calendar_chosen", "invites_by_mail").get())


@pytest.mark.parametrize(
    ("chosen", "leads_to", "invites"),
    [
        ({"invites": "on", "first": "1"}, "/my/{slug}/", True),
        ({"invites": "off", "first": "1"}, "/my/{slug}/", False),
        ({"invites": "off", "instead": "subscribe"}, "/my/{slug}/calendar/#subscribe", False),
    ],
)
def test_it_is_asked_at_the_first_place_and_never_again(chosen: dict[str, str], leads_to: str, invites: bool) -> None:
    stage = Stage()
    alice, waiting = stage.person(), stage.person()
    client, path = signed_in(alice), f"/my/{stage.conference.slug}/"
    assert ASKED not in client.get(path).content.decode()
    # The fragment after signing up asks too: it is all that changes on the page.
    signed_up = client.post(f"{path}sessions/{stage.session.code}/sign-up/", headers={"HX-Request": "true"})
    assert ASKED in signed_up.content.decode()
    assert ASKED in client.get(path).content.decode()
    stage.place(), stage.place(waiting)
    assert ASKED not in signed_in(waiting).get(path).content.decode()
    for _ in range(2):
        answered = client.post(f"{page_of(stage)}invitations/", chosen)
        assert answered["Location"] == leads_to.format(slug=stage.conference.slug)
    assert choices(alice) == [True, invites]
    assert ASKED not in client.get(path).content.decode()
    said = Entry.objects.filter(verb="registration.invites_changed").values_list("subject_id", "data")
    assert list(said) == [(alice.pk, {"wanted": invites})]


@pytest.mark.parametrize("keep", ["", "on"])
def test_who_has_subscribed_already_has_chosen(keep: str) -> None:
    stage = Stage()
    alice = stage.person()
    client = signed_in(alice)
    client.post(f"{page_of(stage)}addresses/", {"name": "Phone", "keep_invitations": keep})
    stage.place(alice)
    assert choices(alice) == [True, bool(keep)]
    assert ASKED not in client.get(f"/my/{stage.conference.slug}/").content.decode()
