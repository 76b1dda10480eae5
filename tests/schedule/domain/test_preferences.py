"""What the database refuses of preferred rooms and times, and of core hours."""

from __future__ import annotations

import pytest

from tests.factories import at, make_conference, make_room, make_session
from tests.sql import refused, run


def test_a_preferred_room_is_one_of_the_session_s_conference(db: None) -> None:
    session, theirs = make_session(make_conference()), make_room(make_conference())
    mine = make_room(session.conference)
    statement = "INSERT INTO schedule_preference (session_id, room_id) VALUES (%s, %s)"
    assert refused(statement, session.pk, theirs.pk) == "rows_stay_within_one_conference"
    run(statement, session.pk, mine.pk)
    assert refused(statement, session.pk, mine.pk) == "session_prefers_a_room_once"
    moved = "UPDATE schedule_preference SET room_id = %s"
    assert refused(moved, theirs.pk) == "rows_stay_within_one_conference"


@pytest.mark.parametrize(
    ("room", "start", "end", "constraint"),
    [
        (None, None, None, "preference_is_a_room_or_a_time"),
        (None, "09:00", None, "preference_is_a_room_or_a_time"),
        ("HALL", "09:00", "10:00", "preference_is_a_room_or_a_time"),
        (None, "10:00", "10:00", "preferred_time_ends_after_it_starts"),
    ],
)
def test_a_preference_is_a_room_or_a_time(
    db: None, room: str | None, start: str | None, end: str | None, constraint: str
) -> None:
    session = make_session(make_conference())
    hall = make_room(session.conference, code="HALL")
    moments = [at(session.conference, clock) if clock else None for clock in (start, end)]
    statement = "INSERT INTO schedule_preference (session_id, room_id, starts_at, ends_at) VALUES (%s, %s, %s, %s)"
    assert refused(statement, session.pk, hall.pk if room else None, *moments) == constraint
    run(statement, session.pk, None, at(session.conference, "09:00"), at(session.conference, "10:00"))


@pytest.mark.parametrize(
    ("core_from", "core_until"),
    [("10:00", None), (None, "17:00"), ("08:00", "17:00"), ("10:00", "19:00"), ("12:00", "12:00")],
)
def test_core_hours_lie_in_their_day(db: None, core_from: str | None, core_until: str | None) -> None:
    conference = make_conference()
    day = conference.days.get(date=conference.starts_on)
    moments = [at(conference, clock) if clock else None for clock in (core_from, core_until)]
    statement = "UPDATE schedule_day SET core_from = %s, core_until = %s WHERE id = %s"
    assert refused(statement, *moments, day.pk) == "core_hours_lie_in_their_day"
    run(statement, day.opens_at, day.closes_at, day.pk)
