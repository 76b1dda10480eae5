"""Importing large files: the preview as its page shows it, and the applying as a worker does it.

A conference of 1,080 sessions, published; a table that changes all of their titles; and files at the bounds, into a
conference that is empty: a table of 10,000 rows, and 5,000 events in each of the formats of other programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bench.exchange.cost import measured
from bench.stages import programme
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.runs.progress import Progress
from schedule.exchange.imports.worker import bring_in
from schedule.models import Conference, ImportRun, ProgrammeUpload
from tests.factories import make_conference, make_team
from tests.organize.conftest import member, signed_in

NEEDS_DATABASE = True
DAYS, ROOMS, SLOTS = 3, 40, 9
SESSIONS = DAYS * ROOMS * SLOTS
ROWS, EVENTS = 9_999, 5_000
ABSTRACT = "Cities belong to everybody, dignity is not for sale. 도시는 모두의 것입니다. " * 4
FIRST_DAY = datetime(2037, 6, 1, tzinfo=UTC)
# Design: a thousand sessions are looked at within 5 s and brought in within 3 s; no request is held beyond 10 s.
LOOK, BRING, REQUEST = 5.0, 3.0, 10.0
_VERSION = re.compile(r'name="version" value="([^"]*)"')


def table_of(rows: int) -> bytes:
    """A table of sessions as organizers have them."""
    lines = ["code;title;abstract;minutes;kind;room;speakers;email"]
    lines += [
        f"S{n};Session {n};{ABSTRACT};45;Talk;Room {n % ROOMS};Speaker {n % 3000};p{n % 3000}@example.org"
        for n in range(rows)
    ]
    return "\n".join(lines).encode()


def _start(number: int) -> datetime:
    day, slot = divmod(number // ROOMS, 48)
    return FIRST_DAY + timedelta(days=day, minutes=30 * slot)


def _frab() -> bytes:
    events: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for n in range(EVENTS):
        start, room = _start(n), f"Room {n % ROOMS}"
        event = {
            "guid": f"00000000-0000-4000-8000-{n:012}",
            "id": n,
            "title": f"Session {n}",
            "abstract": ABSTRACT,
            "date": start.isoformat(),
            "start": f"{start:%H:%M}",
            "duration": "00:30",
            "room": room,
            "type": "Talk",
            "persons": [{"id": n % 3000, "public_name": f"Speaker {n % 3000}"}],
        }
        events.setdefault((start - FIRST_DAY).days, {}).setdefault(room, []).append(event)
    days = [
        {"index": day, "date": f"{FIRST_DAY + timedelta(days=day):%Y-%m-%d}", "rooms": rooms}
        for day, rooms in events.items()
    ]
    return json.dumps({"schedule": {"version": "1", "conference": {"title": "Large", "days": days}}}).encode()


def _pretalx() -> bytes:
    results = [
        {
            "code": f"S{n:05}",
            "title": f"Session {n}",
            "submission_type": {"en": "Talk"},
            "state": "confirmed",
            "abstract": ABSTRACT,
            "duration": 30,
            "content_locale": "en",
            "speakers": [{"code": f"P{n % 3000}", "name": f"Speaker {n % 3000}", "email": f"p{n % 3000}@example.org"}],
            "slot": {
                "start": _start(n).isoformat(),
                "end": (_start(n) + timedelta(minutes=30)).isoformat(),
                "room": {"en": f"Room {n % ROOMS}"},
            },
        }
        for n in range(EVENTS)
    ]
    return json.dumps({"count": EVENTS, "next": None, "previous": None, "results": results}).encode()


def _calendar() -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN"]
    for n in range(EVENTS):
        start = _start(n)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{n}@example.org",
            f"DTSTAMP:{FIRST_DAY:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{start + timedelta(minutes=30):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:Session {n}",
            f"LOCATION:Room {n % ROOMS}",
            "DESCRIPTION:Cities belong to everybody.",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _keep(client: Client, conference: Conference, content: bytes) -> str:
    """The address of the preview of an uploaded file."""
    start = f"/organize/{conference.slug}/import/"
    answer = client.post(start, {"file": SimpleUploadedFile("large", content)})
    if answer.status_code != 302:
        raise RuntimeError(f"the upload was answered {answer.status_code}")
    return f"{start}{ProgrammeUpload.objects.latest('pk').pk}/preview/"


def _looked_at(name: str, address: str, client: Client, budget: float) -> tuple[list[dict[str, Any]], str]:
    with measured() as cost:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"the preview of {name} was answered {answer.status_code}")
    found = _VERSION.search(answer.text)
    return cost.figures(f"preview of {name}", worked=None, took=budget), found[1] if found else ""


def _brought_in(name: str, address: str, client: Client, version: str, budget: float | None) -> list[dict[str, Any]]:
    client.post(address, {"version": version, "which": "all"})
    run = runs.begin(ImportRun.objects.latest("pk").pk, now=timezone.now())
    if run is None:
        raise RuntimeError("another worker has the import")
    with measured() as cost:
        bring_in(run, Progress())
    run.refresh_from_db()
    run.upload.refresh_from_db()
    sessions = sum(run.upload.outcome.get(what, {}).get("session", 0) for what in ("made", "changed"))
    if run.state != ImportRun.State.DONE or sessions < 1000:
        raise RuntimeError(f"the import of {name} ended as {run.state}: {run.refusal}")
    return cost.figures(f"import of {name}", worked=budget)


def run() -> list[dict[str, Any]]:
    settings.ALLOWED_HOSTS = ["*"]
    team = make_team()
    client = signed_in(member(team, "owner", "alice"))
    figures: list[dict[str, Any]] = []
    new = make_conference(slug="new", days=DAYS, team=team)
    address = _keep(client, new, table_of(1000))
    said, version = _looked_at("1,000 new sessions", address, client, LOOK)
    figures += [*said, *_brought_in("1,000 new sessions", address, client, version, BRING)]
    old = programme("old", DAYS, ROOMS, SLOTS, 1)
    Conference.objects.filter(pk=old.pk).update(team=team)
    codes = old.sessions.order_by("pk").values_list("code", flat=True)
    changed = "\n".join(["code;title;minutes", *(f"{code};Changed {code};45" for code in codes)])
    address = _keep(client, old, changed.encode())
    said, version = _looked_at(f"{SESSIONS:,} changed sessions", address, client, LOOK)
    figures += [*said, *_brought_in(f"{SESSIONS:,} changed sessions", address, client, version, BRING)]
    files: Mapping[str, bytes] = {
        f"{ROWS:,} rows of a table": table_of(ROWS),
        f"{EVENTS:,} events of frab": _frab(),
        f"{EVENTS:,} submissions of pretalx": _pretalx(),
        f"{EVENTS:,} events of a calendar": _calendar(),
    }
    for number, (name, content) in enumerate(files.items()):
        empty = make_conference(slug=f"empty-{number}", days=DAYS, team=team)
        with measured() as cost:
            address = _keep(client, empty, content)
        figures += cost.figures(f"upload of {name} ({len(content) / 1e6:.1f} MB)", worked=None, took=REQUEST)
        said, _version = _looked_at(name, address, client, REQUEST)
        figures += said
    return figures
