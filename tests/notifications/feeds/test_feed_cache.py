"""What of a calendar is kept, written again, and not sent again."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from redis.exceptions import ConnectionError as RedisConnectionError

from notifications.calendars import values
from notifications.calendars.events import REMEMBERED_EVENTS
from schedule.domain.programme.sessions import rename_session
from schedule.domain.timetables import kept
from tests.factories import (
    at,
    make_conference,
    make_release,
    make_room,
    make_session,
)
from tests.notifications.feeds.test_public_feeds import feed_path
from tests.notifications.places import ACTOR, Stage
from website import representations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()
    REMEMBERED_EVENTS.clear()


def test_written_events_are_kept_and_only_changed_ones_are_written_again(client: Client) -> None:
    conference = make_conference()
    room, other = make_room(conference), make_room(conference)
    first, second, third = (make_session(conference) for _ in range(3))
    make_release(
        conference,
        [
            (first, room, at(conference, "10:00")),
            (second, room, at(conference, "12:00")),
            (third, other, at(conference, "12:00")),
        ],
    )

    def written(path: str, **query: str | int) -> tuple[int, bytes]:
        """How many events a process that remembers none wrote for an answer, and the answer."""
        REMEMBERED_EVENTS.clear()
        with mock.patch("notifications.calendars.events.written", side_effect=values.written) as writing:
            body = client.get(feed_path(conference, path), query).content
        return writing.call_count, body

    count, everything = written("schedule.ics")
    assert count == 3
    assert written("schedule.ics") == (0, everything)
    assert written(f"schedule/room/{room.code}.ics")[0] == 0
    assert written("schedule.ics", once=1)[0] == 0
    assert written("schedule.ics", alarm=10)[0] == 3
    rename_session(second, title={"en": "New"}, actor=ACTOR)
    count, renamed = written("schedule.ics")
    assert count == 1
    cache.clear()
    assert written("schedule.ics") == (3, renamed)


def test_a_cache_that_is_away_is_asked_once_for_an_answer(client: Client) -> None:
    stage = Stage()
    away = mock.Mock(side_effect=RedisConnectionError("away"))
    whole = client.get(feed_path(stage.conference)).content
    with mock.patch.multiple(
        "django.core.cache.backends.redis.RedisCache", get=away, set=away, get_many=away, set_many=away
    ):
        assert client.get(feed_path(stage.conference)).content == whole
    assert away.call_count == 1


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


def test_programme_is_packed_for_whoever_unpacks_it(client: Client) -> None:
    path = feed_path(Stage().conference)
    plain, small = client.get(path), client.get(path, headers={"Accept-Encoding": "gzip, deflate"})
    assert (plain["Vary"], small["Content-Encoding"]) == (small["Vary"], "gzip")
    assert "Accept-Encoding" in plain["Vary"]
    assert gzip.decompress(small.content) == plain.content
    assert small["ETag"] == plain["ETag"][:-1] + '-gzip"'
    for encoding, tag, status in (("gzip", small, 304), ("gzip", plain, 200), ("", plain, 304), ("", small, 200)):
        headers = {"Accept-Encoding": encoding, "If-None-Match": tag["ETag"]}
        assert client.get(path, headers=headers).status_code == status


def test_the_clock_tells_what_is_new_and_never_hides_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, moment = Stage(), datetime(2026, 5, 4, 3, 2, 1, 400_000, tzinfo=UTC)

    def at_second(second: float) -> None:
        for module in (kept, representations):
            monkeypatch.setattr(module, "timezone", mock.Mock(now=lambda: moment + timedelta(seconds=second)))

    def name(title: str) -> None:
        rename_session(stage.session, title={"en": title, "ko": title}, actor=ACTOR)

    def status(since: str) -> int:
        return client.get(path, headers={"If-Modified-Since": since}).status_code

    path = feed_path(stage.conference)
    name("One")
    at_second(0)
    one = client.get(path)
    assert (one["Last-Modified"], status(one["Last-Modified"])) == ("Mon, 04 May 2026 03:02:01 GMT", 304)
    # Within the same second: it has no moment of its own yet.
    name("Two")
    at_second(0.2)
    assert ("Last-Modified" in client.get(path), status(one["Last-Modified"])) == (False, 200)
    at_second(5)
    two = client.get(path)
    assert (two["Last-Modified"], status(one["Last-Modified"]), status(two["Last-Modified"])) == (
        "Mon, 04 May 2026 03:02:02 GMT",
        200,
        304,
    )
    # As it was before the last change: for whoever saw that one it is new.
    name("One")
    at_second(9)
    assert (status(two["Last-Modified"]), status(client.get(path)["Last-Modified"])) == (200, 304)
