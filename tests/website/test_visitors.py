"""Whoever only reads leaves nothing behind: no session in the database, and cookies only where a form needs one."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.website.showing import forum

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]
PAGES = (
    "/",
    "/forum/",
    "/forum/?room=HALL",
    "/forum/sessions/A0/",
    "/forum/changes/",
    "/forum/calendars/",
    "/robots.txt",
)
FILES = ("/forum/schedule.json", "/forum/schedule.ics", "/sitemap.xml", "/api/v1/conferences/")
CLOSED = ("/my/", "/organize/", "/admin/", "/forum/register/sent/", "/nothing/")
# The page of a link that no longer works offers another one.
FORMS = ("/forum/register/", "/my/sign-in/", "/accounts/login/", f"/my/link/{'a' * 43}/")


def left_by(client: Client) -> tuple[list[str], int]:
    return sorted(name for name, one in client.cookies.items() if one.value), Session.objects.count()


@pytest.mark.parametrize("address", [*PAGES, *FILES, *CLOSED])
def test_reading_leaves_nothing(address: str, client: Client) -> None:
    forum()
    client.get(address)
    assert left_by(client) == ([], 0)


@pytest.mark.parametrize("address", FORMS)
def test_form_has_its_token_and_no_session(address: str, client: Client) -> None:
    forum()
    client.get(address)
    client.post(address, {"email": "no address"})
    assert left_by(client) == (["csrftoken"], 0)


def test_language_is_kept_in_a_cookie(client: Client) -> None:
    forum()
    client.post("/language/", {"language": "ko", "next": "/forum/"})
    assert 'lang="ko"' in client.get("/forum/").content.decode()
    assert left_by(client) == (["django_language"], 0)


def test_made_up_session_makes_no_row(client: Client) -> None:
    forum()
    client.cookies["sessionid"] = "a" * 32
    client.get("/forum/")
    assert Session.objects.count() == 0


def test_what_somebody_begins_is_kept(client: Client) -> None:
    """The control: whoever asks for a link is shown on the next page where it went."""
    forum()
    client.post("/my/sign-in/", {"email": "ana@example.org"})
    assert "ana@example.org" in client.get("/my/sign-in/sent/").content.decode()
    assert Session.objects.count() == 1
