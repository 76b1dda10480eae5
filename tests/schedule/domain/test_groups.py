"""What the database refuses of groups of sessions."""

from __future__ import annotations

import pytest

from tests.factories import make_conference, make_session
from tests.sql import refused, run

pytestmark = pytest.mark.django_db


def test_a_group_shares_something_known() -> None:
    conference = make_conference()
    statement = "INSERT INTO schedule_sessiongroup (conference_id, same) VALUES (%s, %s)"
    assert refused(statement, conference.pk, "mood") == "what_a_group_shares_is_known"
    run(statement, conference.pk, "time")


def test_a_group_and_its_sessions_are_of_one_conference() -> None:
    mine, theirs = make_session(make_conference()), make_session(make_conference())
    group = mine.conference.session_groups.create(same="room")
    statement = "INSERT INTO schedule_sessiongroup_sessions (sessiongroup_id, session_id) VALUES (%s, %s)"
    assert refused(statement, group.pk, theirs.pk) == "rows_stay_within_one_conference"
    run(statement, group.pk, mine.pk)
    moved = "UPDATE schedule_sessiongroup_sessions SET session_id = %s"
    assert refused(moved, theirs.pk) == "rows_stay_within_one_conference"
    away = "UPDATE schedule_sessiongroup SET conference_id = %s"
    assert refused(away, theirs.conference_id) == "rows_keep_their_conference"
