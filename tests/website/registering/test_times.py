"""Registration opens and closes: what the pages say, what nobody gets, and that nothing typed is lost."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from journal.models import Entry
from registration.models import MagicLink, Participant, Registration
from schedule.models import Conference
from tests.fixtures.conferences import Agenda, signed_in
from tests.registration.steps import AGREED, about, reviewed
from tests.responses import squeezed
from tests.website.registering.test_views import fill_in, newest_link

STARTED = timezone.now()
SOON, AGO = STARTED + timedelta(days=2), STARTED - timedelta(days=2)


def set_times(**fields: object) -> None:
    Conference.objects.update(**fields)


def over() -> None:
    """The conference was last week."""
    day = timezone.localdate() - timedelta(days=7)
    set_times(starts_on=day, ends_on=day)


def local(instant: datetime) -> str:
    conference = Conference.objects.get(slug="forum")
    there = conference.local(instant)
    return f"{there:%A}, {there.day} {there:%B %Y, %H:%M} (Asia/Seoul)"


def text_of(page: str) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize(
    ("fields", "title", "words"),
    [
        ({"registration_opens_at": SOON}, "Registration has not opened yet", "Registration opens: "),
        ({"registration_closes_at": AGO}, "Registration is over", "Registration closed: "),
    ],
)
def test_before_and_after_the_pages_say_when_and_nobody_registers(
    agenda: Agenda, client: Client, fields: dict[str, object], title: str, words: str
) -> None:
    fill_in(client)
    assert "Register</a>" in client.get("/forum/").content.decode()
    set_times(**fields)
    said = words + local(*(value for value in fields.values() if isinstance(value, datetime)))
    page = squeezed(client.get("/forum/register/").content.decode())
    assert title in page
    for path in ("/forum/", "/forum/register/", "/forum/sessions/A/"):
        text = squeezed(Client().get(path).content.decode())
        assert said in text_of(text)
        assert 'href="/forum/register/">Register' not in text
    assert title in client.post("/forum/register/review/", AGREED).content.decode()
    assert not Participant.objects.exists()
    api = client.get("/api/v1/conferences/forum/").json()
    assert api["registration_open"] is False


def test_while_it_is_open_the_pages_say_until_when(agenda: Agenda, client: Client) -> None:
    set_times(registration_closes_at=SOON)
    for path in ("/forum/", "/forum/register/"):
        assert f"Registration closes: {local(SOON)}" in text_of(client.get(path).content.decode())


def test_a_conference_of_the_past_takes_nobody(agenda: Agenda, client: Client) -> None:
    fill_in(client)
    over()
    assert "Registration is over" in client.get("/forum/register/").content.decode()
    assert 'href="/forum/register/"' not in client.get("/forum/").content.decode()
    client.post("/forum/register/review/", AGREED)
    assert not Entry.objects.filter(verb="link.requested").exists()


def test_what_was_typed_when_it_closed_is_there_when_it_opens_again(agenda: Agenda, client: Client) -> None:
    client.get("/forum/register/")
    set_times(registration_closes_at=AGO)
    assert "Registration is over" in client.post("/forum/register/", about(affiliation="Town hall")).content.decode()
    closed = client.post("/forum/register/needs/", {"access_note": "a ramp"})
    assert "Registration is over" in closed.content.decode()
    set_times(registration_closes_at=None)
    assert 'value="Town hall"' in client.get("/forum/register/").content.decode()
    assert "a ramp" in client.get("/forum/register/needs/").content.decode()


def test_what_was_sent_in_time_may_be_confirmed_until_the_conference_ends(agenda: Agenda, client: Client) -> None:
    for number in range(2):
        fill_in(client, email=f"dana{number}@example.org")
        assert reviewed(client, "/forum/register/review/").headers["Location"] == "/forum/register/sent/"
        set_times(registration_closes_at=AGO) if number == 0 else over()
        assert reviewed(client, newest_link(), **AGREED).headers["Location"] == "/my/forum/"
        client.logout()
        set_times(registration_closes_at=None)
    found = Registration.objects.order_by("pk").values_list("participant__email", "state", "display_name")
    assert list(found) == [("dana0@example.org", "accepted", "Dana"), ("dana1@example.org", "draft", "Dana")]
    page = text_of(signed_in(Participant.objects.get(email="dana1@example.org")).get("/my/forum/").content.decode())
    assert "Registration closed:" in page
    assert "Confirm my registration" not in page


def test_a_link_that_ran_out_is_followed_by_none_while_registration_is_closed(agenda: Agenda, client: Client) -> None:
    fill_in(client, email="dana@example.org")
    reviewed(client, "/forum/register/review/")
    link = newest_link()
    MagicLink.objects.update(expires_at=timezone.now())
    set_times(registration_closes_at=AGO)
    for answer in (client.get(link), client.post(f"{link}again/")):
        page = text_of(answer.content.decode())
        assert (answer.status_code, "Send me a new link" in page, "Registration closed:" in page) == (410, False, True)
    assert MagicLink.objects.count() == 1
    set_times(registration_closes_at=None)
    assert "Send me a new link" in client.get(link).content.decode()
    client.post(f"{link}again/")
    assert MagicLink.objects.latest("pk").answers["display_name"] == "Dana"


def test_who_cancelled_takes_part_again_only_while_it_is_open(alice: Registration) -> None:
    Registration.objects.update(state="cancelled")
    over()
    client = signed_in(alice.participant)
    assert "Take part again" not in client.get("/my/forum/").content.decode()
    page = client.post("/my/forum/take-part/", follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Registration is over."]
    alice.refresh_from_db()
    assert alice.state == "cancelled"
