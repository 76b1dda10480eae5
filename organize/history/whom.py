"""What an entry is about, with the page where it is: for whoever may open that page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from accounts.facts import ACCOUNT, INVITATION, TEAM
from accounts.rights import Area, Rights
from journal.facts import Fact, Names, Thing
from notifications.facts import ANNOUNCEMENT, MESSAGE, WEBHOOK
from organize.access import may_open
from registration.facts import REGISTRATION
from schedule.facts.things import BODY, DRAFT, GROUP, KIND, PERSON, RELEASE, REPAIR, ROOM, SEARCH, SESSION, THEME
from schedule.models import Conference


@dataclass(frozen=True, slots=True)
class Page:
    """Where a kind of thing is shown: the route, the column its address names, and the column that names the thing.

    `area`: who may see the name, where it is a person's who takes part. A registration is named as it is now: the
    journal itself has nothing but its key. `kind`: what the thing is called, where its model says another word;
    `is_changed`: its page is for those who may change the programme.
    """

    route: str
    column: str
    name: str
    area: Area | None = None
    kind: str | Promise = ""
    is_changed: bool = False


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
    REPAIR: Page("emergency_repair", "pk", "", kind=gettext_lazy("repair"), is_changed=True),
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


Key = tuple[Thing, int]
Pages = dict[Key, Whom]


@dataclass(frozen=True, slots=True)
class MentionedRow:
    """Of a row that facts mention: its name, what the address of its page names, and its name there, as stored."""

    name: str
    part: str
    shown: str


def mentioned(conference: Conference, facts: Iterable[Fact], rights: Rights | None) -> dict[Key, MentionedRow]:
    """The rows that facts mention, as far as they have names or, for somebody with `rights`, pages. One query."""
    keys: dict[Thing, set[int]] = defaultdict(set)
    for fact in facts:
        for thing, key in fact.mentions():
            if thing.named_by or _page(thing, rights):
                keys[thing].add(key)
    if not keys:
        return {}
    things = {thing.code: thing for thing in keys}
    first, *others = (_rows(conference, thing, wanted, _page(thing, rights)) for thing, wanted in keys.items())
    rows = first.union(*others, all=True) if others else first
    return {(things[code], key): MentionedRow(*stored) for code, key, *stored in rows}


def _page(thing: Thing, rights: Rights | None) -> Page | None:
    page = PAGES.get(thing)
    if page is None or rights is None or (page.is_changed and not rights.may_change(Area.PROGRAMME)):
        return None
    return None if page.area and not rights.may_see(page.area) else page


def _rows(
    conference: Conference, thing: Thing, wanted: set[int], page: Page | None
) -> QuerySet[Any, tuple[str, int, str, str, str]]:
    """(the thing's code, key, and what a MentionedRow has) of the rows with these keys."""
    rows = apps.get_model(thing.model)._default_manager.filter(pk__in=wanted).order_by()
    if thing not in (ACCOUNT, TEAM, INVITATION):  # organizers and teams are of no one conference
        rows = rows.filter(conference=conference)
    texts = {
        "name_there": thing.named_by,
        "part": page.column if page else "",
        "shown": page.name if page else "",
    }
    columns = {
        "thing_code": Value(thing.code, output_field=TextField()),
        "key": F("pk"),
        **{name: Cast(column, TextField()) if column else Value("") for name, column in texts.items()},
    }
    found: QuerySet[Any, tuple[str, int, str, str, str]] = rows.annotate(**columns).values_list(*columns)
    return found


def names_in(rows: Mapping[Key, MentionedRow]) -> Names:
    """How sentences call what is mentioned."""
    return {(thing.code, key): _read(thing, thing.named_by, row.name) for (thing, key), row in rows.items() if row.name}


def pages_in(conference: Conference, rows: Mapping[Key, MentionedRow], rights: Rights) -> Pages:
    """What is mentioned and has a page that its reader may open."""
    found: Pages = {}
    for (thing, key), row in rows.items():
        if not row.part:
            continue
        page = PAGES[thing]
        url = reverse(f"organize:{page.route}", args=[conference.slug, row.part])
        if may_open(rights, url):
            kind = str(page.kind or apps.get_model(thing.model)._meta.verbose_name)
            found[thing, key] = Whom(kind, _read(thing, page.name, row.shown) if page.name else "", url)
    return found


def _read(thing: Thing, column: str, stored: str) -> str:
    """A name as the database has it; one in several languages is text in JSON there."""
    field = apps.get_model(thing.model)._meta.get_field(column)
    return str(LazyI18nString(stored)) if isinstance(field, (I18nCharField, I18nTextField)) else stored


def whom(fact: Fact, pages: Pages) -> list[Whom]:
    """What a fact is about, of what its reader may open, each once."""
    return list(dict.fromkeys(pages[one] for one in fact.mentions() if one in pages))
