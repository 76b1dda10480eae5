"""What links to a page show, and which pages search engines may have."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString
from pytest_django import Settings

from journal.actors import SYSTEM
from schedule.domain.programme.sessions import cancel_session
from schedule.models import Session
from tests.factories import at, both, make_conference, make_room, make_session, make_team, make_user, publish

pytestmark = pytest.mark.django_db
SITE = "https://forum.example.org"


@pytest.fixture(autouse=True)
def session(settings: Settings) -> Session:
    settings.SITE_URL = SITE
    cache.clear()
    conference = make_conference(slug="forum", name=both("The Forum"), theme=both("Rights"), venue=both("Centre"))
    session = make_session(
        conference,
        code="A",
        title=LazyI18nString({"en": "Water", "ko": "물"}),
        abstract=both("About **water** & <b>more</b>. " + "Word " * 80),
    )
    publish(conference, [(session, make_room(conference, name=both("Hall")), at(conference, "09:00"))])
    return session


def told(client: Client, address: str, language: str = "en") -> dict[str, str]:
    """What the head of a page says, by the name it says it under."""
    html = client.get(address, headers={"accept-language": language}).content.decode()
    head = html[: html.index("</head>")]
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', head))
    found |= {f"link {rel}": href for rel, href in re.findall(r'<link rel="(canonical)" href="([^"]*)">', head)}
    found |= dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]*)">', head))
    return {name: value for name, value in found.items() if name not in ("viewport", "color-scheme", "referrer")}


def test_session_is_told_in_each_of_its_languages(client: Client) -> None:
    page = f"{SITE}/forum/sessions/A/"
    found = told(client, "/forum/sessions/A/")
    about = found["og:description"]
    assert (about[:27], about[-1]) == ("About water &amp; more. Word W"[:27], "…")
    assert found == {
        "description": about,
        "link canonical": page,
        "en": page,
        "ko": f"{page}?lang=ko",
        "x-default": page,
        "og:title": "Water",
        "og:description": about,
        "og:type": "article",
        "og:url": page,
        "og:site_name": "The Forum",
        "og:locale": "en_US",
        "og:locale:alternate": "ko_KR",
        "og:image": f"{page}picture.png?lang=en",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Water",
        "twitter:card": "summary_large_image",
    }
    for found in (told(client, "/forum/sessions/A/", "ko"), told(client, "/forum/sessions/A/?lang=ko")):
        assert (found["og:title"], found["link canonical"]) == ("물", f"{page}?lang=ko")
        assert (found["og:locale"], found["og:url"]) == ("ko_KR", page)


def test_language_of_the_address_is_not_remembered_and_gives_way_to_a_choice(client: Client) -> None:
    assert '<html lang="ko">' in client.get("/forum/?lang=ko").content.decode()
    assert '<html lang="en">' in client.get("/forum/").content.decode()
    assert '<html lang="en">' in client.get("/forum/?lang=xx").content.decode()
    chosen = client.post("/language/", {"language": "en", "next": "/forum/?lang=ko&day=2037-06-02"})
    assert chosen["Location"] == "/forum/?day=2037-06-02"


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/forum/", "/forum/"),
        ("/forum/?day=2037-06-02", "/forum/?day=2037-06-02"),
        ("/forum/?day=nonsense", "/forum/"),
        ("/forum/?kind=talk", None),
        ("/forum/?q=water", None),
        ("/forum/changes/", "/forum/changes/"),
        ("/forum/speakers/", "/forum/speakers/"),
        ("/forum/calendars/", "/forum/calendars/"),
        ("/forum/register/", None),
        ("/my/sign-in/", None),
        ("/accounts/login/", None),
        ("/forum/sessions/GONE/", None),
        ("/my/link/nothing/", None),
    ],
)
def test_only_public_pages_are_for_search_engines(client: Client, address: str, canonical: str | None) -> None:
    found = told(client, address)
    assert found.get("link canonical") == (canonical and SITE + canonical)
    assert found.get("robots") == (None if canonical else "noindex")


def test_nothing_is_told_of_a_conference_before_it_is_public(client: Client) -> None:
    team = make_team()
    conference = make_conference(slug="hush", name=both("Hush"), is_public=False, team=team)
    publish(conference, [])
    client.force_login(make_user(is_superuser=True), "allauth.account.auth_backends.AuthenticationBackend")
    found = told(client, "/hush/")
    assert (found.get("robots"), found.get("og:title")) == ("noindex", None)


def test_what_is_not_public_of_a_session_is_not_told(client: Client, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(signup="invitation")
    assert told(client, "/forum/sessions/A/")["description"] == "Talk · 1 June 2037, 09:00–10:00 · Hall"
    Session.objects.filter(pk=session.pk).update(signup="open")
    session.refresh_from_db()
    cancel_session(session, actor=SYSTEM)
    cache.clear()
    assert told(client, "/forum/sessions/A/")["description"] == "Talk · 1 June 2037, 09:00–10:00 · Hall"
