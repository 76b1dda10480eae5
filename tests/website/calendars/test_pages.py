"""Public pages about calendars: everything to subscribe to, and one session for one's own calendar."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from schedule.domain.programme.sessions import cancel_session, change_online_address
from schedule.models import Role
from tests.factories import at, make_conference, make_person, make_release, make_room, make_session, make_theme
from tests.notifications.places import ACTOR, Stage
from tests.responses import Response

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def links(response: Response) -> list[str]:
    """Where the links of a page lead that leave it."""
    found = re.findall(r'<a [^>]*?href="([a-z]+:[^"]*)"', response.content.decode())
    return [address.replace("&amp;", "&") for address in found]


def test_every_calendar_of_the_page_can_be_fetched(client: Client) -> None:
    stage = Stage()
    stage.session.theme = make_theme(stage.conference)
    stage.session.save()
    Role.objects.create(session=stage.session, person=make_person(stage.conference), role="speaker")
    page = client.get(f"/{stage.conference.slug}/calendars/")
    titles = [group.title for group in page.context["groups"]]
    assert titles == ["By day", "By room", "By kind of session", "By theme", "By speaker"]
    offers = [offer for group in page.context["groups"] for offer in group.offers]
    assert len(offers) == 6
    for offer in [page.context["whole"], page.context["days"], *offers]:
        for address in (offer.links.url, f"https://forum.example.org{offer.file}"):
            parts = urlsplit(address)
            answer = client.get(parts.path, parse_qs(parts.query))
            assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert page["Cache-Control"] == "private, no-cache"


def test_page_before_the_first_release_has_the_days_only(client: Client) -> None:
    conference = make_conference()
    page = client.get(f"/{conference.slug}/calendars/")
    assert (page.context["whole"], page.context["groups"]) == (None, [])
    assert [urlsplit(address).hostname for address in links(page)] == [
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",  # a copy
        "forum.example.org",
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",
        "forum.example.org",
    ]


def test_pages_of_a_hidden_conference_do_not_exist(client: Client) -> None:
    stage = Stage(is_public=False)
    assert client.get(f"/{stage.conference.slug}/calendars/").status_code == 404
    assert client.get(f"/{stage.conference.slug}/sessions/{stage.session.code}/calendar/").status_code == 404


def test_session_is_followed_copied_or_downloaded(client: Client) -> None:
    stage = Stage()
    change_online_address(stage.session, url="https://meet.example.org/secret", actor=ACTOR)
    code = stage.session.code
    page = client.get(f"/{stage.conference.slug}/sessions/{code}/calendar/")
    followed = f"forum.example.org/{stage.conference.slug}/sessions/{code}.ics?lang=en"
    assert page.context["offer"].links.webcal == f"webcal://{followed}"
    copies = page.context["copies"]
    assert [urlsplit(link).netloc for link in (copies.google, copies.outlook, copies.office)] == [
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",
    ]
    assert parse_qs(urlsplit(copies.google).query)["dates"] == ["20260601T010000Z/20260601T020000Z"]
    assert "meet.example.org" not in page.content.decode()
    assert f'action="/{stage.conference.slug}/sessions/{code}.ics"' in page.content.decode()


def test_cancelled_session_is_not_copied(client: Client) -> None:
    stage = Stage()
    cancel_session(stage.session, actor=ACTOR)
    page = client.get(f"/{stage.conference.slug}/sessions/{stage.session.code}/calendar/")
    assert (page.context["cancelled"], page.context["copies"]) == (True, None)


@pytest.mark.parametrize("rows", [1, 3])
def test_number_of_queries(rows: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = make_conference()
    sessions = [make_session(conference, theme=make_theme(conference)) for _ in range(rows)]
    for session in sessions:
        Role.objects.create(session=session, person=make_person(conference), role="speaker")
    make_release(conference, [(one, make_room(conference), at(conference, "10:00")) for one in sessions])
    # Conference, release; rooms, kinds, themes, speakers.
    with django_assert_num_queries(6):
        client.get(f"/{conference.slug}/calendars/")
    # Conference; history, changes, the session, kinds and themes.
    with django_assert_num_queries(5):
        client.get(f"/{conference.slug}/sessions/{sessions[0].code}/calendar/")


def test_each_way_is_explained(client: Client) -> None:
    stage = Stage()
    for path in ("calendars/", f"sessions/{stage.session.code}/calendar/"):
        page = re.sub(r"\s+", " ", client.get(f"/{stage.conference.slug}/{path}").content.decode())
        assert page.count("Google refreshes only every few hours to once a day") == 1
        assert page.count("It is a copy: later changes do not reach it.") == 1
        assert page.count("It does not update itself") == 1
