"""What is not public is shown by no page, file, feed, search, API, mail or cache (invariant 11).

Marked words are planted wherever something must not be seen, and looked for in all that the site answers with, to
everybody who could ask. A new address is visited too, and fails here while it has a part that nothing is known for.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import typst
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils.translation import get_language

from journal.models import Entry
from notifications.mails.render_input import gather
from notifications.mails.rendering import compose
from notifications.models import Message
from notifications.rules.intake import take_in
from notifications.webhooks.bodies import bodies_of
from tests.contract.public_view.channels import Drawn, addresses_of, kept, marks_in, routes, said
from tests.contract.public_view.planting import Planted, plant
from tests.website.showing import titles
from website.pages import page

pytestmark = pytest.mark.django_db

ORGANIZERS = ("/organize/", "/admin/", "/accounts/")
Seen = dict[tuple[str, str, str], dict[str, str]]
SESSIONS = "/api/v1/conferences/forum/sessions/"


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, addresses: None) -> Planted:
    # A PDF draws its words; what it is given to draw is looked at.
    monkeypatch.setattr(typst, "Compiler", Drawn)
    monkeypatch.setattr("website.missing.page", drawn_once(page))
    cache.clear()
    return plant()


def drawn_once(draw: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page for what is not there, drawn once for each reader, language and way on: a quarter of all answers.

    Besides these it is made of the address, which whoever asks knows.
    """
    drawn: dict[tuple[object, ...], bytes] = {}

    def once(request: HttpRequest, template: str, context: dict[str, Any], **more: Any) -> HttpResponse:
        about = (request.COOKIES.get("sessionid"), get_language(), template, *context.values(), *more.values())
        if about not in drawn:
            drawn[about] = draw(request, template, context, **more).content
        return HttpResponse(drawn[about], status=more["status"])

    return once


def visit(client: Client, address: str, language: str, marks: Mapping[str, str]) -> dict[str, str]:
    # What was asked for is repeated, to sign in and come back.
    text = said(client.get(address, headers={"accept-language": language}))
    for spelled in (address, quote(address), quote_plus(address)):
        text = text.replace(spelled, "")
    return marks_in(text, marks)


def visits(planted: Planted) -> Iterator[tuple[str, str, str]]:
    """Who asks for what in which language: every route, with all that its parts can be.

    Whom a gate lets in nowhere tries one address of each route behind it.
    """
    for route in routes():
        found = (addresses_of(route, values) for values in planted.values.values())
        every = list(dict.fromkeys(itertools.chain.from_iterable(found)))
        is_theirs = f"/{route}".startswith(ORGANIZERS)
        for address in every[:1] if is_theirs else every:
            yield "visitor", address, "en"
        for address in every[:1]:
            yield "another team", address, "en"
        for address in every:
            yield "viewer", address, "en"
        for address in [] if is_theirs else every:
            yield "visitor", address, "ko"
            yield "participant", address, "en"


@pytest.mark.slow
def test_nothing_that_is_not_public_is_shown_to_anybody(planted: Planted) -> None:
    marks = planted.marks
    hidden: Seen = {}
    shown: dict[str, set[str]] = defaultdict(set)
    for reader, address, language in visits(planted):
        of_team = reader == "viewer"
        must_not = marks.secret
        if not (of_team and address.startswith(ORGANIZERS)):
            must_not = must_not | marks.hidden
        if not of_team:
            must_not = must_not | marks.preview
        found = visit(planted.readers[reader], address, language, must_not | marks.shown | marks.preview)
        if leaks := {mark: about for mark, about in found.items() if mark in must_not}:
            hidden[reader, address, language] = leaks
        if reader == "visitor" and "/forum/" in address:
            shown[address.rpartition("/forum/")[2]] |= {marks.shown[mark] for mark in found if mark in marks.shown}
        if of_team and address == "/hush/":
            assert found, "the team sees its conference before it is public"
    assert hidden == {}
    in_cache = {name: found for name, text in kept().items() if (found := marks_in(text, marks.hidden | marks.secret))}
    assert in_cache == {}
    # Looking finds what may be seen, in every channel.
    who = {"person, open", "host, open"}
    what = {"theme, open", "language, open"}
    about = {"abstract, open"}
    everywhere = {
        "sessions/open/": who | what | about,
        "schedule.json": who | what | about,
        "schedule.xml": who | what | about,
        "schedule.xlsx": who | what,
        "schedule.pdf": who | {"theme, open"} | about,
        "schedule.txt": who | {"theme, open"},
        "files/book-a4.pdf": who | {"theme, open"} | about,
        "files/timetable.xlsx": {"person, open", "theme, open"},
        "files/site.zip": who | what | about,
        "schedule.ics": who | what | about,
        "sessions/open.ics": who | what | about,
        "calendars/": {"theme, open"},
        "": what,
    }
    assert {address: marks & (who | what | about) for address, marks in shown.items() if address in everywhere} == (
        everywhere
    )
    assert {marks.shown[mark] for mark in visit(Client(), SESSIONS, "en", marks.shown)} >= who | what | about


def test_search_and_filters_find_nothing_by_what_is_not_shown(planted: Planted, client: Client) -> None:
    abstract = next(mark for mark, about in planted.marks.shown.items() if about == "abstract, open")
    assert titles(client, f"/forum/?q={abstract}") == ["Title of open"]
    for mark, about in planted.marks.hidden.items():
        assert titles(client, f"/forum/?q={mark}") == [], about
    for name in ("closed", "cancelled", "withdrawn", "draft", "dinner"):
        session = planted.sessions[name]
        for query in (f"theme=theme-{session.code}", f"language={session.languages[0]}"):
            assert client.get(f"{SESSIONS}?{query}").json()["count"] == 0, query
            unfiltered = titles(client, "/forum/")
            assert titles(client, f"/forum/?{query}") == unfiltered, "a value that is not on offer filters nothing"
    assert client.get(f"{SESSIONS}?theme=theme-open").json()["count"] == 1


def test_no_mail_and_no_webhook_says_what_is_not_public(planted: Planted) -> None:
    take_in()
    unseen = planted.marks.hidden | planted.marks.secret
    for message in gather(list(Message.objects.exclude(announcement__isnull=False).values_list("pk", flat=True))):
        own = {message.message.recipient.email, getattr(message.message.registration, "display_name", "")}
        text = compose([message], planted.conference.origin).message.as_bytes().decode()
        assert {
            mark: about for mark, about in marks_in(text, unseen).items() if not any(mark in one for one in own)
        } == {}
    entries = Entry.objects.filter(conference_id=planted.conference.pk)
    bodies = bodies_of(entries, {planted.conference.pk: planted.conference})
    assert len(bodies) == len(entries) > 0
    assert marks_in("\n".join(bodies.values()), unseen) == {}
