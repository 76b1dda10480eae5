"""What is public of a session is said in Python and in SQL; both say the same."""

from __future__ import annotations

import pytest

from schedule.domain.published.disclosure import (
    Standing,
    may_be_wished_for,
    shows_details,
    standing_of,
    with_named_person,
    with_open_details,
)
from schedule.models import ReleasedPlacement, Role, Session
from tests.factories import at, make_conference, make_person, make_room, make_session, publish

S = Standing


@pytest.mark.parametrize(
    ("state", "signup", "is_in_newest", "standing", "to_all", "to_insider"),
    [
        ("accepted", "open", True, S.OPEN, True, True),
        ("accepted", "limited", True, S.OPEN, True, True),
        ("accepted", "invitation", True, S.INVITATION, False, True),
        ("accepted", "open", False, S.WITHDRAWN, False, False),
        ("accepted", "invitation", False, S.WITHDRAWN, False, False),
        ("cancelled", "open", True, S.CANCELLED, False, False),
        ("cancelled", "invitation", True, S.CANCELLED, False, False),
        ("cancelled", "open", False, S.CANCELLED, False, False),
    ],
)
@pytest.mark.django_db
def test_python_and_sql_say_the_same(
    state: str, signup: str, is_in_newest: bool, standing: Standing, to_all: bool, to_insider: bool
) -> None:
    conference = make_conference()
    session = make_session(conference, state=state, signup=signup)
    publish(conference, [(session, make_room(conference), at(conference, "09:00"))])
    if not is_in_newest:
        publish(conference, [])
    found = standing_of(session, is_in_newest=is_in_newest)
    assert (found, shows_details(found), shows_details(found, to_insider=True)) == (standing, to_all, to_insider)
    newest = conference.releases.first()
    assert ReleasedPlacement.objects.filter(with_open_details(), release=newest).exists() is to_all


@pytest.mark.django_db
def test_only_people_who_were_not_taken_down_are_named() -> None:
    conference = make_conference()
    session, named = make_session(conference), make_person(conference)
    hidden = make_person(conference, taken_down_at=conference.origin)
    roles = [Role.objects.create(session=session, person=one, role="speaker") for one in (named, hidden, None)]
    assert list(Role.objects.filter(with_named_person())) == roles[:1]


@pytest.mark.django_db
def test_before_the_first_release_everything_may_be_wished_for_and_then_what_is_published() -> None:
    conference = make_conference()
    shown, other = make_session(conference), make_session(conference)
    sessions = Session.objects.filter(conference=conference).order_by("pk")
    assert list(sessions.filter(may_be_wished_for(conference))) == [shown, other]
    room, start = make_room(conference), at(conference, "09:00")
    publish(conference, [(other, room, start)])
    publish(conference, [(shown, room, start)])
    assert list(sessions.filter(may_be_wished_for(conference))) == [shown]
