"""A whole conference is deleted by typing its name, as long as nobody outside its team has heard of it."""

from __future__ import annotations

import pytest
from django.test import Client

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.timetables.drafts import create_draft
from schedule.models import Conference, Placement, Preference, Role, Room, Session, SessionHost, Unavailability
from tests.factories import (
    at,
    both,
    make_body,
    make_conference,
    make_person,
    make_registration,
    make_room,
    make_session,
    make_theme,
)
from tests.organize.conftest import Desk, member, signed_in

PAGE = "/organize/young/setup/conference/delete/"


@pytest.fixture
def young(desk: Desk) -> Conference:
    """A conference with something of everything that organizers keep, and a draft."""
    conference = make_conference(slug="young", name=both("Young"), team=desk.team)
    part = make_room(conference)
    room = make_room(conference, parts=[part])
    session = make_session(conference, theme=make_theme(conference), fixed_room=room)
    person = make_person(conference)
    Role.objects.create(session=session, person=person, role="speaker")
    SessionHost.objects.create(session=session, body=make_body(conference, contact=person))
    Preference.objects.create(session=session, room=part)
    start, end = at(conference, "10:00"), at(conference, "11:00")
    Unavailability.objects.create(conference=conference, room=room, starts_at=start, ends_at=end)
    draft = create_draft(conference, name="Work", actor=SYSTEM)
    Placement.objects.create(draft=draft, session=session, room=room, start=start, end=end)
    return conference


def test_its_name_deletes_it_and_leaves_all_others(young: Conference, desk: Desk, alice: Client) -> None:
    response = alice.post(PAGE, {"name": "Old"})
    assert (response.status_code, Conference.objects.count()) == (422, 3)
    assert alice.post(PAGE, {"name": "Young"})["Location"] == "/organize/"
    assert sorted(Conference.objects.values_list("slug", flat=True)) == ["elsewhere", "forum"]
    assert [model.objects.exclude(conference=desk.conference).count() for model in (Session, Room)] == [0, 0]
    entry = Entry.objects.filter(conference_id=young.pk).latest("pk")
    assert (entry.verb, entry.data["done"], entry.actor) == (
        "conference.edited",
        "deleted",
        f"organizer:{desk.alice.pk}",
    )
    assert alice.get("/organize/young/").status_code == 404


def test_what_was_published_or_has_registrations_stays(young: Conference, desk: Desk, alice: Client) -> None:
    published = alice.post("/organize/forum/setup/conference/delete/", {"name": "Forum"})
    assert (published.status_code, "It was published" in published.text) == (422, True)
    make_registration(young)
    registered = alice.post(PAGE, {"name": "Young"})
    assert (registered.status_code, "People have registered" in registered.text) == (422, True)
    assert (Conference.objects.count(), young.sessions.count()) == (3, 1)
    # Whoever comes is told at once, and asked for nothing.
    page = alice.get(PAGE).text
    assert ("registrations: 1" in page, 'name="name"' in page) == (True, False)


def test_owners_alone_delete(young: Conference, desk: Desk, alice: Client, bob: Client) -> None:
    organizer = signed_in(member(desk.team, "organizer", "olga"))
    answers = [(one.get(PAGE).status_code, one.post(PAGE, {"name": "Young"}).status_code) for one in (organizer, bob)]
    assert (answers, young.sessions.count()) == ([(404, 404)] * 2, 1)
    page = alice.get("/organize/young/setup/conference/")
    assert (PAGE in page.text, PAGE in organizer.get("/organize/young/setup/conference/").text) == (True, False)
