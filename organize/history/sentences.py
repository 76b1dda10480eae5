"""Journal entries in words, for the team. Participants are not named: the journal does not name them either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from accounts.facts import ACCOUNT, INVITATION, TEAM
from accounts.models import User
from journal.actors import Actor, ActorKind
from journal.facts import Fact, Names, Thing, known_fact
from journal.models import Entry
from schedule.models import Conference


@dataclass(frozen=True)
class HistoryLine:
    """One entry as a page shows it."""

    at: datetime
    actor: str
    sentence: str
    verb: str


def in_words(conference: Conference, entries: Sequence[Entry]) -> list[HistoryLine]:
    """Entries with the names of what they speak of, on the conference's clocks.

    One query for all rows that are named and one for the organizers, whatever the number of entries.
    """
    facts = [known_fact(entry) for entry in entries]
    actors = [Actor.parse(entry.actor) for entry in entries]
    names, organizers = _names(conference, filter(None, facts)), _organizers(actors)
    return [
        HistoryLine(
            conference.local(entry.at),
            _who(actor, organizers),
            # What another version of Plenary wrote is told by its verb.
            entry.verb if fact is None else fact.told(names),
            entry.verb,
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
    return {(code, key): _name(things[code], stored) for code, key, stored in rows}


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


def _name(thing: Thing, stored: str) -> str:
    """A name as the database has it; one in several languages is text in JSON there."""
    field = apps.get_model(thing.model)._meta.get_field(thing.named_by)
    return str(LazyI18nString(stored)) if isinstance(field, (I18nCharField, I18nTextField)) else stored


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
