"""Journal entries in words, for the team. Participants are not named: the journal does not name them either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from accounts.models import User
from accounts.rights import Rights
from journal.actors import Actor, ActorKind
from journal.facts import known_fact
from journal.models import Entry
from organize.history.whom import Whom, mentioned, names_in, pages_in, whom
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

    One query for all rows that are mentioned and one for the organizers, whatever the number of entries.
    """
    facts = [known_fact(entry) for entry in entries]
    actors = [Actor.parse(entry.actor) for entry in entries]
    rows, organizers = mentioned(conference, filter(None, facts), rights), _organizers(actors)
    names, pages = names_in(rows), pages_in(conference, rows, rights) if rights else {}
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
