"""How much readers can have kept: what the programme has, in keys of one length; nothing for what they make up."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from redis import Redis

from tests.factories import make_conference
from tests.website.showing import forum

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_kept")]
LONG = "x" * 1500


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next minute has entries of its own: on a busy machine it may begin meanwhile."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def kept() -> set[str]:
    with Redis.from_url(str(settings.CACHES["default"]["LOCATION"])) as redis:
        return {key.decode() for key in redis.scan_iter("plenary:*")}


def asked(*addresses: str) -> set[str]:
    """The keys that are new after these pages were read."""
    before = kept()
    for address in addresses:
        Client().get(address)
    return kept() - before


USUAL = ("/forum/", "/forum/?room=HALL", "/forum/?access=wheelchair", "/forum/sessions/A0/", "/forum/changes/")
FILES = (
    "/forum/schedule.json",
    "/forum/schedule.xml",
    "/forum/schedule.pdf?lang=en",
    "/forum/schedule.xlsx",
    "/forum/schedule.txt",
)
CALENDARS = ("/forum/schedule.ics", "/forum/schedule.ics?alarm=15", "/forum/schedule/room/HALL.ics")
ALL = (*USUAL, *FILES, *CALENDARS)


def test_what_the_programme_has_is_kept_in_keys_of_bounded_length() -> None:
    forum()
    keys = asked(*ALL)
    assert len(keys) > len(ALL)
    assert max(map(len, keys)) < 120


@pytest.mark.parametrize("parameter", ["utm_source={}", "x={}", "{}", "lang={}"])
def test_parameters_that_nobody_knows_make_no_entries(parameter: str) -> None:
    forum()
    asked(*ALL)
    made_up = [parameter.format(value) for value in ("1", LONG, quote("\n도시"))]
    assert asked(*(f"{page}{'&' if '?' in page else '?'}{one}" for page in ALL for one in made_up)) == set()


@pytest.mark.parametrize("name", ["day", "q", "kind", "language", "room", "access"])
def test_values_that_are_not_on_offer_make_no_entries(name: str) -> None:
    forum()
    asked(*ALL)
    made = asked(*(f"/forum/?{name}={value}" for value in ("1", "2", LONG, "HALL%20", "%00")))
    # Whatever is searched for: all searches of a minute go through the same sessions.
    assert len(made) == (1 if name == "q" else 0)


def test_combinations_make_no_entries_and_one_filter_makes_its_own() -> None:
    conference = forum()
    asked(*ALL)
    day = conference.dates[0].isoformat()
    assert asked("/forum/?room=HALL&access=wheelchair", f"/forum/?day={day}&room=HALL&access=wheelchair") == set()
    assert len(asked(f"/forum/?day={day}&room=HALL")) == 2  # the timetable, and the page around it


def test_page_before_the_first_release_is_kept_once() -> None:
    make_conference(slug="later", is_public=True)
    asked("/later/")
    assert asked(*(f"/later/?day={value}" for value in ("1", "2"))) == set()


@pytest.mark.parametrize("part", ["room", "kind", "theme"])
def test_calendars_of_what_there_is_not_make_no_entries(part: str) -> None:
    forum()
    asked(*ALL)
    assert asked(*(f"/forum/schedule/{part}/{value}.ics" for value in ("NO", "no-1", LONG))) == set()


def test_everything_that_is_kept_runs_out() -> None:
    forum()
    asked(*ALL)
    with Redis.from_url(str(settings.CACHES["default"]["LOCATION"])) as redis:
        assert [key for key in kept() if redis.ttl(key) < 0] == []
