"""What a conference still needs, from an empty one to one that people come to."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organize.overview.checklist import checklist
from registration.models import Interest
from schedule.models import Conference, Role
from tests.factories import make_conference, make_person, make_registration, make_room, make_session
from tests.organize.conftest import Desk


def undone(conference: Conference) -> list[str]:
    return [step.what for step in checklist(conference) if not step.is_done]


@pytest.mark.django_db
def test_steps_are_done_by_what_is_there() -> None:
    conference = make_conference(is_public=False, registration_open=False)
    conference.texts.all().delete()
    other = make_conference()
    make_room(other)
    Role.objects.create(session=make_session(other), person=make_person(other), role="speaker")
    empty = [
        "Rooms are there",
        "Sessions are there",
        "Whoever appears can be written to",
        "A draft has times and rooms",
        "A timetable is published",
        "There is a privacy notice",
        "There is an address for questions",
        "The conference is public",
        "Registration is open",
        "Participants have said what they wish for",
    ]
    assert undone(conference) == empty
    make_room(conference)
    session = make_session(conference)
    people = [make_person(conference), make_person(conference, email="ann@example.org")]
    for person in people:
        Role.objects.create(session=session, person=person, role="speaker")
        Role.objects.create(session=session, person=person, role="chair")
    assert undone(conference) == [
        "Whoever appears can be written to (1 has no mail address)",
        *empty[3:],
    ]
    with CaptureQueriesContext(connection) as queries:
        checklist(conference)
    assert len(queries) == 1


def test_each_line_leads_to_its_page_and_all_vanish_once_done(desk: Desk, alice: Client, bob: Client) -> None:
    steps = checklist(desk.conference)
    assert [(step.what, step.is_done) for step in steps if not step.is_done] == [
        ("There is an address for questions", False),
        ("Participants have said what they wish for", False),
    ]
    assert {alice.get(step.url).status_code for step in steps} == {200}
    seen = ["Until people can come" in one.get("/organize/forum/").text for one in (alice, bob)]
    Interest.objects.create(registration=make_registration(desk.conference), session=desk.talk, rank=1)
    Conference.objects.filter(pk=desk.conference.pk).update(contact_email="hello@example.org")
    done = "Until people can come" in alice.get("/organize/forum/").text
    assert (seen, done, checklist(Conference.objects.get(slug="forum"))) == ([True, False], False, [])
