"""What the newest release shows to everybody, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from journal.actors import SYSTEM
from schedule.domain.programme.rooms import rename_room
from schedule.domain.published.disclosure import Standing
from schedule.domain.published.programme import published
from schedule.models import Conference
from tests import factories as f
from tests.fixtures.programmes import World

pytestmark = pytest.mark.django_db


def everything(value: Any) -> Iterator[str]:
    """All texts in nested dataclasses, in every language."""
    if hasattr(value, "source"):
        yield from (value.in_language(language) for language in ("en", "ko"))
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from everything(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from everything(item)
    else:
        yield str(value)


def test_released_sessions_are_listed_by_day_and_time_in_local_time(world: World) -> None:
    programme = published(world.conference, world.release)
    assert programme.number == 2
    assert [(day.index, day.date.isoformat(), [s.code for s in day.sessions]) for day in programme.days] == [
        (1, "2037-06-01", ["T1"]),
        (2, "2037-06-02", ["closed-1"]),
    ]
    session = programme.sessions[0]
    assert (session.guid, session.start.isoformat(), session.minutes) == (
        world.open.uid,
        "2037-06-01T10:00:00+09:00",
        60,
    )
    assert [room.code for room in programme.rooms] == ["HALL", "LOBBY"]
    assert [person.name.in_language("ko") for person in session.people] == ["김"]
    assert [host.in_language("en") for host in session.hosts] == ["City"]


def test_nothing_secret_is_read(world: World) -> None:
    texts = list(everything(published(world.conference, world.release)))
    assert [text for text in texts if "secret" in text] == []
    assert "By invitation" in texts


def test_room_has_the_name_that_calendars_say(world: World) -> None:
    rename_room(world.release.placements.get(session=world.open).room, name=f.both("New name"), actor=SYSTEM)
    programme = published(world.conference, world.release)
    assert [session.room.name.in_language("en") for session in programme.sessions][:1] == ["New name"]
    assert "New name" in [room.name.in_language("en") for room in programme.rooms]


def test_invitation_keeps_title_time_and_room_only(world: World) -> None:
    session = published(world.conference, world.release).sessions[1]
    assert (session.standing, session.theme) == (Standing.INVITATION, None)
    assert session.title.in_language("en") == "By invitation"
    assert session.room.code == "LOBBY"
    assert session.abstract.in_language("en") == ""
    assert (session.hosts, session.people, session.languages, session.interpretation_pairs) == ((), (), (), ())


def test_missing_language_falls_back_and_control_characters_vanish(world: World) -> None:
    world.open.title.data.pop("ko")
    world.open.title.data["en"] = "a\x00b\x1fc\ufffe\n"
    world.open.title.data["en"] = world.open.title.data["en"].replace("\x00", "")
    world.open.save(update_fields=["title"])
    title = published(world.conference, world.release).sessions[0].title
    assert title.in_language("ko") == title.in_language("en") == "abc"


def test_session_after_midnight_belongs_to_the_day_that_is_still_open(db: None) -> None:
    conference = f.make_conference(days=2)
    first = conference.days.all()[0]
    first.closes_at = f.at(conference, "02:00", day=1)
    first.save()
    late = f.make_session(conference)
    release = f.make_release(conference, [(late, f.make_room(conference), f.at(conference, "01:00", day=1))])
    (day,) = published(conference, release).days
    assert (day.index, day.date, day.closes.isoformat()) == (1, conference.starts_on, "2037-06-02T02:00:00+09:00")


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_grow_with_the_sessions(db: None, count: int, django_assert_num_queries: Any) -> None:
    conference = f.make_conference()
    room, person, body = f.make_room(conference), f.make_person(conference), f.make_body(conference)
    placements = []
    for number in range(count):
        session = f.make_session(conference)
        session.roles.create(person=person, role="speaker")
        session.host_links.create(body=body)
        placements.append((session, room, f.at(conference, f"{10 + number}:00")))
    release = f.make_release(conference, placements)
    conference = Conference.objects.get(pk=conference.pk)
    with django_assert_num_queries(6):
        programme = published(conference, release)
    assert [len(session.people) + len(session.hosts) for session in programme.sessions] == [2] * count


def test_numbers_are_stable_and_not_keys(world: World) -> None:
    first, second = (published(world.conference, release) for release in (world.release, world.release))
    numbers = [session.number for session in first.sessions]
    assert numbers == [session.number for session in second.sessions]
    assert numbers == [world.open.uid.int >> 97, world.closed.uid.int >> 97]
