"""LAST-MODIFIED and DTSTAMP of public calendars: newer with every edit of what is shown, and never older."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from journal.models import Entry
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme.people import put_back, take_down
from schedule.facts.edits import SessionEdited
from schedule.models import Person, Session
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_release,
    make_room,
    make_session,
    make_theme,
)
from tests.notifications.feeds.test_personal_feeds import events, lines_of
from tests.notifications.feeds.test_public_feeds import feed_path
from tests.notifications.places import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.mark.parametrize("signup", ["open", "invitation"])
@pytest.mark.parametrize("what", ["person", "taken down", "put back", "host", "host not named", "theme", "kind"])
def test_a_new_name_is_a_newer_state_of_every_session_that_shows_it(what: str, signup: str, client: Client) -> None:
    conference = make_conference()
    session = make_session(conference, signup=signup, theme=make_theme(conference))
    person, body = make_person(conference), make_body(conference)
    session.roles.create(person=person, role="speaker")
    session.host_links.create(body=body, is_shown=what != "host not named")
    if what == "put back":
        # As one who was taken down before anybody had a calendar.
        Person.objects.filter(pk=person.pk).update(taken_down_at=timezone.now())
    other = make_session(conference, kind=make_kind(conference, code="other"))
    rows = [
        (session, make_room(conference), at(conference, "10:00")),
        (other, make_room(conference), at(conference, "11:00")),
    ]
    make_release(conference, rows, published_at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    renamed = {"host": body, "host not named": body, "person": person, "theme": session.theme, "kind": session.kind}
    if row := renamed.get(what):
        version, row.name = version_of(row), both("Another name")
        change_row(row, version=version, actor=ACTOR)
    else:
        {"taken down": take_down, "put back": put_back}[what](person, actor=ACTOR)
    shown = what == "kind" or (signup == "open" and what != "host not named")
    now = f"{Entry.objects.latest('pk').at:%Y%m%dT%H%M%SZ}"
    first = "20260501T120000Z"
    stamps = events(lines_of(client, feed_path(conference)), "SEQUENCE", "LAST-MODIFIED")
    assert stamps == [("0", now if shown else first), ("0", first)]


def test_the_state_of_a_session_whose_details_are_hidden_is_no_older_one(client: Client) -> None:
    conference = make_conference()
    session = make_session(conference)
    rows = [(session, make_room(conference), at(conference, "10:00"))]
    make_release(conference, rows, published_at=datetime(2026, 5, 1, 12, tzinfo=UTC))

    def edited(day: int, field: str) -> list[tuple[str, ...]]:
        Entry.objects.create(
            at=datetime(2026, 5, day, tzinfo=UTC),
            conference_id=conference.pk,
            verb=SessionEdited.verb,
            concerns=SessionEdited.concerns,
            actor=str(ACTOR),
            subject_id=session.pk,
            data={"changes": {field: ["a", "b"]}},
        )
        return events(lines_of(client, feed_path(conference)), "SEQUENCE", "LAST-MODIFIED", "DTSTAMP")

    def stamped(day: int) -> list[tuple[str, ...]]:
        return [("0", f"202605{day:02}T000000Z", f"202605{day:02}T000000Z")]

    assert edited(2, "abstract") == stamped(2)
    Session.objects.filter(pk=session.pk).update(signup="invitation")
    assert edited(3, "signup") == stamped(3)
    # Nobody is shown what was edited, nor when.
    assert edited(4, "abstract") == stamped(3)
    Session.objects.filter(pk=session.pk).update(signup="open")
    assert edited(5, "signup") == stamped(5)
