"""Names in the world's scripts and texts of every kind, through what leaves the site beside pages and programme files.

Link previews (og:), the API, the file of names that organizers take along, and the copy of one's own data: each is read
back by a parser of its kind, and says what was kept, one text for one text.
"""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString

from journal.actors import SYSTEM
from registration.domain.signups.signing_up import sign_up
from registration.models import Registration
from schedule.models import Conference, Person, Session
from tests.factories import make_person, make_registration
from tests.fixtures.conferences import signed_in as participant
from tests.organize.conftest import Desk, signed_in
from tests.scripts import HOSTILE, NAMES
from values.text import TextFault, fault, one_form

pytestmark = pytest.mark.django_db
LONGEST_NAME = 120
ALL = {**NAMES, **HOSTILE}
# What no way in lets through is not in the database either; the rest is, in its one form.
KEPT = {kind: one for kind, text in ALL.items() if fault(one := one_form(text)) is not TextFault.NOT_SHOWN}


class _Previews(HTMLParser):
    """What a page tells programs that show a link to it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            self.found[name] = given.get("content") or ""


@pytest.fixture
def desk(db: None) -> Desk:
    made = Desk()
    Conference.objects.update(is_public=True)
    made.talk.roles.create(person=make_person(made.conference), role="speaker")
    sign_up(make_registration(made.conference), made.talk, actor=SYSTEM)
    return made


def write(text: str) -> None:
    """In every place that the channels tell, past what forms refuse; nothing of the text before is kept."""
    both = LazyI18nString({"en": text, "ko": text})
    Session.objects.filter(code="TALK").update(title=both, abstract=both)
    Person.objects.update(name=both)
    Registration.objects.update(display_name=text[:LONGEST_NAME], affiliation=text[:LONGEST_NAME])
    cache.clear()


def shown() -> dict[str, str]:
    return _Previews(Client().get("/forum/sessions/TALK/").content.decode()).found


def told() -> dict[str, Any]:
    """The Talk, as the API tells it."""
    results = json.loads(Client().get("/api/v1/conferences/forum/sessions/").content)["results"]
    found: dict[str, Any] = next(one for one in results if one["code"] == "TALK")
    return found


def own_data() -> dict[str, Any]:
    person = Registration.objects.get().participant
    found: dict[str, Any] = json.loads(participant(person).get("/my/forum/data/my-data.json").content)
    return found


def names(desk: Desk) -> list[list[str]]:
    """The rows of the file that organizers take along, as a spreadsheet reads them."""
    content = signed_in(desk.alice).get("/organize/forum/sign-ups/TALK/names.csv").content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]


def test_what_is_kept_is_told(desk: Desk) -> None:
    for kind, text in KEPT.items():
        write(text)
        both = {"en": text, "ko": text}
        previewed = shown()
        assert (previewed["og:title"], kind) == (text, kind)
        assert "\n" not in previewed["og:description"]
        session = told()
        assert (session["title"], [one["name"] for one in session["people"]]) == (both, [both])
        [mine] = own_data()["registrations"]
        name = text[:LONGEST_NAME]
        assert (mine["display_name"], mine["affiliation"], mine["places"][0]["title"]) == (name, name, text)
        cell = f"'{name}" if name.startswith("=") else name
        assert [(row[0], row[2], len(row)) for row in names(desk)] == [(cell, cell, 6)]


def test_texts_of_every_kind_were_tried() -> None:
    """What cannot be kept is refused on every way in (tests/values/test_ways_in.py)."""
    assert set(ALL) - set(KEPT) == {"controls", "marks of order", "no characters"}
