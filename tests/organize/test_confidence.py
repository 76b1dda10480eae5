"""What people told in confidence, and what only its recipient may use: by no page of somebody who may only look."""

from __future__ import annotations

from typing import Any

from django.test import Client

from journal.actors import SYSTEM
from notifications import addresses
from notifications.models import Message, WebhookSubscription
from notifications.rules.intake import take_in
from organize.urls import urlpatterns
from registration.domain.registrations.tokens import TokenPurpose
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from tests.factories import make_registration
from tests.notifications.places import make_link
from tests.organize.conftest import Desk
from tests.organize.test_access import PAGES as ALL_PAGES
from tests.organize.test_access import announcement, paths_of

NEEDS: dict[str, Any] = {"access_needs": ["wheelchair-place"], "access_note": "dialysis on Tuesdays", "diet": "halal"}
# A room's "wheelchair access" is no need of anybody's.
TOLD = ("heelchair place", "dialysis", "alal")
CODED = ("heelchair-place",)


def confided(desk: Desk) -> Registration:
    return make_registration(desk.conference, **NEEDS)


def about(desk: Desk, registration: Registration, kind: str, **fields: object) -> Message:
    return Message.objects.create(
        conference=desk.conference,
        participant=registration.participant,
        registration=registration,
        kind=kind,
        dedup_key=kind,
        **fields,
    )


def test_viewers_read_no_need_on_any_page(desk: Desk, alice: Client, bob: Client, charlie: Client) -> None:
    registration = confided(desk)
    sign_up(registration, desk.talk, actor=SYSTEM)
    message = about(desk, registration, "registration_confirmed")
    names = [pattern.name for pattern in urlpatterns if pattern.name]
    assert set(names) == set(ALL_PAGES)
    paths = paths_of(desk, message)
    for name in names:
        path = paths[name]
        for who in (bob, charlie):
            html = who.get(path).content.decode(errors="replace")  # one is a PDF
            assert [word for word in (*TOLD, *CODED) if word in html] == [], (name, path)
    shown = alice.get(paths["registration"]).content.decode()
    assert [word for word in TOLD if word in shown] == list(TOLD)


def test_viewers_read_no_offer_and_nobody_a_link(desk: Desk, alice: Client, bob: Client) -> None:
    registration = confided(desk)
    signup = sign_up(registration, desk.talk, actor=SYSTEM)
    offer = about(desk, registration, "place_offered", signup=signup)
    link = about(desk, registration, "sign_in", magic_link=make_link(registration.participant))
    told = {}
    for one in (offer, link):
        for name, who in (("owner", alice), ("viewer", bob)):
            page = f"/organize/forum/outbox/{one.uid}/"
            frame = who.get(f"{page}html/")
            told[one.kind, name] = ("mail-text" in who.get(page).content.decode(), frame.status_code)
    assert told == {
        ("place_offered", "owner"): (True, 200),
        ("place_offered", "viewer"): (False, 404),
        ("sign_in", "owner"): (False, 404),
        ("sign_in", "viewer"): (False, 404),
    }


def test_previews_hold_no_key(desk: Desk, alice: Client) -> None:
    registration = confided(desk)
    message = about(desk, registration, "announcement", announcement=announcement(desk, state="sending"))
    key = addresses.secret(TokenPurpose.UNSUBSCRIBE, registration.uid)
    page = alice.get(f"/organize/forum/outbox/{message.uid}/").content.decode()
    frame = alice.get(f"/organize/forum/outbox/{message.uid}/html/").content.decode()
    secret = key.rstrip("/").rpartition("/")[2]
    assert (len(secret), secret in page, secret in frame) == (43, False, False)
    assert page.count("https://forum.example.org/link/announcements/…/") >= 2


def test_viewers_see_where_a_webhook_goes_and_not_its_address(desk: Desk, alice: Client, bob: Client) -> None:
    hook = WebhookSubscription.objects.create(
        conference=desk.conference, name="Chat", url="https://chat.example.org/hooks/k3y", verbs=["room.closed"]
    )
    for path in ("/organize/forum/webhooks/", f"/organize/forum/webhooks/{hook.uid}/"):
        html = {who: client.get(path).content.decode() for who, client in (("owner", alice), ("viewer", bob))}
        assert ("hooks/k3y" in html["owner"], "hooks/k3y" in html["viewer"]) == (True, False)
        assert "chat.example.org" in html["viewer"]


def test_messages_about_accounts_are_in_no_conference_outbox(desk: Desk, alice: Client, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "bob@example.org"})
    take_in()
    message = Message.objects.get(kind="password_reset")
    assert alice.get(f"/organize/forum/outbox/{message.uid}/").status_code == 404
    assert "bob@example.org" not in alice.get("/organize/forum/outbox/").content.decode()
