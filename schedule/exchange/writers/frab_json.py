"""schedule.json: c3voc's JSON schema (https://c3voc.de/schedule/schema.json), in one language."""

from __future__ import annotations

import json
import re
from typing import Any

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedRoom, PublishedSession
from schedule.exchange.writers import frab

_CODE = re.compile(r"[A-Z0-9]+\Z")
_ZONE = re.compile(r"([A-Z][a-z]+/[A-Z][a-z]+)|UTC\Z")


def schedule_json(programme: PublishedProgramme, language: str) -> bytes:
    """The whole programme. The same bytes for the same programme."""
    days = frab.days(programme)
    conference: dict[str, Any] = {
        "acronym": frab.acronym(programme),
        "title": programme.name.in_language(language),
        "description": "\n\n".join(
            text
            for text in (programme.theme.in_language(language), programme.sample_note.in_language(language))
            if text
        ),
        "start": programme.starts_on.isoformat(),
        "end": programme.ends_on.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": frab.clock(programme.slot_minutes),
        "url": programme.url,
        "rooms": [_room(room, language) for room in programme.rooms],
        "days": [_day(programme, day, language) for day in days],
    }
    if _ZONE.match(programme.timezone):
        conference["time_zone_name"] = programme.timezone
    document = {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": frab.GENERATOR},
        "schedule": {"version": str(programme.number), "base_url": programme.url, "conference": conference},
    }
    # Not indented: that would leave json's C encoder and take four times as long.
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _room(room: PublishedRoom, language: str) -> dict[str, Any]:
    return {"name": room.name.in_language(language), "guid": str(room.guid), "capacity": room.capacity}


def _day(programme: PublishedProgramme, day: PublishedDay, language: str) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for room in programme.rooms:
        events = [_event(programme, session, language) for session in day.sessions if session.room.code == room.code]
        if events:
            rooms.setdefault(room.name.in_language(language), []).extend(events)
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.opens.isoformat(),
        "day_end": day.closes.isoformat(),
        "rooms": rooms,
    }


def _event(programme: PublishedProgramme, session: PublishedSession, language: str) -> dict[str, Any]:
    event = {
        "guid": str(session.guid),
        "id": session.number,
        "date": session.start.isoformat(),
        "start": f"{session.start:%H:%M}",
        "end": session.end.isoformat(),
        "duration": frab.clock(session.minutes),
        "room": session.room.name.in_language(language),
        "slug": frab.slug(programme, session),
        "url": session.url,
        "title": session.title.in_language(language),
        "subtitle": None,
        "track": frab.track(session, language),
        "type": session.kind.code,
        "language": frab.languages(session) or None,
        "abstract": session.abstract.plain(language) or None,
        "description": frab.description(session, language) or None,
        "persons": [{"guid": str(person.guid), "name": person.name.in_language(language)} for person in session.people],
        "links": [],
    }
    if _CODE.match(session.code):
        event["code"] = session.code
    return event
