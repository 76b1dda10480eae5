"""What a webhook says about a journal entry: codes, numbers and times, and where to read more. No person's data.

A subject goes by the name it has outside: a session and a room by their code, a release by its number, a sign-up and a
registration by their uid. Of an entry's data only `KEPT` is passed on, and of these only what looks like a code.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from journal.models import Entry
from notifications.addresses import absolute
from notifications.webhooks.events import TEST
from registration.models import Registration, SignUp
from schedule.models import Conference, Room, Session

KEPT = frozenset(
    {
        "affected",
        "by",
        "capacity",
        "changed",
        "ends_at",
        "moved",
        "number",
        "previous",
        "reason",
        "starts_at",
        "until",
        "was",
    }
)
# Keys of rows in an entry's data, by what they are the key of.
_KEYS = {"session": "session", "room": "room", "registration": "registration"}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,63}")
Names = Mapping[tuple[str, int], str]


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
    for kind, key in _mentions(entry):
        if (kind, key) in names:
            about[kind] = names[kind, key]
    about |= {name: value for name, value in entry.data.items() if name in KEPT and _is_plain(value)}
    resource = "conference" if entry.verb.startswith(("registration.", "conference.")) else "sessions"
    return about | {"api": _api(conference, resource)}


def _api(conference: Conference, resource: str) -> str:
    return absolute(reverse(f"api:{resource}", args=[conference.slug]))


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(one) and not isinstance(one, list) for one in value)
    return value is None or isinstance(value, bool | int) or (isinstance(value, str) and bool(_CODE.fullmatch(value)))


def _mentions(entry: Entry) -> Iterable[tuple[str, int]]:
    """What an entry speaks of: its subject, and the rows its data name."""
    thing = entry.verb.partition(".")[0]
    if entry.subject_id is not None and thing in ("session", "room", "registration", "signup"):
        yield thing, entry.subject_id
    for name, kind in _KEYS.items():
        if isinstance(key := entry.data.get(name), int):
            yield kind, key


def _names(entries: Iterable[Entry]) -> dict[tuple[str, int], str]:
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for kind, key in _mentions(entry):
            keys[kind].add(key)
    names: dict[tuple[str, int], str] = {}
    tables = (
        ("session", Session, "code"),
        ("room", Room, "code"),
        ("registration", Registration, "uid"),
        ("signup", SignUp, "uid"),
    )
    for kind, model, field in tables:
        if keys[kind]:
            rows = model._default_manager.filter(pk__in=keys[kind]).values_list("pk", field)
            names |= {(kind, pk): str(name) for pk, name in rows}
    return names
