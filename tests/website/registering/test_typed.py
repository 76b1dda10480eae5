"""Nothing typed is lost, and nothing is left behind."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from registration.domain.registrations import tokens
from registration.domain.registrations.links import request_link
from registration.models import MagicLink, Registration
from schedule.models import Conference
from tests.fixtures.conferences import Agenda
from tests.registration.steps import AGREED, about, reviewed
from tests.responses import squeezed
from website.registering.typed import carried_by

START, NEEDS, REVIEW = "/forum/register/", "/forum/register/needs/", "/forum/register/review/"


def newest_link() -> str:
    link = MagicLink.objects.latest("created_at")
    return f"/my/link/{tokens.token_for(tokens.TokenPurpose.MAGIC_LINK, link.uid)}/"


def carried(client: Client, path: str) -> str:
    found = re.search(r'name="carried" value="([^"]*)"', client.get(path).content.decode())
    assert found is not None
    return found[1]


def test_another_language_keeps_what_stands_in_the_form_right_or_wrong(agenda: Agenda, client: Client) -> None:
    typed = about(display_name="Dana", email="not yet", country="", language_of_page="ko")
    assert client.post(START, typed).headers["Location"] == START
    page = client.get(START).content.decode()
    assert ('lang="ko"' in page, 'value="Dana"' in page, 'value="not yet"' in page) == (True, True, True)
    assert 'class="error-summary"' not in page


@pytest.mark.parametrize(
    ("first", "kept"),
    [("en", ["ko", "en", "ko"]), ("ko", ["ko", "ko", "ko"])],
)
def test_mails_follow_the_language_of_the_page_until_another_is_chosen(
    agenda: Agenda, client: Client, first: str, kept: list[str]
) -> None:
    found, stands = [], first
    for asked in ("ko", "en", "ko"):
        client.post(START, about(language=stands, language_of_page=asked))
        radios = re.findall(r'<input[^>]*name="language"[^>]*>', client.get(START).content.decode())
        [stands] = [
            match[1] for radio in radios if "checked" in radio and (match := re.search(r'value="(\w+)"', radio))
        ]
        found.append(stands)
    assert found == kept


def test_back_keeps_what_stands_in_the_step(agenda: Agenda, client: Client) -> None:
    client.post(START, about())
    typed = {"access_note": "a ramp", "diet": "vegan", "wishes": ["C"], "back": ""}
    assert client.post(NEEDS, typed).headers["Location"] == START
    assert 'value="Dana"' in client.get(START).content.decode()
    client.post(START, about(display_name="Dana K."))
    page = squeezed(client.get(NEEDS).content.decode())
    # The first step was sent meanwhile; what stood in the second is its own.
    assert ("a ramp" in page, re.findall(r'value="(\w)" id="id_wishes_\d" checked', page)) == (True, ["C"])


@pytest.mark.parametrize("path", [NEEDS, REVIEW])
def test_a_session_that_is_gone_takes_nothing_with_it(agenda: Agenda, client: Client, path: str) -> None:
    client.post(START, about())
    client.post(NEEDS, {"access_note": "a ramp"})
    page = client.get(path).content.decode()
    kept = carried(client, path)
    shown = re.search(r'name="reviewed" value="(\w+)"', page)
    fresh = Client()
    sent = {"carried": kept, "access_note": "a ramp"} | ({"reviewed": shown[1]} if shown else {})
    assert fresh.post(path, sent).headers["Location"] == (REVIEW if path == NEEDS else "/forum/register/sent/")
    if path == NEEDS:
        assert "Dana" in fresh.get(REVIEW).content.decode()


def test_what_a_page_carries_is_taken_only_as_we_wrote_it(agenda: Agenda, client: Client) -> None:
    client.post(START, about())
    forged = carried(client, NEEDS)[:-2] + "xx"
    assert Client().post(NEEDS, {"carried": forged}).headers["Location"] == START


def test_what_was_typed_is_cleared_by_one_press(agenda: Agenda, client: Client) -> None:
    client.post(START, about())
    client.post(NEEDS, {"access_note": "a ramp"})
    assert client.post(NEEDS, {"access_note": "more", "clear": ""}).headers["Location"] == START
    assert {"registering": {}, "registering_unsent": {}} | dict(client.session) == {
        "registering": {},
        "registering_unsent": {},
    }
    assert "Dana" not in client.get(START).content.decode()


def test_the_form_forgets_after_sending_but_a_wrong_address_is_mended(agenda: Agenda, client: Client) -> None:
    client.post(START, about())
    client.post(NEEDS, {"access_note": "a ramp"})
    reviewed(client, REVIEW)
    assert "Dana" not in client.get(START).content.decode()
    kept = carried(client, "/forum/register/sent/")
    assert 'name="carried"' not in client.get("/forum/register/sent/").content.decode()
    page = client.post(START, {"carried": kept, "correct": ""}).content.decode()
    assert ('value="Dana"' in page, 'value="dana@example.org"' in page, 'class="error-summary"' in page) == (
        True,
        True,
        False,
    )
    assert MagicLink.objects.count() == 1


@pytest.mark.parametrize(("shared", "ends"), [({"shared": "on"}, True), ({}, False)])
def test_on_a_shared_computer_all_ends_with_the_browser(
    agenda: Agenda, client: Client, shared: dict[str, str], ends: bool
) -> None:
    answer = client.post(START, about() | shared)
    assert (answer.cookies["sessionid"]["max-age"] == "") is ends


def test_what_stands_in_a_step_left_by_the_browsers_own_back_is_kept(agenda: Agenda, client: Client) -> None:
    """As static/js/kept-form.js sends it; the browser itself is in tests/e2e."""
    client.post(START, about())
    kept = client.post(NEEDS, {"access_note": "a ramp", "keep": ""})
    assert (kept.status_code, kept.content) == (204, b"")
    assert "a ramp" in client.get(NEEDS).content.decode()
    assert client.post(START, about(display_name="Not yet", email="", keep="")).status_code == 204
    page = client.get(START).content.decode()
    assert ('value="Not yet"' in page, 'class="error-summary"' in page) == (True, False)
    shared = client.post(START, about(shared="on", keep=""))
    assert shared.cookies["sessionid"]["max-age"] == ""


@pytest.mark.parametrize("path", [START, NEEDS, REVIEW, "/forum/register/sent/"])
def test_the_form_forgets_when_it_is_confirmed_in_another_browser(agenda: Agenda, client: Client, path: str) -> None:
    client.post(START, about())
    client.post(NEEDS, {"access_note": "a ramp"})
    reviewed(client, REVIEW)
    link = newest_link()
    # They look at it again, as they would to mend the address.
    client.post(START, {"carried": carried(client, "/forum/register/sent/"), "correct": ""})
    assert "Dana" in client.get(REVIEW).content.decode()
    assert client.get(path).status_code == 200
    reviewed(Client(), link, **AGREED, consent_sensitive="on")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my/sign-in/")
    said = squeezed(client.get("/my/sign-in/").content.decode())
    assert "Your registration was confirmed in another browser. What you typed is forgotten in this one." in said
    assert (client.session.get("registering"), client.session.get("link_sent_to")) == ({}, None)
    assert "Dana" not in client.get(START).content.decode()


def test_what_others_confirm_says_nothing_to_who_did_not_send_it(agenda: Agenda, client: Client) -> None:
    """The form of somebody who typed the address of another tells them nothing about that other."""
    other = Client()
    other.post(START, about())
    other.post(NEEDS, {})
    reviewed(other, REVIEW)
    client.post(START, about())
    reviewed(other, newest_link(), **AGREED)
    assert "Dana" in client.get(START).content.decode()


def test_confirming_here_forgets_nothing_of_another_conference(
    agenda: Agenda, elsewhere: Conference, client: Client
) -> None:
    client.post("/elsewhere/register/", about(display_name="Typed elsewhere"))
    client.post(START, about())
    client.post(NEEDS, {})
    reviewed(client, REVIEW)
    assert reviewed(client, newest_link(), **AGREED).headers["Location"] == "/my/forum/"
    assert "Typed elsewhere" in client.get("/elsewhere/register/").content.decode()


@pytest.mark.parametrize(("address", "kept"), [("ALICE@example.org ", True), ("dana@example.org", False)])
def test_whoever_signs_in_is_shown_nothing_that_was_typed_for_another_address(
    alice: Registration, elsewhere: Conference, client: Client, address: str, kept: bool
) -> None:
    client.post("/elsewhere/register/", about(display_name="Typed before", email=address))
    client.post("/elsewhere/register/needs/", {"access_note": "what nobody else should read", "keep": ""})
    request_link("alice@example.org", now=timezone.now(), next_path="")
    client.post(newest_link())
    assert ("Typed before" in client.get("/elsewhere/register/").content.decode()) == kept
    assert ("nobody else should read" in client.get("/elsewhere/register/needs/").content.decode()) == kept


@pytest.mark.parametrize(("address", "offered"), [("alice@example.org", True), ("dana@example.org", False)])
def test_a_step_from_before_somebody_signed_in_is_offered_to_whoever_it_names(
    alice: Registration, elsewhere: Conference, address: str, offered: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    session = client.session
    session["participant"] = str(alice.participant.uid)
    session.save()
    steps = carried_by(elsewhere, about(email=address))
    for step in (about(email=address), {"carried": steps, "access_note": "a ramp"}):
        path = "/elsewhere/register/" if "email" in step else "/elsewhere/register/needs/"
        said = client.post(path, step, headers={"Origin": "http://testserver"})
        assert (said.status_code, "Send it again" in said.content.decode()) == (403, offered)
