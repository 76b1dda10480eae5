"""The journal says what changed: of whom, from what to what; and what one act changed is one row."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Membership
from journal.actors import Actor
from journal.models import Entry
from registration.domain.signups.signing_up import sign_up
from schedule.domain.editing.edits import EDITS
from schedule.domain.editing.lines import ROLES
from schedule.domain.editing.rows import change_row, version_of
from schedule.domain.programme.rooms import resize_room
from schedule.domain.programme.sessions import cancel_session
from schedule.domain.timetables.releasing import release
from tests.factories import make_person, make_registration
from tests.organize.conftest import Desk, member, signed_in
from tests.responses import squeezed

pytestmark = pytest.mark.django_db
JOURNAL = "/organize/forum/journal/"


def shown(client: Client, path: str = "") -> str:
    return squeezed(client.get(f"{JOURNAL}{path}").content.decode())


def rows(page: str) -> list[str]:
    """What the table says, a text for each row, without the marks."""
    return [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", row)).strip() for row in re.findall("<tr>.*?</tr>", page)][1:]


def held(desk: Desk, number: int) -> None:
    for n in range(number):
        registration = make_registration(desk.conference, display_name=f"Person {n}")
        sign_up(registration, desk.talk, actor=Actor.participant(registration.uid))


def test_what_a_release_changed_is_one_row_that_opens(desk: Desk, alice: Client) -> None:
    held(desk, 3)
    release(desk.draft, actor=Actor.organizer(desk.alice.pk))
    page = shown(alice)
    told = [row for row in rows(page) if "Release 2 published" in row or "Calendar entry" in row]
    assert len(told) == 1
    assert "3 more changes with it" in told[0]
    act = Entry.objects.get(verb="release.published").act
    opened = rows(shown(alice, f"?act={act}"))
    assert [row.count("Calendar entry for “Talk” changed: time") for row in opened] == [0, 1, 1, 1]
    assert ["Person" in row for row in opened] == [False, True, True, True]
    # What is asked for besides narrows both.
    assert [row.count("Calendar entry") for row in rows(shown(alice, f"?about=signup&act={act}"))] == [1, 1, 1]
    about = [row for row in rows(shown(alice, "?about=signup")) if "Calendar entry" in row]
    assert len(about) == 1
    assert "2 more changes with it" in about[0]


def test_so_is_what_followed_from_a_cancelled_session_and_the_session_tells_it(desk: Desk, alice: Client) -> None:
    held(desk, 2)
    cancel_session(desk.talk, actor=Actor.organizer(desk.alice.pk))
    newest = rows(shown(alice))[0]
    assert "“Talk” cancelled" in newest
    assert "2 more changes with it" in newest


def test_two_changes_by_the_same_person_stay_two(desk: Desk, alice: Client) -> None:
    for capacity in (40, 30):
        resize_room(desk.hall, capacity=capacity, actor=Actor.organizer(desk.alice.pk))
    assert ["Seats of Hall: 40 → 30" in rows(shown(alice))[0], "Seats of Hall: 50 → 40" in rows(shown(alice))[1]] == [
        True,
        True,
    ]


def test_a_row_leads_to_what_it_is_about(desk: Desk, alice: Client) -> None:
    resize_room(desk.hall, capacity=40, actor=Actor.organizer(desk.alice.pk))
    assert f'<a href="/organize/forum/setup/rooms/{desk.hall.pk}/">room “Hall”</a>' in shown(alice)


def test_who_was_taken_in_and_who_was_taken_out_is_told(desk: Desk, alice: Client) -> None:
    actor = Actor.organizer(desk.alice.pk)
    ann, ben = (make_person(desk.conference, name=name) for name in ("Ann", "Ben"))
    assert ROLES in EDITS[type(desk.talk)].lines
    for person in (ann, ben):
        desk.talk.refresh_from_db()
        kept = [{"role": "speaker", "person_id": person.pk, "mode": "in-person", "position": 0}]
        change_row(desk.talk, lines={"roles": kept}, version=version_of(desk.talk), actor=actor)
    assert "Ann → Ben" in rows(shown(alice))[0]
    assert "– → Ann" in rows(shown(alice))[1]


@pytest.mark.parametrize(
    ("sees", "named"), [(["desk", "registrations"], True), (["desk"], False)], ids=["registrations", "places alone"]
)
def test_whose_place_it_is_is_for_who_may_see_registrations(desk: Desk, sees: list[str], named: bool) -> None:
    held(desk, 1)
    reader = member(desk.team, "custom", "reader")
    Membership.objects.filter(user=reader).update(sees=sees, changes=[])
    page = shown(signed_in(reader))
    assert "Place in “Talk” confirmed" in page
    assert ("Person 0" in page) == named


def test_an_act_that_is_none_is_said(alice: Client, desk: Desk) -> None:
    assert "nonsense" in re.sub("<input[^>]*>", "", shown(alice, "?act=nonsense"))


def test_another_conferences_act_shows_nothing(desk: Desk, alice: Client) -> None:
    resize_room(
        desk.elsewhere.rooms.create(code="X", name="Elsewhere room", capacity=3),
        capacity=2,
        actor=Actor.organizer(desk.charlie.pk),
    )
    act = Entry.objects.get(verb="room.resized").act
    assert "Nothing has been changed yet." in shown(alice, f"?act={act}")
