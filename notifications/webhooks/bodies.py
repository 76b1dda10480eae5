"""What a webhook says about a journal entry: codes, numbers and times, and where to read more. No person's data.

A subject goes by the name it has outside: a session and a room by their code, a release by its number, a sign-up and a
registration by their uid. Of an entry's data only what the fact's event names is passed on, and of that only what
looks like a code.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.urls import reverse

from journal.facts import Names, Thing, known_fact
from journal.models import Entry
from notifications.addresses import absolute
from notifications.webhooks.events import TEST
from registration.facts import REGISTRATION, SIGNUP
from schedule.facts.things import CONFERENCE, ROOM, SESSION
from schedule.models import Conference

# What is named outside, and the field that it goes by.
_NAMED = {SESSION: "code", ROOM: "code", REGISTRATION: "uid", SIGNUP: "uid"}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")


def bodies_of(entries: Iterable[Entry], conferences: Mapping[int, Conference]) -> dict[int, str]:
    """The text sent for each entry, by its key. At most four queries, whatever their number.

    What has been deleted since has no name any more; the event is told without it.
    """
    entries = list(entries)
    names = _names(entries)
    bodies = {}
    for entry in entries:
        if entry.conference_id is not None and (conference := conferences.get(entry.conference_id)) is not None:
            bodies[entry.pk] = _json(entry.verb, entry.at, {"entry": entry.pk, **_about(entry, conference, names)})
    return bodies


def body_of_test(conference: Conference, *, now: datetime) -> str:
    """The text of a test event."""
    return _json(TEST, now, {"conference": conference.slug, "api": _api(conference, "conference")})


def _json(verb: str, at: datetime, data: Mapping[str, Any]) -> str:
    body = {"type": verb, "timestamp": _time(at), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _about(entry: Entry, conference: Conference, names: Names) -> dict[str, Any]:
    about: dict[str, Any] = {"conference": conference.slug}
    fact = known_fact(entry)
    if fact is None:
        return about | {"api": _api(conference, "conference")}
    for thing, key in fact.mentions():
        if (thing.code, key) in names:
            about[thing.code] = names[thing.code, key]
    told = fact.event.data if fact.event else ()
    about |= {name: entry.data[name] for name in told if name in entry.data and _is_plain(entry.data[name])}
    return about | {"api": _api(conference, "conference" if fact.subject in (CONFERENCE, REGISTRATION) else "sessions")}


def _api(conference: Conference, resource: str) -> str:
    return absolute(reverse(f"api:{resource}", args=[conference.slug]))


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(one) and not isinstance(one, list) for one in value)
    return value is None or isinstance(value, bool | int) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))


def _names(entries: Iterable[Entry]) -> Names:
    keys: dict[Thing, set[int]] = defaultdict(set)
    for fact in filter(None, map(known_fact, entries)):
        for thing, key in fact.mentions():
            if thing in _NAMED:
                keys[thing].add(key)
    names: dict[tuple[str, int], str] = {}
    for thing, wanted in keys.items():
        rows = apps.get_model(thing.model)._default_manager.filter(pk__in=wanted).values_list("pk", _NAMED[thing])
        names |= {(thing.code, pk): str(name) for pk, name in rows}
    return names
