"""Calendars of the published programme and of its parts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString
from pytest_django import DjangoAssertNumQueries

from schedule.editing import cancel_session, rename_session
from schedule.models import Conference
from tests.factories import at, make_conference, make_kind, make_release, make_room, make_session
from tests.notifications.calendars.factories import unfolded
from tests.notifications.places import ACTOR, Stage, publish
from tests.notifications.test_feeds import events, lines_of

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
            f"{stage.session.uid}@forum.example.org", "0", "CONFIRMED", stage.session.title.localize("ko"),
            f"{stage.room.name.localize('ko')}\\, 회관", "TRANSPARENT",
        )
    ]  # fmt: skip
    assert b"Secret" not in response.content
    assert (response["Cache-Control"], response["Content-Language"]) == ("public, max-age=300", "ko")
    assert response["Content-Disposition"] == f'inline; filename="{stage.conference.slug}.ics"'
    assert f"SOURCE;VALUE=URI:https://forum.example.org{feed_path(stage.conference)}?lang=ko" in lines
    english = client.get(feed_path(stage.conference), {"lang": "en"})
    assert events(unfolded(english.content), "SUMMARY") == [(stage.session.title.localize("en"),)]
    assert client.get(feed_path(stage.conference), {"lang": "fr"}).status_code == 404


def test_sequence_rises_with_every_change_and_never_falls(client: Client) -> None:
    stage = Stage()
    path = feed_path(stage.conference)
    other = make_session(stage.conference)
    steps = [
        lambda: stage.move("11:00"),
        lambda: stage.move("11:00"),  # published again, nothing changed
        lambda: stage.move("11:00", stage.other_room),
        lambda: rename_session(stage.session, title={"en": "New", "ko": "새"}, actor=ACTOR),
        lambda: publish(stage.conference, [(other, stage.room, at(stage.conference, "14:00"))]),
        lambda: publish(stage.conference, [(other, stage.room, at(stage.conference, "14:00"))]),
        lambda: stage.move("11:00", stage.other_room),
        lambda: cancel_session(stage.session, actor=ACTOR),
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
        (6, "CANCELLED", "110000"),
    ]
    assert all(before <= after for (before, *_), (after, *_) in pairwise(seen))


def test_parts_hold_their_sessions_only(client: Client) -> None:
    conference = make_conference()
    rooms = [make_room(conference, code=code) for code in ("A", "B")]
    talk, workshop = (make_kind(conference, code=code) for code in ("talk", "workshop"))
    one = make_session(conference, code="one", kind=talk)
    two = make_session(conference, code="two", kind=workshop)
    make_release(
        conference, [(one, rooms[0], at(conference, "10:00")), (two, rooms[1], at(conference, "10:00", day=1))]
    )
    found = {}
    for part in (
        "schedule/day/2026-06-01", "schedule/day/2026-06-02", "schedule/room/A", "schedule/room/B",
        "schedule/kind/talk", "schedule/kind/workshop", "sessions/one", "sessions/two",
    ):  # fmt: skip
        lines = lines_of(client, feed_path(conference, f"{part}.ics"))
        found[part] = [summary for (summary,) in events(lines, "SUMMARY")]
    first, second = [one.title.localize("en")], [two.title.localize("en")]
    assert list(found.values()) == [first, second, first, second, first, second, first, second]


def test_part_that_does_not_exist_is_not_found(client: Client) -> None:
    conference = make_conference()
    hidden = make_session(conference, code="hidden")
    room = make_room(conference)
    shown = make_session(conference)
    make_release(conference, [(shown, room, at(conference, "10:00"))])
    parts = ["schedule/day/2026-07-01", "schedule/day/20260601", "schedule/room/no", "schedule/kind/no", "sessions/no"]
    parts.append(f"sessions/{hidden.code}")
    assert [client.get(feed_path(conference, f"{part}.ics")).status_code for part in parts] == [404] * 6


def test_conference_that_is_not_public_has_no_calendar(client: Client) -> None:
    stage = Stage(is_public=False)
    assert client.get(feed_path(stage.conference)).status_code == 404


def test_programme_without_a_release_is_an_empty_calendar(client: Client) -> None:
    conference = make_conference()
    assert events(lines_of(client, feed_path(conference)), "UID") == []


def test_unchanged_programme_is_not_sent_again_and_not_written_again(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage = Stage()
    path = feed_path(stage.conference)
    first = client.get(path)
    stage.place()
    with django_assert_num_queries(2):
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path).content == first.content
    rename_session(stage.session, title={"en": "Other", "ko": "다른"}, actor=ACTOR)
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("sessions", [1, 3])
def test_number_of_queries(sessions: int, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = make_conference()
    placements = [
        (make_session(conference), make_room(conference), at(conference, f"{10 + n}:00")) for n in range(sessions)
    ]
    make_release(conference, placements)
    make_release(conference, placements)
    # Conference; newest release and entry; releases, placements, changes, sessions.
    with django_assert_num_queries(6):
        client.get(feed_path(conference))


def test_one_bad_session_does_not_break_the_calendar(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("WARNING", "notifications.calendar_entries")
    conference = make_conference()
    room, other = make_room(conference), make_room(conference)
    good = make_session(conference)
    nameless = make_session(conference, title=LazyI18nString({"en": "\u202e"}))
    make_release(conference, [(good, room, at(conference, "10:00")), (nameless, other, at(conference, "10:00"))])
    lines = lines_of(client, feed_path(conference))
    assert events(lines, "SUMMARY") == [(good.title.localize("en"),)]
    assert caplog.messages == [f"Calendar entry {nameless.uid}@forum.example.org is left out: summary: empty"]
