from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Conference, Draft, Placement, Role, Session, SessionHost
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_room,
    make_session,
    make_theme,
    publish,
)

pytestmark = pytest.mark.django_db
SESSIONS = "/api/v1/conferences/forum/sessions/"


@pytest.fixture
def forum() -> Conference:
    """Released: A (talk, English) on the first day, B (workshop, Korean) on the second; C is in a draft only."""
    conference = make_conference(slug="forum", name=both("The Forum"), registration_open=False)
    hall, attic = make_room(conference, code="hall"), make_room(conference, code="attic")
    talk, workshop = make_kind(conference, code="talk", name=both("Talk")), make_kind(conference, code="workshop")
    peace = make_theme(conference, code="peace", name=both("Peace"))
    a = make_session(conference, code="A", kind=talk, theme=peace, title=both("First"))
    b = make_session(conference, code="B", kind=workshop, languages=["ko"])
    hidden = make_session(conference, code="HIDDEN", title=both("Secret plan"))
    publish(conference, [(a, hall, at(conference, "09:00")), (b, attic, at(conference, "00:30", day=1))])
    draft = Draft.objects.create(conference=conference, name="next")
    start = at(conference, "15:00")
    Placement.objects.create(draft=draft, session=hidden, room=hall, start=start, end=at(conference, "16:00"))
    return conference


def codes(client: Client, query: str = "") -> list[str]:
    return [one["code"] for one in client.get(SESSIONS + query).json()["results"]]


def test_conferences_are_the_public_ones(forum: Conference, client: Client) -> None:
    make_conference(slug="hidden", is_public=False)
    expected = {
        "slug": "forum",
        "name": {"en": "The Forum", "ko": "The Forum (한국어)"},
        "theme": {},
        "venue": {},
        "timezone": "Asia/Seoul",
        "starts_on": "2037-06-01",
        "ends_on": "2037-06-02",
        "languages": ["en", "ko"],
        "registration_open": False,
        "registration_opens_at": None,
        "registration_closes_at": "2037-06-03T00:00:00+09:00",
    }
    listed = client.get("/api/v1/conferences/").json()
    assert listed == {"count": 1, "next": None, "previous": None, "results": [expected]}
    assert client.get("/api/v1/conferences/forum/").json() == expected
    hidden, missing = client.get("/api/v1/conferences/hidden/"), client.get("/api/v1/conferences/nowhere/")
    assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json())
    assert hidden.status_code == 404


def test_a_session_with_all_it_says(forum: Conference, client: Client) -> None:
    session = Session.objects.get(code="A")
    SessionHost.objects.create(session=session, body=make_body(forum, name=both("City")))
    Role.objects.create(session=session, person=make_person(forum, name=both("Ada"), affiliation="Hall"), role="chair")
    Role.objects.create(session=session, person=None, role="speaker")
    first = client.get(SESSIONS).json()["results"][0]
    assert first == {
        "code": "A",
        "uid": str(session.uid),
        "state": "accepted",
        "title": {"en": "First", "ko": "First (한국어)"},
        "abstract": {},
        "kind": {"code": "talk", "name": {"en": "Talk", "ko": "Talk (한국어)"}, "is_break": False},
        "theme": {"code": "peace", "name": {"en": "Peace", "ko": "Peace (한국어)"}},
        "start": "2037-06-01T09:00:00+09:00",
        "end": "2037-06-01T10:00:00+09:00",
        "room": "hall",
        "room_name": first["room_name"],
        "languages": ["en"],
        "interpretation": [],
        "sign_languages": [],
        "captions": [],
        "signup": "open",
        "hosts": [{"en": "City", "ko": "City (한국어)"}],
        "people": [
            {"name": {"en": "Ada", "ko": "Ada (한국어)"}, "affiliation": "Hall", "role": "chair", "mode": "in-person"}
        ],
    }


def test_drafts_and_unpublished_conferences_are_not_there(forum: Conference, client: Client) -> None:
    assert codes(client) == ["A", "B"]
    assert "Secret plan" not in client.get(SESSIONS).content.decode()
    Conference.objects.update(is_public=False)
    assert client.get(SESSIONS).status_code == 404


def test_by_invitation_and_cancelled_there_are_title_kind_time_and_room(forum: Conference, client: Client) -> None:
    before = {one["code"]: one for one in client.get(SESSIONS).json()["results"]}
    closed, cancelled = Session.objects.get(code="A"), Session.objects.get(code="B")
    for session in (closed, cancelled):
        session.abstract, session.interpretation_pairs = both("Hush"), ["ko-en"]
        session.sign_languages, session.caption_languages = ["KSL"], ["ko"]
        session.save()
        SessionHost.objects.create(session=session, body=make_body(forum, name=both("Hush")))
        Role.objects.create(session=session, person=make_person(forum, name=both("Hush")), role="chair")
    closed.signup = "invitation"
    closed.save()
    cancel_session(cancelled, actor=SYSTEM)
    details = ("abstract", "theme", "languages", "interpretation", "sign_languages", "captions", "hosts", "people")
    empty: dict[str, Any] = dict(zip(details, ({}, None, [], [], [], [], [], []), strict=True))
    after = {one["code"]: one for one in client.get(SESSIONS).json()["results"]}
    assert after == {
        "A": before["A"] | empty | {"signup": "invitation"},
        "B": before["B"] | empty | {"state": "cancelled"},
    }
    # What is not shown is not found either.
    assert [codes(client, query) for query in ("?theme=peace", "?language=en", "?language=ko")] == [[], [], []]
    assert codes(client, "?kind=talk") == ["A"]


def test_hosts_that_are_not_named_are_not_there(forum: Conference, client: Client) -> None:
    session = Session.objects.get(code="A")
    SessionHost.objects.create(session=session, body=make_body(forum, name=both("City")), is_shown=False)
    SessionHost.objects.create(session=session, body=make_body(forum, name=both("Town")), position=1)
    assert client.get(SESSIONS).json()["results"][0]["hosts"] == [{"en": "Town", "ko": "Town (한국어)"}]


def test_before_the_first_release_there_are_no_sessions(client: Client) -> None:
    conference = make_conference(slug="forum")
    make_session(conference)
    assert codes(client) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=talk", ["A"]), ("?room=attic", ["B"]), ("?language=ko", ["B"]), ("?theme=peace", ["A"]),
        ("?day=2037-06-01", ["A"]),
        ("?day=2037-06-02", ["B"]), ("?day=2037-06-03", []), ("?day=9999-12-31", []), ("?kind=talk&language=ko", []),
        ("?kind=none", []), ("?limit=1", ["A"]), ("?limit=1&offset=1", ["B"]), (f"?offset={10**30}", []),
    ],
)  # fmt: skip
def test_filters(forum: Conference, client: Client, query: str, found: list[str]) -> None:
    assert codes(client, query) == found


def test_a_day_that_is_none_is_refused(forum: Conference, client: Client) -> None:
    refused = client.get(SESSIONS + "?day=tomorrow")
    assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "day")


def test_other_conferences_rows_stay_out(forum: Conference, client: Client) -> None:
    other = make_conference(slug="other", starts_on=date(2037, 6, 1))
    publish(other, [(make_session(other, code="X"), make_room(other, code="hall"), at(other, "09:00"))])
    assert codes(client) == ["A", "B"]
    assert codes(client, "?room=hall") == ["A"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    conference = make_conference(slug="forum")
    rooms = [make_room(conference) for _ in range(number)]
    sessions = [make_session(conference) for _ in range(number)]
    publish(
        conference, [(session, room, at(conference, "09:00")) for session, room in zip(sessions, rooms, strict=True)]
    )
    for session in sessions:
        Role.objects.create(session=session, person=make_person(conference), role="chair")
        SessionHost.objects.create(session=session, body=make_body(conference))
    # conference, release, count, placements; then kinds and themes, roles with people, hosts with bodies
    with django_assert_num_queries(7):
        client.get(SESSIONS)
