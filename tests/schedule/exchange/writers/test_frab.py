"""schedule.json and schedule.xml: what the schemas of schedule apps ask for, and what stands in them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from schedule.domain.published.programme import PublishedProgramme, published
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.models import Conference
from tests import factories as f
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db

# Not ours to copy: read from a folder beside the repository, where there is one.
SCHEMAS = Path(__file__).resolve().parents[5] / "shared" / "data" / "programmes" / "schema"
needs_schemas = pytest.mark.skipif(not SCHEMAS.exists(), reason="the schemas of c3voc are not on this machine")


@pytest.fixture
def small(world: World) -> PublishedProgramme:
    return published(world.conference, world.release)


@pytest.fixture
def whole_forum(forum: Conference) -> PublishedProgramme:
    """All thirty sessions of the forum, one after the other, in one room that allows anything."""
    room = forum.rooms.get(code="LOBBY")
    placements = [
        (session, room, f.at(forum, f"{9 + n % 8:02}:00", day=n // 8)) for n, session in enumerate(forum.sessions.all())
    ]
    release = f.make_release(forum, placements)
    return published(Conference.objects.get(pk=forum.pk), release)


@needs_schemas
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("which", ["small", "whole_forum"])
def test_json_keeps_the_schema(which: str, language: str, request: pytest.FixtureRequest) -> None:
    schema = json.loads((SCHEMAS / "c3voc-schedule.schema.json").read_text(encoding="utf-8"))
    document = json.loads(schedule_json(request.getfixturevalue(which), language))
    checker = jsonschema.Draft6Validator(schema, format_checker=jsonschema.Draft6Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(document)] == []


@needs_schemas
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("which", ["small", "whole_forum"])
def test_xml_keeps_the_schema(which: str, language: str, request: pytest.FixtureRequest) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "c3voc-schedule.xml.xsd")
    document = schedule_xml(request.getfixturevalue(which), language)
    assert [error.reason for error in schema.iter_errors(document.decode())] == []


def test_json_event_says_who_what_when_and_where(world: World, small: PublishedProgramme) -> None:
    conference = json.loads(schedule_json(small, "en"))["schedule"]["conference"]
    assert conference["title"] == "Open <Forum> & more"
    assert conference["time_zone_name"] == "Asia/Seoul"
    (event,) = conference["days"][0]["rooms"][small.rooms[0].name.in_language("en")]
    assert event == {
        "guid": str(world.open.uid),
        "id": world.open.uid.int >> 97,
        "code": "T1",
        "date": "2037-06-01T10:00:00+09:00",
        "start": "10:00",
        "end": "2037-06-01T11:00:00+09:00",
        "duration": "01:00",
        "room": small.rooms[0].name.in_language("en"),
        "slug": f"openforum-t1-{world.open.uid.hex[:6]}",
        "url": "http://127.0.0.1:8000/open-forum/sessions/T1/",
        "title": '=1+1 #read("x") <b>bold</b>',
        "subtitle": None,
        "track": "Peace",
        "type": "talk",
        "language": "ko, en",
        "abstract": "What it is about",
        "description": (
            "Hosts: City\nInterpretation: Korean – English\nSign language: Korean Sign Language\nCaptions: Korean"
        ),
        "persons": [{"guid": str(small.sessions[0].people[0].guid), "name": "Kim"}],
        "links": [],
    }


def test_both_formats_tell_the_same_in_the_language_asked_for(small: PublishedProgramme) -> None:
    days = json.loads(schedule_json(small, "ko"))["schedule"]["conference"]["days"]
    from_json = [
        {key: event[key] for key in ("guid", "title", "date", "start", "duration", "room", "url", "slug", "track")}
        for day in days
        for events in day["rooms"].values()
        for event in events
    ]
    from_xml: list[dict[str, Any]] = [
        {"guid": event.get("guid")} | {key: event.findtext(key) for key in from_json[0] if key != "guid"}
        for event in ET.fromstring(schedule_xml(small, "ko")).iter("event")
    ]
    assert from_xml == from_json
    assert [event["title"] for event in from_json] == ["열린 회의", "By invitation (한국어)"]
    # What shows no theme to everybody has its kind as its track.
    assert [event["track"] for event in from_json] == ["Peace (한국어)", "Talk (한국어)"]
    assert [datetime.fromisoformat(event["date"]).utcoffset() for event in from_json] == [timedelta(hours=9)] * 2


def test_nothing_secret_is_written(small: PublishedProgramme) -> None:
    for language in ("en", "ko"):
        assert b"secret" not in schedule_json(small, language)
        assert b"secret" not in schedule_xml(small, language)


def test_sample_data_says_so(whole_forum: PublishedProgramme) -> None:
    note = "Sample data. Names and themes come from public sources;"
    assert note in json.loads(schedule_json(whole_forum, "en"))["schedule"]["conference"]["description"]
    assert f"<!-- {note}" in schedule_xml(whole_forum, "en").decode()


def test_same_programme_gives_the_same_bytes(world: World) -> None:
    first, second = (published(world.conference, world.release) for _ in range(2))
    assert schedule_json(first, "en") == schedule_json(second, "en")
    assert schedule_xml(first, "en") == schedule_xml(second, "en")


def test_codes_that_differ_in_case_only_get_different_slugs(db: None) -> None:
    conference = f.make_conference(slug="abc")
    room = f.make_room(conference)
    sessions = [f.make_session(conference, code=code) for code in ("t-1", "T-1", "t1_")]
    release = f.make_release(
        conference, [(session, room, f.at(conference, f"1{n}:00")) for n, session in enumerate(sessions)]
    )
    root = ET.fromstring(schedule_xml(published(conference, release), "en"))
    assert root.findtext("conference/acronym") == "abc_"
    assert len({event.findtext("slug") for event in root.iter("event")}) == 3


def read_length(duration: str) -> int:
    """Minutes, read as apps do that take a length for a time of day: 24:00 is none."""
    clock = datetime.strptime(duration, "%H:%M")  # as they do
    return clock.hour * 60 + clock.minute


@pytest.mark.parametrize("minutes", [23 * 60 + 59, 24 * 60, 25 * 60, 48 * 60, 49 * 60 + 30])
@pytest.mark.parametrize(
    ("zone", "first", "clock"),
    [
        ("Asia/Seoul", date(2037, 6, 1), "10:00"),
        ("Asia/Seoul", date(2037, 6, 1), "00:00"),
        ("Europe/Berlin", date(2027, 10, 30), "12:00"),
        ("Europe/Berlin", date(2027, 3, 27), "22:00"),
    ],
)
def test_no_length_reaches_a_day_and_the_parts_make_the_whole(
    db: None, zone: str, first: date, clock: str, minutes: int
) -> None:
    conference = f.make_conference(slug="camp", timezone=zone, starts_on=first, days=4)
    start = f.at(conference, clock)
    session = f.make_session(conference, code="HACK", duration_minutes=minutes, title=f.both("Hack"))
    room = f.make_room(conference, name=f.both("Hall"))
    release = f.make_release(conference, [(session, room, start)])
    programme = published(conference, release)

    days = json.loads(schedule_json(programme, "en"))["schedule"]["conference"]["days"]

    events = [(day, event) for day in days for event in day["rooms"]["Hall"]]
    times = [(datetime.fromisoformat(one["date"]), datetime.fromisoformat(one["end"])) for _, one in events]
    assert sum(read_length(event["duration"]) for _, event in events) == minutes
    lengths = [read_length(event["duration"]) for _, event in events]
    assert [(end - begin).total_seconds() / 60 for begin, end in times] == lengths
    assert [end for _, end in times[:-1]] == [begin for begin, _ in times[1:]]
    assert (times[0][0], events[0][1]["guid"]) == (start, str(session.uid))
    assert all(begin.date().isoformat() == day["date"] for (begin, _), (day, _event) in zip(times, events, strict=True))
    assert all(datetime.fromisoformat(day["day_end"]) >= end for (_, end), (day, _) in zip(times, events, strict=True))
    titles = ["Hack"] if minutes < 1440 else [f"Hack ({n}/{len(events)})" for n in range(1, len(events) + 1)]
    assert [event["title"] for _, event in events] == titles
    for key in ("guid", "id", "slug"):
        assert len({event[key] for _, event in events}) == len(events)
    xml = list(ET.fromstring(schedule_xml(programme, "en")).iter("event"))
    assert [one.findtext("duration") for one in xml] == [event["duration"] for _, event in events]
    assert [one.get("guid") for one in xml] == [event["guid"] for _, event in events]
    if SCHEMAS.exists():
        schema = json.loads((SCHEMAS / "c3voc-schedule.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft6Validator(schema).validate(json.loads(schedule_json(programme, "en")))
        xmlschema.XMLSchema(SCHEMAS / "c3voc-schedule.xml.xsd").validate(schedule_xml(programme, "en").decode())
