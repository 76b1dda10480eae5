"""What a webhook says, and that it names nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from journal.recording import record
from notifications.webhooks.bodies import bodies_of, body_of_test
from notifications.webhooks.events import EVENTS, TEST, event_name
from registration.domain.signups.signing_up import leave
from schedule.domain.editing.absences import close_room
from schedule.domain.programme.rooms import resize_room
from schedule.domain.programme.sessions import rename_session
from schedule.models import Conference
from tests.factories import at, make_room
from tests.facts import a_fact
from tests.notifications.places import ACTOR, Stage

pytestmark = pytest.mark.django_db
API = "https://forum.example.org/api/v1/conferences/forum/"


def told(verb: str, conference: Conference) -> dict[str, Any]:
    """What the newest entry of a verb is told as."""
    entry = Entry.objects.filter(verb=verb).latest("pk")
    body: dict[str, Any] = json.loads(bodies_of([entry], {conference.pk: conference})[entry.pk])
    assert (body["type"], datetime.fromisoformat(body["timestamp"]) - entry.at < timedelta(milliseconds=1)) == (
        verb,
        True,
    )
    assert body["data"].pop("entry") == entry.pk
    data: dict[str, Any] = body["data"]
    return data


def test_places_go_by_codes_and_uids() -> None:
    stage = Stage(slug="forum")
    place = stage.place(display_name="Kim Alice", affiliation="Secret Society")
    names = {
        "conference": "forum",
        "signup": str(place.uid),
        "registration": str(place.registration.uid),
        "session": stage.session.code,
        "api": f"{API}sessions/",
    }
    assert told("signup.confirmed", stage.conference) == names | {"by": "self"}
    stage.move("14:00", stage.other_room)
    assert told("signup.changed", stage.conference) == names | {"changed": ["time", "room"]}
    leave(place, actor=ACTOR)
    assert told("signup.left", stage.conference) == names | {"was": "confirmed", "reason": "self"}


def test_programme_goes_by_codes() -> None:
    stage = Stage(slug="forum")
    start = at(stage.conference, "09:00")
    room = {"conference": "forum", "room": stage.room.code, "api": f"{API}sessions/"}
    close_room(
        stage.room, starts_at=start, ends_at=start + timedelta(hours=1), actor=ACTOR, reason="Flood in the cellar"
    )
    assert told("room.closed", stage.conference) == room | {
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=1)).isoformat(),
    }
    resize_room(stage.room, capacity=7, actor=ACTOR)
    assert told("room.resized", stage.conference) == room | {"capacity": 7}
    rename_session(stage.session, title={"en": "A new title"}, actor=ACTOR)
    session = {"conference": "forum", "session": stage.session.code, "api": f"{API}sessions/"}
    assert told("session.renamed", stage.conference) == session


def test_nothing_but_codes_passes() -> None:
    """Whatever somebody may write into a fact some day, and whatever its event names."""
    stage = Stage(slug="forum")
    fact = a_fact(
        "signup.left", conference_id=stage.conference.pk, subject_id=10**9, was="alice@example.org", reason="she is ill"
    )
    closed = a_fact("room.closed", conference_id=stage.conference.pk, subject_id=10**9)
    with transaction.atomic():
        record(fact, actor=Actor.organizer(7))
        record(closed, actor=Actor.organizer(7))
    assert told("signup.left", stage.conference) == {"conference": "forum", "api": f"{API}sessions/"}
    assert told("room.closed", stage.conference).keys() == {"conference", "api", "starts_at", "ends_at"}


def test_what_an_event_does_not_name_is_not_passed() -> None:
    stage = Stage(slug="forum")
    rename_session(stage.session, title={"en": "Alice Kim speaks"}, actor=ACTOR)
    assert "Alice" not in str(told("session.renamed", stage.conference))


def test_test_event() -> None:
    conference = Stage(slug="forum").conference
    assert json.loads(body_of_test(conference, now=datetime(2037, 6, 1, 1, 2, 3, tzinfo=UTC))) == {
        "type": "webhook.test",
        "timestamp": "2037-06-01T01:02:03.000Z",
        "data": {"conference": "forum", "api": API},
    }


@pytest.mark.parametrize("people", [1, 3])
def test_number_of_queries_does_not_grow(people: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stage = Stage(slug="forum")
    for _ in range(people):
        stage.place()
        resize_room(make_room(stage.conference), capacity=5, actor=ACTOR)
    entries = list(Entry.objects.all())
    with django_assert_num_queries(4):
        bodies_of(entries, {stage.conference.pk: stage.conference})


def test_every_event_has_a_name() -> None:
    assert [verb for verb in [*EVENTS, TEST] if event_name(verb) == verb] == []
    assert event_name("thing.gone") == "thing.gone"
