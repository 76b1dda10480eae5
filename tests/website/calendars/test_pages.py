"""Public pages about calendars: everything to subscribe to, and one session for one's own calendar."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from notifications.feeds.public_parts import CalendarOffer
from schedule.domain.programme.sessions import cancel_session, change_online_address
from schedule.models import Role
from tests.factories import at, make_conference, make_person, make_release, make_room, make_session, make_theme, publish
from tests.notifications.places import ACTOR, Stage
from tests.present import present
from tests.responses import Response
from website.calendars import pages
from website.templatetags.qr_codes import qr_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def links(response: Response) -> list[str]:
    """Where the links of a page lead that leave it."""
    found = re.findall(r'<a [^>]*?href="([a-z]+:[^"]*)"', response.content.decode())
    return [address.replace("&amp;", "&") for address in found]


def fetched(client: Client, offer: CalendarOffer) -> None:
    """Its address and its file are calendars."""
    for address in (offer.links.url, f"https://forum.example.org{offer.file}"):
        parts = urlsplit(address)
        answer = client.get(parts.path, parse_qs(parts.query))
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")


def test_every_choice_of_the_page_leads_to_one_calendar(client: Client) -> None:
    stage = Stage()
    stage.session.theme = make_theme(stage.conference)
    stage.session.save()
    Role.objects.create(session=stage.session, person=make_person(stage.conference), role="speaker")
    path = f"/{stage.conference.slug}/calendars/"
    page = client.get(path, {"speaker": "person"})
    assert [group.title for group in page.context["groups"]] == ["Day", "Theme", "Room", "Kind of session"]
    choices = [choice for group in page.context["groups"] for choice in group.choices] + page.context["speakers"]
    assert len(choices) == 6
    for choice in choices:
        shown = client.get(path, {"part": choice.value})
        offer = shown.context["offer"]
        assert (offer.name, links(shown).count(offer.links.webcal)) == (choice.name, 1)
        fetched(client, offer)
    for offer in (page.context["offer"], page.context["days"]):
        fetched(client, offer)
    assert page["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    "part",
    ["day:2001-01-01", "day:x", "theme:none", "room:", "kind:\0", "speaker:1", "session:A", "links", "pk:1"],
)
def test_a_choice_that_there_is_not_is_not_found(part: str, client: Client) -> None:
    assert client.get(f"/{Stage().conference.slug}/calendars/", {"part": part}).status_code == 404


def test_speakers_are_found_by_any_of_their_names(client: Client) -> None:
    stage = Stage()
    names = {"en": "Kim Minji", "ko": "김민지"}
    hidden = make_session(stage.conference, signup="invitation")
    draft = make_session(stage.conference)
    for session, name in ((stage.session, names), (hidden, {"en": "Kim Secret"}), (draft, {"en": "Kim Later"})):
        person = make_person(stage.conference, name=LazyI18nString(name))
        Role.objects.create(session=session, person=person, role="speaker")
    publish(
        stage.conference,
        [
            (stage.session, stage.room, at(stage.conference, "10:00")),
            (hidden, stage.other_room, at(stage.conference, "10:00")),
        ],
    )
    path = f"/{stage.conference.slug}/calendars/"

    def found(text: str) -> list[str]:
        return [one.name for one in client.get(path, {"speaker": text}).context["speakers"]]

    assert [found(text) for text in ("kim", "MINJI kim", "민지", "  ", "secret", "later", "kim x")] == [
        ["Kim Minji"], ["Kim Minji"], ["Kim Minji"], [], [], [], [],
    ]  # fmt: skip
    page = client.get(path, {"speaker": "<script>"}).content.decode()
    assert "No speaker of the published programme is called “&lt;script&gt;”." in page


def test_a_page_of_many_speakers_stays_small(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_SPEAKERS", 3)
    stage = Stage()
    for _ in range(5):
        Role.objects.create(session=stage.session, person=make_person(stage.conference), role="speaker")
    path = f"/{stage.conference.slug}/calendars/"
    page = client.get(path, {"speaker": "person"})
    assert (len(page.context["speakers"]), page.context["others"]) == (3, 2)
    assert len(client.get(path).content) < 40_000


def test_a_code_brings_the_calendar_to_a_telephone(client: Client) -> None:
    page = client.get(f"/{Stage().conference.slug}/calendars/")
    drawn = qr_code(page.context["offer"].links.webcal)
    assert (page.content.decode().count(drawn), " style=" in drawn) == (1, False)
    # The address of another calendar is another code.
    assert drawn != qr_code(page.context["days"].links.webcal)


def test_page_before_the_first_release_has_the_days_only(client: Client) -> None:
    conference = make_conference()
    page = client.get(f"/{conference.slug}/calendars/")
    assert (page.context["offer"], page.context["groups"]) == (None, [])
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
    assert page.context["offer"].links.webcal == f"webcals://{followed}"
    copies = page.context["copies"]
    assert [urlsplit(link).netloc for link in (copies.google, copies.outlook, copies.office)] == [
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",
    ]
    assert parse_qs(urlsplit(copies.google).query)["dates"] == ["20370601T010000Z/20370601T020000Z"]
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
    # Conference, release, its end; rooms, kinds, themes; of what is asked for speakers and the theme.
    with django_assert_num_queries(8):
        asked = {"speaker": "person", "part": f"theme:{present(sessions[0].theme).code}"}
        client.get(f"/{conference.slug}/calendars/", asked)
    # Conference; history, changes, the session, kinds and themes, people, hosts; when these were edited.
    with django_assert_num_queries(8):
        client.get(f"/{conference.slug}/sessions/{sessions[0].code}/calendar/")


def test_each_way_is_explained(client: Client) -> None:
    stage = Stage()
    for path in ("calendars/", f"sessions/{stage.session.code}/calendar/"):
        page = re.sub(r"\s+", " ", client.get(f"/{stage.conference.slug}/{path}").content.decode())
        assert page.count("Google refreshes only every few hours to once a day") == 1
        assert page.count("It is a copy: later changes do not reach it.") == 1
        assert page.count("It does not update itself") == 1
