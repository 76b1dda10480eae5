"""Sessions moved into nights in which the clocks change keep their length, and are where the organizer meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.html import escape

from journal.actors import SYSTEM
from schedule.domain.timetables.drafts import create_draft
from schedule.domain.timetables.steps import version_in
from schedule.models import Placement, Session, Unavailability
from tests.factories import make_conference, make_room, make_session
from tests.organize.conftest import Desk, signed_in

pytestmark = pytest.mark.django_db


class Night:
    """A conference of Berlin around a change of clocks, with a draft and nothing in it."""

    def __init__(self, desk: Desk, first: date) -> None:
        self.conference = make_conference(
            slug="congress", team=desk.team, timezone="Europe/Berlin", starts_on=first, days=3
        )
        make_room(self.conference, code="A")
        self.draft = create_draft(self.conference, name="Work", actor=SYSTEM)
        self.client = signed_in(desk.alice)

    def move(self, session: Session, day: str, clock: str, **more: str) -> str:
        """What the page says after the form was sent; nothing when it was taken."""
        path = f"/organize/congress/drafts/{self.draft.pk}/sessions/{session.code}/"
        sent = {"day": day, "time": clock, "room": "A", "version": self.version_of(session), **more}
        response = self.client.post(path, sent)
        return "" if response.status_code == 302 else response.content.decode()

    def version_of(self, session: Session) -> int:
        return version_in(Placement.objects.filter(draft=self.draft, session=session).first())

    def placed(self) -> tuple[datetime, datetime]:
        found = Placement.objects.get(draft=self.draft)
        return found.start, found.end


@pytest.mark.parametrize(
    ("first", "minutes", "day", "clock", "start", "end"),
    [
        (date(2027, 10, 29), 120, "2027-10-31", "01:30", "2027-10-30T23:30Z", "2027-10-31T01:30Z"),
        (date(2027, 3, 26), 720, "2027-03-27", "22:00", "2027-03-27T21:00Z", "2027-03-28T09:00Z"),
        (date(2027, 3, 26), 60, "2027-03-28", "01:30", "2027-03-28T00:30Z", "2027-03-28T01:30Z"),
    ],
)
def test_a_session_keeps_its_length(
    desk: Desk, first: date, minutes: int, day: str, clock: str, start: str, end: str
) -> None:
    night = Night(desk, first)
    session = make_session(night.conference, code="X", duration_minutes=minutes)

    assert night.move(session, day, clock) == ""

    assert night.placed() == (datetime.fromisoformat(start), datetime.fromisoformat(end))


def test_a_time_the_clocks_skip_is_refused_at_its_field(desk: Desk) -> None:
    night = Night(desk, date(2027, 3, 26))
    session = make_session(night.conference, code="X")

    page = night.move(session, "2027-03-28", "02:30")

    assert "on 28 March 2027 they jump from 02:00 to 03:00. Choose a time before 02:00, or 03:00 or later." in page
    assert not Placement.objects.filter(draft=night.draft).exists()
    asked = night.client.get(f"/organize/congress/drafts/{night.draft.pk}/sessions/X/?day=2027-03-28&time=02:30&room=A")
    assert (asked.status_code, "they jump from" in asked.content.decode()) == (200, True)


def test_a_time_that_comes_twice_is_asked_about_and_both_are_reached(desk: Desk) -> None:
    night = Night(desk, date(2027, 10, 29))
    session = make_session(night.conference, code="X")
    page = night.move(session, "2027-10-31", "02:30")
    assert escape("02:30 (UTC+2), the first time") in page
    assert "02:30 (UTC+1), when the clocks were set back" in page
    assert "the clocks of Europe/Berlin show 02:30 twice. Choose which is meant." in page
    assert not Placement.objects.filter(draft=night.draft).exists()

    for which, start in (("+02:00", "00:30Z"), ("+01:00", "01:30Z")):
        assert night.move(session, "2027-10-31", "02:30", which=which) == ""
        assert night.placed()[0] == datetime.fromisoformat(f"2027-10-31T{start}")
        kept = night.client.get(f"/organize/congress/drafts/{night.draft.pk}/sessions/X/").content.decode()
        assert f'<option value="{which}" selected>' in kept


def test_a_room_is_closed_from_and_until_what_the_clocks_show(desk: Desk) -> None:
    night = Night(desk, date(2027, 3, 26))
    path = "/organize/congress/programme/close-room/"
    assert "On the clocks of Europe/Berlin." in night.client.get(path).content.decode()
    times = {"room": "A", "starts_at": "2027-03-28T02:15", "ends_at": "2027-03-28T04:00"}
    assert "they jump from 02:00 to 03:00" in night.client.post(path, times).content.decode()
    assert night.client.post(path, times | {"starts_at": "2027-03-28T01:00"}).status_code == 302
    closed = Unavailability.objects.get()
    assert (closed.starts_at, closed.ends_at) == (
        datetime(2027, 3, 28, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 2, tzinfo=UTC),
    )
