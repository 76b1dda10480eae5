"""The calendar of the published programme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from journal.facts import Change
from journal.models import Entry
from journal.recording import record
from notifications.calendars import files
from notifications.feeds.public_feeds import left_out
from organize.overview.attention import LOOKS
from organize.overview.findings import OverviewFindings
from schedule.domain.programme.rooms import change_venue, rename_room
from schedule.domain.programme.sessions import cancel_session, reinstate_session, rename_session
from schedule.facts.edits import SessionEdited
from schedule.models import Conference, Role, SessionHost
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_person,
    make_release,
    make_room,
    make_session,
    publish,
)
from tests.notifications.calendars.factories import unfolded
from tests.notifications.feeds.test_personal_feeds import events, lines_of
from tests.notifications.places import ACTOR, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def feed_path(conference: Conference, part: str = "schedule.ics") -> str:
    return f"/{conference.slug}/{part}"


def test_programme_holds_every_published_session_in_the_conferences_first_language(client: Client) -> None:
    stage = Stage(languages=["ko", "en"], venue=LazyI18nString({"en": "Hall", "ko": "회관"}))
    make_session(stage.conference, title=LazyI18nString({"en": "Secret plan"}))
    response = client.get(feed_path(stage.conference), headers={"Accept-Language": "en"})
    lines = unfolded(response.content)
    assert events(lines, "UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "TRANSP") == [
        (
            f"{stage.session.uid}@forum.example.org",
            "0",
            "CONFIRMED",
            stage.session.title.localize("ko"),
            f"{stage.room.name.localize('ko')}\\, 회관",
            "TRANSPARENT",
        )
    ]
    assert b"Secret" not in response.content
    headers = [response[name] for name in ("Content-Type", "Cache-Control", "Content-Language")]
    assert headers == ["text/calendar; charset=utf-8", "public, max-age=300", "ko"]
    assert timezone.now() - parsedate_to_datetime(response["Last-Modified"]) < timedelta(minutes=1)
    assert response["Content-Disposition"] == f'inline; filename="{stage.conference.slug}.ics"'
    assert f"SOURCE;VALUE=URI:https://forum.example.org{feed_path(stage.conference)}?lang=ko" in lines
    english = client.get(feed_path(stage.conference), {"lang": "en"})
    assert events(unfolded(english.content), "SUMMARY") == [(stage.session.title.localize("en"),)]
    assert client.get(feed_path(stage.conference), {"lang": "fr"}).status_code == 404


def test_sequence_rises_with_every_change_and_never_falls(client: Client) -> None:
    stage = Stage()
    path = feed_path(stage.conference)
    other = make_session(stage.conference)

    def lengthen() -> None:
        stage.session.duration_minutes = 90
        stage.session.save()
        stage.move("11:00", stage.other_room)

    steps: list[Callable[[], object]] = [
        lambda: stage.move("11:00"),
        lambda: stage.move("11:00"),  # published again, nothing changed
        lambda: stage.move("11:00", stage.other_room),
        lambda: rename_session(stage.session, title={"en": "New", "ko": "새"}, actor=ACTOR),
        lambda: publish(stage.conference, [(other, stage.room, at(stage.conference, "14:00"))]),
        lambda: publish(stage.conference, [(other, stage.room, at(stage.conference, "14:00"))]),
        lambda: stage.move("11:00", stage.other_room),
        lambda: rename_room(stage.other_room, name="Aula", actor=ACTOR),
        lambda: stage.move("11:00", stage.other_room),  # published under the name that everybody knows
        lambda: rename_room(stage.room, name="Foyer", actor=ACTOR),  # where it is no longer
        lambda: change_venue(stage.conference, venue="Town hall", actor=ACTOR),
        lengthen,
        lambda: cancel_session(stage.session, actor=ACTOR),
        lambda: reinstate_session(stage.session, actor=ACTOR),
    ]
    seen = []
    for step in [lambda: None, *steps]:
        step()
        rows = events(lines_of(client, path), "UID", "SEQUENCE", "STATUS", "DTSTART")
        mine = [row for row in rows if str(stage.session.uid) in row[0]]
        seen.append((int(mine[0][1]), mine[0][2], mine[0][3][-6:]))
    assert seen == [
        (0, "CONFIRMED", "100000"),
        (1, "CONFIRMED", "110000"),
        (1, "CONFIRMED", "110000"),
        (2, "CONFIRMED", "110000"),
        (3, "CONFIRMED", "110000"),
        (4, "CANCELLED", "110000"),
        (4, "CANCELLED", "110000"),
        (5, "CONFIRMED", "110000"),
        (6, "CONFIRMED", "110000"),
        (6, "CONFIRMED", "110000"),
        (6, "CONFIRMED", "110000"),
        (7, "CONFIRMED", "110000"),
        (8, "CONFIRMED", "110000"),  # it ends later
        (9, "CANCELLED", "110000"),
        (10, "CONFIRMED", "110000"),
    ]
    assert all(before <= after for (before, *_), (after, *_) in pairwise(seen))


def test_names_of_room_and_venue_are_told_at_once_where_they_are_shown(client: Client) -> None:
    stage = Stage(venue=LazyI18nString({"en": "Hall", "ko": "회관"}))
    other, gone, path = make_session(stage.conference), make_session(stage.conference), feed_path(stage.conference)
    start = at(stage.conference, "10:00")
    here, there = (stage.session, stage.room, start), (other, stage.other_room, start)
    publish(stage.conference, [here, there, (gone, stage.room, at(stage.conference, "14:00"))])
    publish(stage.conference, [here, there])

    def told() -> list[tuple[str, ...]]:
        body = unfolded(client.get(path, {"lang": "en"}).content)
        rows = {row[0]: row[1:] for row in events(body, "UID", "SEQUENCE", "STATUS", "LOCATION")}
        return [rows[f"{session.uid}@forum.example.org"] for session in (stage.session, other, gone)]

    other_name, venue = stage.other_room.name.localize("en"), "\\, Hall"
    rename_room(stage.room, name={"en": "Aula", "ko": "강당"}, actor=ACTOR)
    after = [
        ("1", "CONFIRMED", f"Aula{venue}"),
        ("0", "CONFIRMED", other_name + venue),
        ("2", "CANCELLED", f"Aula{venue}"),
    ]
    assert told() == after
    rename_room(stage.room, name={"ko": "강당", "en": "Aula"}, actor=ACTOR)
    change_venue(stage.conference, venue={"en": "Hall", "ko": "회관", "de": ""}, actor=ACTOR)
    assert told() == after
    change_venue(stage.conference, venue="", actor=ACTOR)
    assert told() == [("2", "CONFIRMED", "Aula"), ("1", "CONFIRMED", other_name), ("3", "CANCELLED", "Aula")]


def test_entry_is_stamped_with_its_newest_change(client: Client) -> None:
    conference = make_conference()
    room, moved, same = make_room(conference), make_session(conference), make_session(conference)
    other = make_room(conference)
    for number, clock in enumerate(("10:00", "11:00", "11:00"), 1):
        rows = [(moved, room, at(conference, clock)), (same, other, at(conference, "10:00"))]
        make_release(conference, rows, published_at=datetime(2026, 5, number, 12, tzinfo=UTC))
    first, second = "20260501T120000Z", "20260502T120000Z"

    def stamps() -> dict[str, list[str]]:
        rows = events(lines_of(client, feed_path(conference)), "UID", "CREATED", "DTSTAMP", "LAST-MODIFIED")
        return {uid.partition("@")[0]: dates for uid, *dates in rows}

    assert stamps() == {str(moved.uid): [first, second, second], str(same.uid): [first, first, first]}
    rename_session(same, title={"en": "New", "ko": "새"}, actor=ACTOR)
    third = f"{Entry.objects.get(verb='session.renamed').at:%Y%m%dT%H%M%SZ}"
    assert stamps() == {str(moved.uid): [first, second, second], str(same.uid): [first, third, third]}


@pytest.mark.parametrize(
    ("field", "signup", "is_newer"),
    [
        ("abstract", "open", True),
        ("roles", "open", True),
        ("duration_minutes", "open", False),  # not shown in a calendar
        ("abstract", "invitation", False),  # not shown to anybody
    ],
)
def test_an_edit_of_what_is_shown_is_a_newer_state_of_the_same_sequence(
    field: str, signup: str, is_newer: bool, client: Client
) -> None:
    conference = make_conference()
    session = make_session(conference, signup=signup)
    rows = [(session, make_room(conference), at(conference, "10:00"))]
    make_release(conference, rows, published_at=datetime(2026, 5, 1, 12, tzinfo=UTC))

    def told() -> list[tuple[str, ...]]:
        return events(lines_of(client, feed_path(conference)), "SEQUENCE", "LAST-MODIFIED")

    assert told() == [("0", "20260501T120000Z")]
    with transaction.atomic():
        fact = SessionEdited(conference_id=conference.pk, subject_id=session.pk, changes={field: Change("a", "b")})
        record(fact, actor=ACTOR)
    edited = f"{Entry.objects.get(verb='session.edited').at:%Y%m%dT%H%M%SZ}"
    assert told() == [("0", edited if is_newer else "20260501T120000Z")]


def test_reminder_and_file_are_by_choice(client: Client) -> None:
    stage = Stage()
    cancelled = make_session(stage.conference)
    placements = [(stage.session, stage.room, "10:00"), (cancelled, stage.other_room, "10:00")]
    publish(stage.conference, [(session, room, at(stage.conference, clock)) for session, room, clock in placements])
    cancel_session(cancelled, actor=ACTOR)
    path = feed_path(stage.conference)

    def lines(**query: Any) -> list[str]:
        found = unfolded(client.get(path, query).content)
        return [line for line in found if line.startswith(("TRIGGER", "SOURCE", "REFRESH", "X-PUBLISHED"))]

    source = f"SOURCE;VALUE=URI:https://forum.example.org{path}?lang=en"
    refresh = ["REFRESH-INTERVAL;VALUE=DURATION:PT15M", "X-PUBLISHED-TTL:PT15M"]
    assert lines() == [*refresh, source]
    assert lines(alarm=15) == [*refresh, f"{source}&alarm=15", "TRIGGER:-PT15M"]
    assert lines(alarm=60, once=1) == ["TRIGGER:-PT1H"]
    attached = client.get(path, {"once": 1})["Content-Disposition"]
    assert attached == f'attachment; filename="{stage.conference.slug}.ics"'
    assert client.get(path, {"alarm": 7}).status_code == 404


def test_conference_is_one_entry_over_its_days_that_follows_it(client: Client) -> None:
    conference = make_conference(venue=LazyI18nString({"en": "Hall"}), theme=LazyI18nString({"en": "Peace"}))
    path = feed_path(conference, "conference.ics")
    names = ("UID", "SEQUENCE", "STATUS", "DTSTART", "DTEND", "TRANSP", "LOCATION", "SUMMARY")
    uid, name = f"{conference.uid}@forum.example.org", conference.name.localize("en")
    seen = [events(lines_of(client, path), *names)]
    conference.venue = LazyI18nString({"en": "Palace"})
    conference.ends_on += timedelta(days=1)
    conference.save()
    conference.capacity = 7
    conference.save()
    cache.clear()
    seen.append(events(lines_of(client, path), *names))
    assert seen == [
        [(uid, "0", "CONFIRMED", "20370601", "20370603", "TRANSPARENT", "Hall", name)],
        [(uid, "1", "CONFIRMED", "20370601", "20370604", "TRANSPARENT", "Palace", name)],
    ]
    assert [line for line in lines_of(client, path) if "TZID" in line] == []


def test_programme_too_big_for_calendars_goes_without_descriptions(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    conference = make_conference()
    session = make_session(conference, abstract=LazyI18nString("words " * 60))
    make_release(conference, [(session, make_room(conference), at(conference, "10:00"))])
    page = f"https://forum.example.org/{conference.slug}/sessions/{session.code}/"
    said, size = [], 0
    for _ in range(3):
        body = client.get(feed_path(conference)).content
        said.append([text for (text,) in events(unfolded(body), "DESCRIPTION")])
        cache.clear()
        size = len(body)
        monkeypatch.setattr(files, "MAX_FEED_BYTES", size - 1)
    words, facts = ("words " * 60).strip(), f"Language: English\\n{page}"
    assert said == [[f"{words}\\n\\n{facts}"], [facts], [""]]


def test_descriptions_say_who_is_in_it_and_where_to_read_on(client: Client) -> None:
    stage = Stage(languages=["en", "ko"])
    stage.session.languages = ["ko", "en"]
    stage.session.abstract = LazyI18nString({"en": "**About** it", "ko": "소개"})
    stage.session.save()
    for number, name in enumerate(({"en": "Kim Minji", "ko": "김민지"}, {"en": "Ada, Countess", "ko": "에이다"})):
        person = make_person(stage.conference, name=LazyI18nString(name))
        Role.objects.create(session=stage.session, person=person, role="speaker", position=number)
    for is_shown, name in ((True, {"en": "City", "ko": "시"}), (False, {"en": "Secret", "ko": "비밀"})):
        body = make_body(stage.conference, name=LazyI18nString(name))
        SessionHost.objects.create(session=stage.session, body=body, is_shown=is_shown)
    page = f"https://forum.example.org/{stage.conference.slug}/sessions/{stage.session.code}/"

    def said(language: str) -> list[str]:
        [(text,)] = events(lines_of(client, f"{feed_path(stage.conference)}?lang={language}"), "DESCRIPTION")
        return text.replace("\\,", ",").split("\\n")

    assert said("en") == [
        "About it", "", "With: Kim Minji, Ada, Countess", "Hosted by: City", "Language: Korean, English", page,
    ]  # fmt: skip
    assert said("ko") == ["소개", "", "함께하는 사람: 김민지, 에이다", "주관: 시", "언어: 한국어, 영어", page]


def test_conference_that_is_not_public_has_no_calendar(client: Client) -> None:
    stage = Stage(is_public=False)
    assert client.get(feed_path(stage.conference)).status_code == 404


def test_programme_without_a_release_is_an_empty_calendar(client: Client) -> None:
    conference = make_conference()
    assert events(lines_of(client, feed_path(conference)), "UID") == []


@pytest.mark.parametrize("sessions", [1, 3])
def test_number_of_queries(sessions: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = make_conference()
    placements = [
        (make_session(conference), make_room(conference), at(conference, f"{10 + n}:00")) for n in range(sessions)
    ]
    make_release(conference, placements)
    make_release(conference, placements)
    # Conference; newest release and entry; history, changes, sessions, kinds and themes, people, hosts.
    with django_assert_num_queries(9):
        client.get(feed_path(conference))


def test_one_bad_session_does_not_break_the_calendar(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "notifications.mails.calendar_entries")
    conference = make_conference()
    room, other = make_room(conference), make_room(conference)
    good = make_session(conference)
    nameless = make_session(conference, title=LazyI18nString({"en": "\u202e"}))
    make_release(conference, [(good, room, at(conference, "10:00")), (nameless, other, at(conference, "10:00"))])
    lines = lines_of(client, feed_path(conference))
    assert events(lines, "SUMMARY") == [(good.title.localize("en"),)]
    [(missing, reason)] = left_out(conference)
    assert (missing.code, reason) == (nameless.code, "summary: empty")
    items = LOOKS["calendars"].find(conference, list(conference.releases.all()), OverviewFindings(conference))
    assert [(item.title, item.text) for item in items if item.tone == "warning"] == [
        ("1 session is missing from all calendars", f"{nameless.code}: summary: empty")
    ]
    assert caplog.messages == [f"Calendar entry {nameless.uid}@forum.example.org is left out: summary: empty"]


def test_calendar_has_the_conferences_colour(client: Client) -> None:
    stage = Stage(accent="teal")
    lines = lines_of(client, feed_path(stage.conference))
    assert [line for line in lines if "COLOR" in line] == ["COLOR:darkslategray", "X-APPLE-CALENDAR-COLOR:#0A625D"]
