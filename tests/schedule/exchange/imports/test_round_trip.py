"""What is exported comes back into an empty conference without loss: compared as archives, with everything in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.actors import SYSTEM
from schedule.domain.published.programme import published
from schedule.domain.timetables.queries import newest_release
from schedule.exchange.imports import formats
from schedule.exchange.imports.applying import Outcome, apply
from schedule.exchange.imports.entries.entry import State
from schedule.exchange.imports.preview import Comparison
from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import HowToRead, SaidRecord
from schedule.exchange.readers.importing import import_programme, read_programme
from schedule.exchange.writers.archive import archive_of
from schedule.exchange.writers.frab_json import schedule_json
from schedule.exchange.writers.frab_xml import schedule_xml
from schedule.exchange.writers.workbook import schedule_xlsx
from schedule.models import Conference, NotParallel, Preference, Role, SessionGroup, SessionHost, Unavailability
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_room,
    make_session,
    make_theme,
    publish,
)
from tests.present import present

SAMPLE = Path("schedule/exchange/samples/whrcf2017.json")


def records_of(conference: Conference, data: bytes) -> list[SaidRecord]:
    asked = HowToRead(zone=conference.zone, languages=tuple(conference.languages), kind="Talk")
    reading = formats.read(data, formats.format_of(data), asked)
    assert [one for one in reading.oddities if one.is_wrong] == []
    return reading.records


def bring(conference: Conference, data: bytes) -> Outcome:
    records = records_of(conference, data)
    version = Comparison(KeptProgramme(conference), records).preview().version
    return apply(conference, records, version=version, actor=SYSTEM)


def states(conference: Conference, data: bytes) -> list[Any]:
    entries = Comparison(KeptProgramme(conference), records_of(conference, data)).preview().entries
    return [(one.record.key, one.differences) for one in entries if one.state is not State.SAME]


def empty(like: Conference) -> Conference:
    """Another conference of the same zone, without anything in it."""
    made = make_conference(timezone=like.timezone, starts_on=like.starts_on, languages=list(like.languages))
    made.days.all().delete()
    return made


def told(conference: Conference) -> dict[str, Any]:
    """The archive without what names the sessions of an installation: no two have one identity."""
    data = json.loads(archive_of(conference))
    names = {one["key"]: f"code:{one['code']}" for one in data["session"]}
    text = json.dumps(data)
    for guid, code in names.items():
        text = text.replace(guid, code)
    found: dict[str, Any] = json.loads(text)
    for name in ("kind", "theme", "room", "person", "body", "session"):
        found[name].sort(key=lambda one: str(one["key"]))
        for one in found[name]:
            for listed in ("parts", "after", "not_parallel_with"):
                if listed in one:
                    one[listed].sort()
    for group in found["conference"]["groups"]:
        group["sessions"].sort()
    return found


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=40)
NAME = TEXT.map(lambda text: f"x{text}x")


@st.composite
def conferences(draw: Callable[..., Any]) -> Conference:
    """Something of everything, with values of any kind."""
    conference = make_conference(days=3, slot_minutes=draw(st.integers(1, 60)))
    kinds = [make_kind(conference, name=both(draw(NAME)), is_break=draw(st.booleans())) for _n in range(2)]
    theme = make_theme(conference, name=both(draw(NAME)))
    part = make_room(conference, name=both(draw(NAME)), capacity=draw(st.integers(0, 5000)))
    rooms = [part, make_room(conference, parts=[part], features=["projector", draw(NAME)], allows_parallel_use=True)]
    people = [
        make_person(
            conference,
            name=both(draw(NAME)),
            email=f"p{n}@example.org",
            biography=both(draw(NAME)),
            affiliation=draw(NAME),
            country=draw(st.sampled_from(["", "KR"])),
        )
        for n in range(2)
    ]
    bodies = [make_body(conference, name=both(draw(NAME)), contact=people[0], single_team=draw(st.booleans()))]
    rows = []
    for _n in range(3):
        session = make_session(
            conference,
            kind=draw(st.sampled_from(kinds)),
            theme=draw(st.sampled_from([theme, None])),
            title=both(draw(NAME)),
            abstract=both(draw(NAME)),
            duration_minutes=draw(st.integers(1, 600)),
            capacity_cap=draw(st.sampled_from([None, 7])),
            held_seats=draw(st.integers(0, 3)),
            fixed_start=draw(st.sampled_from([None, at(conference, "10:00")])),
            fixed_room=draw(st.sampled_from([None, rooms[0]])),
            online_url=draw(st.sampled_from(["", "https://example.org/join"])),
            interpretation_pairs=draw(st.sampled_from([[], ["ko-en"]])),
            signup=draw(st.sampled_from(["open", "limited", "invitation"])),
        )
        Role.objects.create(session=session, person=draw(st.sampled_from([*people, None])), role="chair", mode="remote")
        SessionHost.objects.create(session=session, body=bodies[0], is_shown=draw(st.booleans()))
        rows.append(session)
    rows[0].order_before.create(earlier=rows[1])
    NotParallel.objects.create(first=rows[0], second=rows[2])
    start, end = at(conference, "09:00"), at(conference, "11:30", day=1)
    Preference.objects.create(session=rows[0], room=rooms[1])
    Preference.objects.create(session=rows[0], starts_at=start, ends_at=end)
    SessionGroup.objects.create(conference=conference, same="time").sessions.set(rows[1:])
    Unavailability.objects.create(
        conference=conference, person=people[1], starts_at=start, ends_at=end, reason=both("r")
    )
    publish(conference, [(rows[0], rooms[0], at(conference, "23:30") + timedelta(minutes=draw(st.integers(0, 90))))])
    return conference


@pytest.mark.django_db
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_an_archive_loses_nothing(data: Any) -> None:
    with transaction.atomic():
        conference = data.draw(conferences())
        archive = archive_of(conference)
        other = empty(conference)
        bring(other, archive)
        before, after = told(conference), told(Conference.objects.get(pk=other.pk))
        assert after == before
        assert states(Conference.objects.get(pk=other.pk), archive) == []
        transaction.set_rollback(True)  # one example leaves nothing to the next


@pytest.mark.django_db
def test_an_empty_installation_gets_the_same_identities() -> None:
    conference = make_conference()
    session = make_session(conference, title=both("Talk"))
    archive, uid = archive_of(conference), session.uid
    session.delete()
    other = empty(conference)
    bring(other, archive)
    assert [one.uid for one in other.sessions.all()] == [uid]


@pytest.mark.django_db
def test_the_sample_comes_in_as_the_programme_file_that_it_is() -> None:
    made = import_programme(read_programme(SAMPLE.read_bytes()), actor=SYSTEM)
    other = empty(made)
    bring(other, SAMPLE.read_bytes())
    before, after = told(made), told(Conference.objects.get(pk=other.pk))
    for one in (before, after):
        one["conference"].pop("sample_note")
    assert after == before
    assert states(Conference.objects.get(pk=other.pk), SAMPLE.read_bytes()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("extension", ["json", "xml", "xlsx"])
def test_files_of_ours_change_nothing_where_they_come_from(extension: str, language: str) -> None:
    conference = make_conference()
    kind, theme = make_kind(conference, name=both("Talk")), make_theme(conference, name=both("Peace"))
    rows = []
    for n, clock in enumerate(["10:00", "11:00"]):
        session = make_session(conference, kind=kind, abstract=both("**We** talk."), theme=theme if n else None)
        session.roles.create(person=make_person(conference), role="moderator")
        session.host_links.create(body=make_body(conference))
        rows.append((session, make_room(conference), at(conference, clock)))
    publish(conference, rows)
    programme = published(conference, present(newest_release(conference)))
    writer = {"json": schedule_json, "xml": schedule_xml, "xlsx": schedule_xlsx}[extension]
    assert states(conference, writer(programme, language)) == []
