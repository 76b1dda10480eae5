"""Taking somebody out of everything public, with a question before it, and putting them back."""

from __future__ import annotations

import pytest
from django.test import Client

from journal.actors import Actor
from journal.models import Entry
from schedule.models import Person
from tests.factories import both, make_person
from tests.organize.conftest import Desk


@pytest.fixture
def ann(desk: Desk) -> Person:
    """Ann speaks in the Talk."""
    person = make_person(desk.conference, code="ann", name=both("Ann"))
    desk.talk.roles.create(person=person, role="speaker")
    return person


PATH = "/organize/forum/people/ann/in-public/"


def test_organizer_is_asked_and_then_it_is_done_and_undone(desk: Desk, ann: Person, alice: Client) -> None:
    asked = alice.get(PATH).content.decode()
    assert "Take Ann out of everything public?" in asked
    assert "/organize/forum/sessions/TALK/" in asked
    ann.refresh_from_db()
    assert ann.taken_down_at is None
    done = alice.post(PATH, {"act": "take-down"}, follow=True).content.decode()
    assert "Ann is named nowhere in public any more." in done
    assert "Name Ann in public again?" in done
    assert "Named nowhere in public" in alice.get("/organize/forum/sessions/TALK/").content.decode()
    assert "Ann is no longer named in public" in alice.get("/organize/forum/journal/").content.decode()
    back = alice.post(PATH, {"act": "put-back"}, follow=True).content.decode()
    assert "Ann is named in public again." in back
    entries = Entry.objects.filter(verb__startswith="person.").order_by("pk").values_list("verb", "actor")
    actor = str(Actor.organizer(desk.alice.pk))
    assert list(entries) == [("person.taken_down", actor), ("person.put_back", actor)]


def test_viewer_sees_that_somebody_is_taken_down_and_can_do_nothing(desk: Desk, ann: Person, bob: Client) -> None:
    assert PATH not in bob.get("/organize/forum/sessions/TALK/").content.decode()
    assert bob.post(PATH, {"act": "take-down"}).status_code == 404
    assert not Entry.objects.filter(verb="person.taken_down").exists()


def test_anything_else_and_anybody_elses_is_not_found(desk: Desk, ann: Person, alice: Client, charlie: Client) -> None:
    make_person(desk.elsewhere, code="zoe")
    assert alice.post(PATH, {"act": "erase"}).status_code == 404
    assert alice.get("/organize/forum/people/zoe/in-public/").status_code == 404
    assert charlie.post(PATH, {"act": "take-down"}).status_code == 404
    ann.refresh_from_db()
    assert ann.taken_down_at is None
