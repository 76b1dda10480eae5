"""Calendars of parts of the programme: a room, a kind, a theme, a speaker, a day."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from i18nfield.strings import LazyI18nString

from schedule.domain.programme.sessions import cancel_session
from schedule.domain.published.identities import person_identity
from schedule.models import Role
from tests.factories import (
    at,
    both,
    make_conference,
    make_kind,
    make_person,
    make_release,
    make_room,
    make_session,
    make_theme,
)
from tests.notifications.calendars.factories import unfolded
from tests.notifications.feeds.test_personal_feeds import events, lines_of
from tests.notifications.feeds.test_public_feeds import feed_path
from tests.notifications.places import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def test_parts_hold_their_sessions_only(client: Client) -> None:
    conference = make_conference()
    rooms = [make_room(conference, code=code) for code in ("A", "B")]
    talk, workshop = (make_kind(conference, code=code) for code in ("talk", "workshop"))
    peace, water = (make_theme(conference, code=code) for code in ("peace", "water"))
    one = make_session(conference, code="one", kind=talk, theme=peace)
    two = make_session(conference, code="two", kind=workshop, theme=water)
    alice, bob = make_person(conference, code="alice"), make_person(conference, code="bob")
    Role.objects.create(session=one, person=alice, role="speaker")
    Role.objects.create(session=two, person=bob, role="chair")
    make_release(
        conference, [(one, rooms[0], at(conference, "10:00")), (two, rooms[1], at(conference, "08:00", day=1))]
    )
    found = {}
    for part in (
        "schedule/day/2037-06-01",
        "schedule/day/2037-06-02",
        "schedule/room/A",
        "schedule/room/B",
        "schedule/kind/talk",
        "schedule/kind/workshop",
        "schedule/theme/peace",
        "schedule/theme/water",
        f"schedule/speaker/{person_identity(conference, 'alice')}",
        f"schedule/speaker/{person_identity(conference, 'bob')}",
        "sessions/one",
        "sessions/two",
    ):
        lines = lines_of(client, feed_path(conference, f"{part}.ics"))
        found[part] = [summary for (summary,) in events(lines, "SUMMARY")]
    first, second = [one.title.localize("en")], [two.title.localize("en")]
    assert list(found.values()) == [first, second] * 6


def test_session_by_invitation_shows_neither_what_it_is_about_nor_who_speaks(client: Client) -> None:
    conference = make_conference()
    closed = make_session(conference, code="closed", signup="invitation", abstract=LazyI18nString("For the invited"))
    guest = make_person(conference, code="guest")
    Role.objects.create(session=closed, person=guest, role="speaker")
    make_release(conference, [(closed, make_room(conference), at(conference, "10:00"))])
    response = client.get(feed_path(conference))
    page = f"https://forum.example.org/{conference.slug}/sessions/closed/"
    assert events(unfolded(response.content), "SUMMARY", "DESCRIPTION") == [(closed.title.localize("en"), page)]
    identity = person_identity(conference, "guest")
    assert client.get(feed_path(conference, f"schedule/speaker/{identity}.ics")).status_code == 404
    assert str(identity) not in client.get(feed_path(conference, "calendars/")).content.decode()


def test_calendars_of_speaker_and_theme_go_on_empty_and_without_a_name_once_nothing_shows_them(client: Client) -> None:
    conference = make_conference()
    session = make_session(conference, theme=make_theme(conference, code="peace", name=LazyI18nString("Peace")))
    Role.objects.create(session=session, person=make_person(conference, code="kim", name="Kim"), role="speaker")
    make_release(conference, [(session, make_room(conference), at(conference, "10:00"))])
    paths = [f"schedule/speaker/{person_identity(conference, 'kim')}.ics", "schedule/theme/peace.ics"]
    title = conference.name.localize("en")

    def told() -> list[tuple[str, int]]:
        found = [lines_of(client, feed_path(conference, path)) for path in paths]
        names = [line.partition(":")[2] for lines in found for line in lines if line.startswith("X-WR-CALNAME")]
        return list(zip(names, (len(events(lines, "UID")) for lines in found), strict=True))

    assert told() == [(f"{title} · Kim", 1), (f"{title} · Peace", 1)]
    cancel_session(session, actor=ACTOR)
    assert told() == [(title, 0), (title, 0)]
    page = client.get(feed_path(conference, "calendars/")).content.decode()
    assert [word for word in ("Kim", "Peace") if word in page] == []


def test_parts_of_one_name_are_told_apart_in_calendars_files_and_pages(client: Client) -> None:
    conference, rooms = make_conference(languages=["en", "ko"]), []
    sessions = []
    for number in (1, 2):
        named = {"name": both("Peace"), "code": f"p{number}"}
        kind = make_kind(conference, **named | ({} if number == 1 else {"name": both("Talk")}))
        rooms.append(make_room(conference, **named))
        theme = make_theme(conference, **named | ({} if number == 1 else {"name": both("Water")}))
        sessions.append(make_session(conference, code=f"s{number}", kind=kind, theme=theme))
        person = make_person(conference, code=f"kim{number}", name=both("Kim"), affiliation=f"City {number}")
        Role.objects.create(session=sessions[-1], person=person, role="speaker")
    rows = zip(sessions, rooms, ("10:00", "12:00"), strict=True)
    make_release(conference, [(session, room, at(conference, clock)) for session, room, clock in rows])
    identities = [person_identity(conference, f"kim{number}") for number in (1, 2)]
    paths = [
        "room/p1", "room/p2", "kind/p1", "kind/p2", "theme/p1", "theme/p2", *(f"speaker/{one}" for one in identities)
    ]  # fmt: skip
    title = conference.name.localize("en")
    found = {}
    for path in paths:
        response = client.get(feed_path(conference, f"schedule/{path}.ics"), headers={"Accept-Language": "ko"})
        [name] = [line for line in unfolded(response.content) if line.startswith("X-WR-CALNAME:")]
        found[path] = name.partition(":")[2].replace("\\,", ",").removeprefix(f"{title} · ")
        assert response["Content-Disposition"] == f'inline; filename="{conference.slug}-{path.replace("/", "-")}.ics"'
    assert list(found.values()) == [
        "Peace (Room, p1)", "Peace (Room, p2)", "Peace (Kind of session)", "Talk", "Peace (Theme)", "Water",
        "Kim (City 1)", "Kim (City 2)",
    ]  # fmt: skip
    page = client.get(feed_path(conference, "calendars/"), {"speaker": "kim"}).content.decode()
    assert [name for name in found.values() if name not in page] == []


def test_part_that_does_not_exist_is_not_found(client: Client) -> None:
    conference = make_conference()
    hidden = make_session(conference, code="hidden")
    room = make_room(conference)
    shown = make_session(conference)
    make_release(conference, [(shown, room, at(conference, "10:00"))])
    unused = make_room(conference), make_kind(conference), make_theme(conference), make_person(conference)
    room_code, kind_code, theme_code, person_code = (one.code for one in unused)
    parts = [
        "schedule/day/2037-07-01",
        "schedule/day/20370601",
        "schedule/room/no",
        "schedule/room/%00",
        "schedule/kind/no",
        "sessions/no",
        "schedule/theme/no",
        "schedule/speaker/no",
        f"schedule/room/{room_code}",
        f"schedule/kind/{kind_code}",
        f"schedule/theme/{theme_code}",
        f"schedule/speaker/{person_identity(conference, person_code)}",
        f"sessions/{hidden.code}",
    ]
    assert [client.get(feed_path(conference, f"{part}.ics")).status_code for part in parts] == [404] * 13
    assert client.get(feed_path(conference, f"sessions/{hidden.code}/calendar/")).status_code == 404
