from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from registration.domain.signups.seats_follow import Followed
from registration.models import Seats
from schedule.domain.editing import absences
from schedule.domain.programme import rooms
from schedule.domain.programme import sessions as editing
from schedule.domain.timetables.drafts import create_draft, place
from schedule.domain.timetables.releasing import release
from schedule.models import Conference, Release
from schedule.ports.follow import follow
from tests.factories import at, make_conference, make_room, make_session


@dataclass(frozen=True)
class Told:
    affected: int = 12


calls: list[tuple[Conference, Actor, datetime, Release | None]] = []


def note(conference: Conference, *, actor: Actor, now: datetime, release: Release | None = None) -> Told:
    """Stands for whoever keeps the sign-ups."""
    calls.append((conference, actor, now, release))
    return Told()


@pytest.fixture
def noted(settings: Any) -> list[tuple[Conference, Actor, datetime, Release | None]]:
    settings.SCHEDULE_FOLLOW = f"{__name__}.note"
    calls.clear()
    return calls


def test_whoever_the_setting_names_is_told(db: None, noted: list[Any]) -> None:
    conference, now = make_conference(), timezone.now()
    assert follow(conference, actor=SYSTEM, now=now) == Told(12)
    assert noted == [(conference, SYSTEM, now, None)]


def test_without_another_setting_sign_ups_follow(db: None) -> None:
    conference = make_conference()
    session = make_session(conference)
    assert follow(conference, actor=SYSTEM, now=timezone.now()) == Followed()
    seats = Seats.objects.get(session=session)
    assert (seats.conference, seats.during, seats.capacity) == (conference, None, 0)


def test_a_release_says_which_and_journals_whom_it_affected(db: None, noted: list[Any]) -> None:
    conference, now = make_conference(), timezone.now()
    draft = create_draft(conference, name="Draft", actor=SYSTEM)
    place(draft, make_session(conference), room=make_room(conference), start=at(conference, "09:00"), actor=SYSTEM)
    made = release(draft, actor=Actor.organizer(7), now=now)
    assert noted == [(conference, Actor.organizer(7), now, made)]
    assert Entry.objects.get(verb="release.published").data["affected"] == 12


def test_every_change_of_a_session_or_room_is_followed_once(db: None, noted: list[Any]) -> None:
    conference = make_conference()
    session, room = make_session(conference), make_room(conference)
    for change in (
        lambda: editing.rename_session(session, title={"en": "Other"}, actor=SYSTEM),
        lambda: editing.change_cap(session, places=5, actor=SYSTEM),
        lambda: editing.hold_seats(session, seats=1, actor=SYSTEM),
        lambda: rooms.resize_room(room, capacity=10, actor=SYSTEM),
        lambda: editing.cancel_session(session, actor=SYSTEM),
    ):
        noted.clear()
        change()
        assert [(one[0], one[1], one[3]) for one in noted] == [(conference, SYSTEM, None)]


def test_a_closed_room_moves_nobody_before_a_release(db: None, noted: list[Any]) -> None:
    conference = make_conference()
    nine, ten = at(conference, "09:00"), at(conference, "10:00")
    absences.close_room(make_room(conference), starts_at=nine, ends_at=ten, actor=SYSTEM)
    assert noted == []
