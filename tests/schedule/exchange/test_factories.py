"""The shared factories make rows the database accepts."""

from __future__ import annotations

import pytest

from tests import factories as f

pytestmark = pytest.mark.django_db


def test_factories_make_a_released_conference_with_a_registration() -> None:
    conference = f.make_conference()
    left, right = f.make_room(conference), f.make_room(conference)
    hall = f.make_room(conference, parts=[left, right])
    session = f.make_session(conference)
    release = f.make_release(conference, [(session, hall, f.at(conference, "10:00", day=1))])

    assert release.number == 1
    assert f.make_release(conference, []).number == 2
    assert [(p.session, p.room) for p in release.placements.all()] == [(session, hall)]
    assert conference.local(release.placements.get().end).isoformat() == "2037-06-02T11:00:00+09:00"
    assert f.make_registration(conference).is_active
    assert f.make_body(conference).conference == f.make_person(conference).conference == conference
    assert f.make_user(is_superuser=True).is_superuser
    assert f.make_team().members.count() == 0
