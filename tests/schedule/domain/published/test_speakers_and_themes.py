"""Who and which themes have calendars: as long as anybody may know of them."""

from __future__ import annotations

from typing import Any

import pytest

from journal.actors import SYSTEM
from schedule.domain.programme.people import take_down
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.published.speakers_and_themes import speakers_of, themes_of
from schedule.models import Conference, Session
from tests.factories import at, both, make_conference, make_person, make_room, make_session, make_theme, publish

pytestmark = pytest.mark.django_db


def make(conference: Conference, name: str, **fields: str) -> Session:
    """A session with a theme and a speaker of this name."""
    given: dict[str, Any] = {"code": name, "theme": make_theme(conference, name=both(name))} | fields
    session = make_session(conference, **given)
    session.roles.create(person=make_person(conference, name=both(name)), role="speaker")
    session.roles.create(person=None, role="chair")
    return session


def found(conference: Conference) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Speakers and themes with whether they are named now."""
    return (
        sorted((one.name.in_language("en"), one.is_named) for one in speakers_of(conference)),
        sorted((one.name.in_language("en"), one.is_named) for one in themes_of(conference)),
    )


def test_they_are_named_while_a_session_shows_them() -> None:
    conference = make_conference()
    room = make_room(conference)
    open_, closed, cancelled, withdrawn = (
        make(conference, name, **fields)
        for name, fields in (("open", {}), ("closed", {"signup": "invitation"}), ("cancelled", {}), ("withdrawn", {}))
    )
    make(conference, "draft")
    rows = [
        (one, room, at(conference, f"{9 + n:02}:00")) for n, one in enumerate((open_, closed, cancelled, withdrawn))
    ]
    publish(conference, rows)
    publish(conference, rows[:3])
    cancel_session(cancelled, actor=SYSTEM)
    # Whoever follows one that is over finds an empty calendar; behind closed doors there never was one.
    expected = [("cancelled", False), ("open", True), ("withdrawn", False)]
    assert found(conference) == (expected, expected)
    take_down(conference.people.get(name__contains='"open"'), actor=SYSTEM)
    assert found(conference) == ([expected[0], expected[2]], expected)


def test_one_session_that_shows_them_is_enough() -> None:
    conference = make_conference()
    first, second = make(conference, "one"), make_session(conference, signup="invitation")
    Session.objects.filter(pk=second.pk).update(theme=first.theme)
    second.roles.create(person=conference.people.get(), role="speaker")
    publish(
        conference,
        [(one, make_room(conference), at(conference, "09:00")) for one in (first, second)],
    )
    assert found(conference) == ([("one", True)], [("one", True)])
