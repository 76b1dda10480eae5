"""What an entry is about, with the page where it is: for whoever may open that page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

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
    """The things that facts mention and their reader may open. One query."""
    keys: dict[Thing, set[int]] = defaultdict(set)
    for fact in facts:
        for thing, key in fact.mentions():
            if thing in PAGES:
                keys[thing].add(key)
    shown = {thing.code: thing for thing in keys if (area := PAGES[thing].area) is None or rights.may_see(area)}
    if not shown:
        return {}
    first, *others = (_rows(conference, thing, keys[thing]) for thing in shown.values())
    found: Pages = {}
    for code, pk, part, stored in first.union(*others, all=True) if others else first:
        thing, page = shown[code], PAGES[shown[code]]
        url = reverse(f"organize:{page.route}", args=[conference.slug, part])
        if may_open(rights, url):
            kind = str(apps.get_model(thing.model)._meta.verbose_name)
            found[thing, pk] = Whom(kind, stored_name(thing, page.name, stored) if page.name else "", url)
    return found


def _rows(conference: Conference, thing: Thing, wanted: set[int]) -> QuerySet[Any, tuple[str, int, str, str]]:
    """(the thing's code, key, what its address names, name as it is stored) of the rows with these keys."""
    page, rows = PAGES[thing], apps.get_model(thing.model)._default_manager.order_by()
    columns = {
        "thing_code": Value(thing.code, output_field=TextField()),
        "key": F("pk"),
        "part": Cast(page.column, TextField()),
        "stored": Cast(page.name or "pk", TextField()),
    }
    found: QuerySet[Any, tuple[str, int, str, str]] = (
        rows.filter(conference=conference, pk__in=wanted).annotate(**columns).values_list(*columns)
    )
    return found


def stored_name(thing: Thing, column: str, stored: str) -> str:
    """A name as the database has it; one in several languages is text in JSON there."""
    field = apps.get_model(thing.model)._meta.get_field(column)
    return str(LazyI18nString(stored)) if isinstance(field, (I18nCharField, I18nTextField)) else stored


def whom(fact: Fact, pages: Pages) -> list[Whom]:
    """What a fact is about, of what its reader may open, each once."""
    return list(dict.fromkeys(pages[one] for one in fact.mentions() if one in pages))
