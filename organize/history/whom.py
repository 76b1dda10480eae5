"""What an entry is about, with the page where it is: for whoever may open that page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.urls import reverse

from accounts.rights import Area, Rights
from journal.facts import Fact, Thing
from notifications.facts import ANNOUNCEMENT, MESSAGE, WEBHOOK
from organize.access import may_open
from registration.facts import REGISTRATION
from schedule.facts.things import BODY, DRAFT, GROUP, KIND, PERSON, RELEASE, ROOM, SEARCH, SESSION, THEME
from schedule.models import Conference


@dataclass(frozen=True, slots=True)
class Page:
    """Where a kind of thing is shown: the route, the column its address names, and the column that names the thing.

    `area`: who may see the name, where it is a person's who takes part. A registration is named as it is now: the
    journal itself has nothing but its key.
    """

    route: str
    column: str
    name: str
    area: Area | None = None


PAGES = {
    SESSION: Page("session", "code", "title"),
    ROOM: Page("room_edit", "pk", "name"),
    KIND: Page("kind_edit", "pk", "name"),
    THEME: Page("theme_edit", "pk", "name"),
    BODY: Page("body_edit", "pk", "name"),
    PERSON: Page("person_edit", "pk", "name"),
    GROUP: Page("group_edit", "pk", ""),
    DRAFT: Page("draft", "pk", "name"),
    RELEASE: Page("release", "number", "number"),
    SEARCH: Page("search", "pk", ""),
    REGISTRATION: Page("registration", "uid", "display_name", Area.REGISTRATIONS),
    MESSAGE: Page("message", "uid", ""),
    ANNOUNCEMENT: Page("announcement", "uid", ""),
    WEBHOOK: Page("webhook", "uid", "name"),
}


@dataclass(frozen=True, slots=True)
class Whom:
    """A thing or person: what it is, its name (empty where it has none), and its page."""

    kind: str
    name: str
    url: str


Pages = dict[tuple[Thing, int], Whom]


def pages_of(conference: Conference, facts: Iterable[Fact], rights: Rights) -> Pages:
    """The things that facts mention and their reader may open. One query for each kind of thing."""
    keys: dict[Thing, set[int]] = defaultdict(set)
    for fact in facts:
        for thing, key in fact.mentions():
            if thing in PAGES:
                keys[thing].add(key)
    found: Pages = {}
    for thing, wanted in keys.items():
        page, model = PAGES[thing], apps.get_model(thing.model)
        if page.area is not None and not rights.may_see(page.area):
            continue
        rows = model._default_manager.filter(conference=conference, pk__in=wanted)
        for pk, part, name in rows.values_list("pk", page.column, page.name or "pk"):
            url = reverse(f"organize:{page.route}", args=[conference.slug, part])
            if may_open(rights, url):
                found[thing, pk] = Whom(str(model._meta.verbose_name), str(name) if page.name else "", url)
    return found


def whom(fact: Fact, pages: Pages) -> list[Whom]:
    """What a fact is about, of what its reader may open, each once."""
    return list(dict.fromkeys(pages[one] for one in fact.mentions() if one in pages))
