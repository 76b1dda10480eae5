"""Answers from the reader's own copy, from the cache or written anew: which it is, and how little it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.actors import SYSTEM
from journal.recording import record
from registration.domain.signups.signing_up import sign_up
from schedule.domain.programme.sessions import rename_session
from tests.factories import both, make_registration
from tests.facts import a_fact
from tests.website.showing import forum, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]


def test_unchanged_page_is_not_sent_again_and_a_changed_one_is(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    conference = forum(1)
    for address in ("/forum/", "/forum/sessions/A0/", "/forum/changes/"):
        first = client.get(address)
        tag = first["ETag"]
        assert tag.startswith('"')
        again = client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        record(a_fact("session.edited", conference_id=conference.pk), actor=SYSTEM)
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_tag_depends_on_language_and_filters_and_person(client: Client) -> None:
    conference = forum(1)
    registration = make_registration(conference)
    other = Client()
    own = other.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    other.cookies["sessionid"] = own.session_key or ""
    tags = [
        client.get("/forum/")["ETag"],
        client.get("/forum/", headers={"accept-language": "ko"})["ETag"],
        client.get("/forum/?room=HALL")["ETag"],
        client.get("/forum/", headers={"accept-encoding": "gzip"})["ETag"],
        other.get("/forum/")["ETag"],
    ]
    assert len(set(tags)) == 5


def test_kept_page_follows_every_change_at_once(client: Client) -> None:
    conference = forum(1)
    assert "50 seats left" in client.get("/forum/").content.decode()
    sign_up(make_registration(conference), conference.sessions.get(), actor=SYSTEM)
    assert "49 seats left" in client.get("/forum/").content.decode()
    rename_session(conference.sessions.get(), title=both("Renamed"), actor=SYSTEM)
    assert titles(client, "/forum/") == ["Renamed"]


def test_visitors_page_is_for_everybody_and_sets_no_cookie(client: Client) -> None:
    forum(1)
    response = client.get("/forum/", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Vary"] == "Accept-Encoding, Accept-Language, Cookie"
    assert dict(client.cookies) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_programme_costs_the_same_for_any_number_of_sessions(client: Client, count: int) -> None:
    forum(count)
    with CaptureQueriesContext(connection) as fresh:
        client.get("/forum/")
    with CaptureQueriesContext(connection) as kept:
        tag = client.get("/forum/")["ETag"]
    with CaptureQueriesContext(connection) as unchanged:
        client.get("/forum/", headers={"if-none-match": tag})
    with CaptureQueriesContext(connection) as searched:
        client.get("/forum/?q=talk")
    assert (len(fresh), len(kept), len(unchanged), len(searched)) == (12, 2, 2, 13)


@pytest.mark.parametrize("count", [1, 3])
def test_programme_is_not_written_anew_for_a_sign_up_nor_for_a_person(client: Client, count: int) -> None:
    conference = forum(count)
    client.get("/forum/")
    registration = make_registration(conference)
    sign_up(registration, conference.sessions.get(code="A0"), actor=SYSTEM)
    with CaptureQueriesContext(connection) as visitor:
        client.get("/forum/")
    own = client.session
    own["participant"] = str(registration.participant.uid)
    own.save()
    client.cookies["sessionid"] = own.session_key or ""
    with CaptureQueriesContext(connection) as person:
        assert "Confirmed" in client.get("/forum/").content.decode()
    # conference, revision, seats, revision; browser session, participant, registration, sign-ups
    assert (len(visitor), len(person)) == (4, 4 + 4)


@pytest.mark.parametrize("count", [1, 3])
def test_session_page_and_sitemap_cost_the_same_for_any_number(client: Client, count: int) -> None:
    forum(count)
    with CaptureQueriesContext(connection) as page:
        client.get("/forum/sessions/A0/")
    with CaptureQueriesContext(connection) as sitemap:
        client.get("/sitemap.xml")
    # Two of them are for the sessions before and after.
    assert (len(page), len(sitemap)) == (10, 2)
