"""S17: a payload in every field, on every page of this app."""

from __future__ import annotations

import pytest
from django.test import Client
from i18nfield.strings import LazyI18nString

from journal.actors import SYSTEM
from registration.domain.registrations import registering
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.domain.programme.rooms import rename_room
from schedule.models import Conference, Kind, Room, Session
from tests.fixtures.conferences import Agenda, signed_in
from tests.registration.steps import about, reviewed
from tests.responses import Response, squeezed

PAYLOAD = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"


@pytest.fixture
def poisoned(agenda: Agenda, alice: Registration, bob: Registration) -> Registration:
    text = LazyI18nString({"en": PAYLOAD, "ko": PAYLOAD})
    for model in (Conference, Kind):
        model.objects.update(name=text)
    for room in Room.objects.all():
        rename_room(room, name=text, actor=SYSTEM)
    Session.objects.update(title=text)
    Registration.objects.update(display_name=PAYLOAD[:120], affiliation=PAYLOAD, access_note=PAYLOAD)
    alice.refresh_from_db()
    sign_up(alice, agenda.a, actor=SYSTEM)
    sign_up(bob, agenda.c, actor=SYSTEM)
    registering.set_interests(alice, [agenda.c, agenda.b], actor=SYSTEM)
    return alice


def clean(response: Response) -> bool:
    text = squeezed(response.content.decode())
    return (
        "&lt;script&gt;" in text
        and "<script>alert" not in text
        and "<img src=x" not in text
        and "49" not in text.split()
    )


@pytest.mark.parametrize(
    "path",
    ["/my/forum/", "/my/forum/wishes/", "/my/forum/details/", "/my/forum/cancel/", "/my/forum/sessions/A/leave/"],
)
def test_own_pages(poisoned: Registration, path: str) -> None:
    assert clean(signed_in(poisoned.participant).get(path))


@pytest.mark.parametrize(
    "action", ["sessions/B/sign-up/", "sessions/B/swap/", "sessions/C/sign-up/", "wishes/sign-up/"]
)
def test_messages(poisoned: Registration, action: str) -> None:
    assert clean(signed_in(poisoned.participant).post(f"/my/forum/{action}", follow=True))


def test_the_steps(poisoned: Registration, client: Client) -> None:
    typed = about(display_name=PAYLOAD, affiliation=PAYLOAD, email='"<script>alert(1)</script>"@example.org')
    assert clean(client.post("/forum/register/", typed | {"country": "<script>alert(1)</script>"}))
    client.post("/forum/register/", typed)
    client.post("/forum/register/needs/", {"access_note": PAYLOAD, "wishes": ["A"]})
    for path in ("/forum/register/", "/forum/register/needs/", "/forum/register/review/"):
        assert clean(client.get(path))
    reviewed(client, "/forum/register/review/")
    assert clean(client.get("/forum/register/sent/"))


def test_an_address_that_is_markup_is_refused_or_shown_as_text(poisoned: Registration, client: Client) -> None:
    response = client.post("/my/sign-in/", {"email": "<script>alert(1)</script>@example.org"})
    assert response.status_code == 422
    assert "<script>alert" not in response.content.decode()
