"""Forms whose token is gone: a page that says what to do and loses nothing."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.fixtures.conferences import Agenda
from tests.registration.steps import about

HERE = {"Origin": "http://testserver"}


def test_a_form_of_ours_is_sent_again_by_one_press(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    refused = client.post("/forum/register/", about(display_name='Dana <b> "quoted"'), headers=HERE)
    page = refused.content.decode()
    assert (refused.status_code, refused.headers["Cache-Control"]) == (403, "private, no-store")
    assert 'value="Dana &lt;b&gt; &quot;quoted&quot;"' in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    again = about(display_name='Dana <b> "quoted"', csrfmiddlewaretoken=token[1])
    assert client.post("/forum/register/", again, headers=HERE).headers["Location"] == "/forum/register/needs/"


@pytest.mark.parametrize("origin", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {}])
def test_a_form_from_elsewhere_is_not_offered_again(agenda: Agenda, origin: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/forum/register/", about(display_name="Mallory"), headers=origin)
    said = page.content.decode()
    assert (page.status_code, "Mallory" in said, "Send it again" in said) == (403, False, False)
    assert "Nothing was sent yet" in said


def test_secrets_are_neither_shown_nor_sent_again(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/accounts/login/", {"login": "a@example.org", "password": "hunter2 secret"}, headers=HERE)
    said = page.content.decode()
    assert (page.status_code, "hunter2" in said, "Send it again" in said) == (403, False, False)


def test_codes_of_sessions_and_rooms_are_no_secrets(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/organize/forum/setup/rooms/new/", {"code": "T99", "name_0": "Hall"}, headers=HERE)
    said = page.content.decode()
    assert (page.status_code, 'name="code" value="T99"' in said, "<li>T99</li>" in said) == (403, True, True)


def test_long_forms_are_whole(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    ranks = {f"wishes-rank-S{number}": str(number) for number in range(1, 1000)}
    page = client.post("/forum/register/needs/", {"access_note": "a ramp"} | ranks, headers=HERE).content.decode()
    assert len(re.findall(r'name="wishes-rank-S\d+" value="\d+"', page)) == 999


def test_a_file_has_to_be_chosen_again(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"note": "the newest", "file": SimpleUploadedFile("programme.json", b"{}")}
    page = client.post("/organize/forum/import/", sent, headers=HERE).content.decode()
    assert ("has to be chosen again" in page, 'value="the newest"' in page) == (True, True)


def test_what_only_takes_forms_leads_back_to_their_page(agenda: Agenda) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = HERE | {"Referer": "http://testserver/accounts/login/?next=/x/"}
    page = client.post("/accounts/logout/", {"password": "x"}, headers=headers).content.decode()
    assert 'href="/accounts/login/?next=/x/"' in page
