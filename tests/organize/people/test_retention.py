"""The page that says what is kept how long, and what was done."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.test import Client

from registration.domain.privacy.retention import TERMS, carry_out
from tests.factories import make_person, make_registration
from tests.organize.conftest import Desk
from tests.responses import squeezed


def test_organizers_read_what_is_kept_how_long_and_what_was_done(desk: Desk, alice: Client) -> None:
    make_person(desk.conference, email="host@example.org")
    make_registration(desk.conference, state="checked-in")
    before = squeezed(alice.get("/organize/forum/retention/").content.decode())
    assert "Nothing yet" in before
    assert "365 days after the last day of the last of their conferences" in before
    assert "<dt>The journal</dt><dd>It holds keys, codes and numbers" in before
    year_later = datetime.combine(desk.conference.ends_on + timedelta(days=366), time(12), UTC)
    # Without the term that would end the session of whoever looks.
    carry_out([term for term in TERMS if term.code != "sessions"], now=year_later)
    after = squeezed(alice.get("/organize/forum/retention/").content.decode())
    assert "People erased whose time is over (Checked in: 1; places they had: 0)" in after
    assert "E-mail addresses of the programme deleted whose time is over (people: 1)" in after
