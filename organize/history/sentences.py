"""Journal entries in words, for the team. Participants are not named: the journal does not name them either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext

from accounts.facts import ACCOUNT, INVITATION, TEAM
from accounts.models import User
from accounts.rights import Rights
from journal.actors import Actor, ActorKind
from journal.facts import Fact, Names, Thing, known_fact
from journal.models import Entry
from organize.history.whom import Whom, pages_of, stored_name, whom
from schedule.models import Conference

NONE: Mapping[UUID, int] = {}


@dataclass(frozen=True)
class HistoryLine:
    """One entry as a page shows it. `whom` is what it is about; `more` entries of the same `act` are not shown."""

    at: datetime
    actor: str
    sentence: str
    verb: str
    whom: list[Whom] = field(default_factory=list)
    act: str = ""
    more: int = 0


def in_words(
    conference: Conference, entries: Sequence[Entry], rights: Rights | None = None, more: Mapping[UUID, int] = NONE
) -> list[HistoryLine]:
    """Entries with the names of what they speak of, on the conference's clocks; with `rights` also with the pages of
    that. `more` is how many further entries there are of an act.

    One query for all rows that are named, one for those that have a page, and one for the organizers, whatever the
    number of entries.
    """
    facts = [known_fact(entry) for entry in entries]
    actors = [Actor.parse(entry.actor) for entry in entries]
    names, organizers = _names(conference, filter(None, facts)), _organizers(actors)
    pages = pages_of(conference, filter(None, facts), rights) if rights else {}
    return [
        HistoryLine(
            conference.local(entry.at),
            _who(actor, organizers),
            # What another version of Plenary wrote is told by its verb.
            entry.verb if fact is None else fact.told(names),
            entry.verb,
            whom(fact, pages) if fact else [],
            str(entry.act or ""),
            more.get(entry.act, 0) if entry.act else 0,
        )
        for entry, fact, actor in zip(entries, facts, actors, strict=True)
    ]


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """Who somebody is, by how an actor is stored. One query for the organizers, none without any."""
    parsed = {one: Actor.parse(one) for one in actors}
    organizers = _organizers(parsed.values())
    return {stored: _who(actor, organizers) for stored, actor in parsed.items()}


def _names(conference: Conference, facts: Iterable[Fact]) -> Names:
    keys: dict[Thing, set[int]] = defaultdict(set)
    for fact in facts:
        for thing, key in fact.mentions():
            if thing.named_by:
                keys[thing].add(key)
    if not keys:
        return {}
    first, *others = (_named_rows(conference, thing, wanted) for thing, wanted in keys.items())
    things = {thing.code: thing for thing in keys}
    rows = first.union(*others, all=True) if others else first
    return {(code, key): stored_name(things[code], things[code].named_by, stored) for code, key, stored in rows}


def _named_rows(conference: Conference, thing: Thing, wanted: set[int]) -> QuerySet[Any, tuple[str, int, str]]:
    """(the thing's code, key, name as it is stored) of the rows with these keys."""
    rows = apps.get_model(thing.model)._default_manager.filter(pk__in=wanted).order_by()
    if thing not in (ACCOUNT, TEAM, INVITATION):  # organizers and teams are of no one conference
        rows = rows.filter(conference=conference)
    columns = {
        "thing_code": Value(thing.code, output_field=TextField()),
        "key": F("pk"),
        "stored": Cast(thing.named_by, TextField()),
    }
    found: QuerySet[Any, tuple[str, int, str]] = rows.annotate(**columns).values_list(*columns)
    return found


def _organizers(actors: Iterable[Actor]) -> dict[str, str]:
    keys = {int(actor.key) for actor in actors if actor.kind is ActorKind.ORGANIZER}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def _who(actor: Actor, organizers: dict[str, str]) -> str:
    if actor.kind is ActorKind.ORGANIZER:
        return organizers.get(actor.key, gettext("An organizer"))
    if actor.kind is ActorKind.PARTICIPANT:
        return gettext("A participant")
    if actor.kind is ActorKind.PERSON:
        return gettext("A speaker or host")
    return gettext("Plenary itself")
