"""A session at half past midnight is listed under the evening before, wherever days are listed."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.test import Client
from openpyxl import load_workbook

from journal.actors import SYSTEM
from notifications.mails.news import on_day
from notifications.mails.reminders import plan
from notifications.models import Message
from organize.programme.forms import PlaceForm
from organize.searches.forms import _by_day
from registration.domain.signups.queries import places_of
from registration.domain.signups.signing_up import sign_up
from registration.models import SignUp
from schedule.domain.programme.days import programme_days
from schedule.domain.published.programme import published
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Placement, Release
from tests.factories import (
    at,
    both,
    make_conference,
    make_registration,
    make_room,
    make_session,
    publish,
)

pytestmark = pytest.mark.django_db
FIRST, SECOND = date(2027, 3, 27), date(2027, 3, 28)
LISTED = {FIRST: ["EVE", "NIGHT"], SECOND: ["DAY"]}


@pytest.fixture
def forum() -> Conference:
    """Its first day is open from 18:00 until 02:00; that is when clocks go forward there."""
    conference = make_conference(
        slug="forum", days=2, starts_on=FIRST, timezone="Europe/Berlin", agenda_reminder_at=time(18)
    )
    day = conference.days.get(date=FIRST)
    day.opens_at, day.closes_at = at(conference, "18:00"), at(conference, "02:00", day=1)
    day.save()
    room = make_room(conference, code="hall")
    times = {
        "EVE": at(conference, "20:00"),
        "NIGHT": at(conference, "00:30", day=1),
        "DAY": at(conference, "10:00", day=1),
    }
    publish(
        conference,
        [(make_session(conference, code=code, title=both(code)), room, when) for code, when in times.items()],
    )
    return conference


def test_page_and_its_tabs(forum: Conference, client: Client) -> None:
    for day, codes in LISTED.items():
        html = client.get(f"/forum/?day={day}").content.decode()
        assert re.findall(r'href="/forum/sessions/(\w+)/"', html) == codes
        assert re.findall(r'href="\?day=([\d-]+)#days"', html)[:2] == [FIRST.isoformat(), SECOND.isoformat()]


def test_day_calendars(forum: Conference, client: Client) -> None:
    for day, codes in LISTED.items():
        body = client.get(f"/forum/schedule/day/{day}.ics").content.decode().replace("\r\n ", "")
        assert sorted(re.findall(r"SUMMARY[^:]*:(\w+)", body)) == sorted(codes)


def test_files(forum: Conference, client: Client) -> None:
    days = client.get("/forum/schedule.json").json()["schedule"]["conference"]["days"]
    assert {
        date.fromisoformat(day["date"]): [event["title"] for room in day["rooms"].values() for event in room]
        for day in days
    } == LISTED
    root = ElementTree.fromstring(client.get("/forum/schedule.xml").content)
    assert {
        date.fromisoformat(day.attrib["date"]): [title.text for title in day.findall("room/event/title")]
        for day in root.findall("day")
    } == LISTED
    rows = load_workbook(BytesIO(client.get("/forum/schedule.xlsx").content)).worksheets[0].iter_rows(values_only=True)
    listed = [(row[0], row[1], row[-2]) for row in list(rows)[1:]]
    assert [(day.date(), code) for day, _, code in listed if isinstance(day, datetime)] == [
        (day, code) for day, codes in LISTED.items() for code in codes
    ]
    assert listed[1][1] == datetime(2027, 3, 28, 0, 30)
    # What the PDF and the workbook are made from.
    programme = published(forum, Release.objects.get(conference=forum))
    assert {day.date: [session.code for session in day.sessions] for day in programme.days} == LISTED


def test_api(forum: Conference, client: Client) -> None:
    for day, codes in LISTED.items():
        found = client.get(f"/api/v1/conferences/forum/sessions/?day={day}").json()["results"]
        assert [one["code"] for one in found] == codes
    assert client.get("/api/v1/conferences/forum/sessions/?day=2027-03-29").json()["results"] == []


def test_places_and_tomorrows_sessions(forum: Conference) -> None:
    registration = make_registration(forum)
    for session in forum.sessions.all():
        sign_up(registration, session, actor=SYSTEM)
    mine = programme_days(forum).by_day(places_of(forum, registration).mine())
    assert {day: [place.code for place in places] for day, places in mine.items()} == LISTED
    held = list(SignUp.objects.confirmed().order_by("during").select_related("session"))
    assert {day: [one.session.code for one in on_day(held, day, programme_days(forum))] for day in LISTED} == LISTED


def test_day_with_nothing_but_its_night_is_reminded_of(forum: Conference) -> None:
    registration = make_registration(forum)
    sign_up(registration, forum.sessions.get(code="NIGHT"), actor=SYSTEM)
    for evening, planned in ((FIRST, 0), (FIRST - timedelta(days=1), 1)):
        due = datetime.combine(evening, time(18), forum.zone)
        assert plan(due) == planned
    assert Message.objects.get(kind="agenda_reminder").data == {"day": FIRST.isoformat()}


def test_organizers_choose_and_keep_a_time_after_midnight(forum: Conference) -> None:
    draft = create_draft(forum, name="Next", actor=SYSTEM)
    session, room = forum.sessions.get(code="NIGHT"), forum.rooms.get()
    start = at(forum, "00:30", day=1)
    placement = Placement.objects.create(
        draft=draft, session=session, room=room, start=start, end=start + timedelta(hours=1)
    )
    ((day, ((code, text),)),) = _by_day(forum, draft)
    assert ("27 March" in day, code, text[:5]) == (True, "NIGHT", "00:30")
    form = PlaceForm(None, session=session, placement=placement)
    sent = PlaceForm({name: str(value) for name, value in form.initial.items()}, session=session, placement=placement)
    assert (sent.is_valid(), sent.start) == (True, start)


def test_last_night_can_be_chosen_too() -> None:
    conference = make_conference(days=1, opens=time(18), closes=time(23))
    day = conference.days.get()
    day.closes_at = at(conference, "03:00", day=1)
    day.save()
    session, room = make_session(conference), make_room(conference, code="hall")
    sent = PlaceForm({"day": "2037-06-02", "time": "01:00", "room": "hall"}, session=session, placement=None)
    assert (sent.is_valid(), room.code) == (True, "hall")
