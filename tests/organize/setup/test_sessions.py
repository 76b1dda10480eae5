"""Sessions as organizers keep them, with people, hosts and all that the scheduler weighs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.actors import SYSTEM
from journal.models import Entry
from registration.domain.signups.signing_up import sign_up
from registration.models import SignUp
from schedule.domain.programme.invitations import invite_to_speak
from schedule.models import Invitation, NotParallel, Preference, Role, Session, SessionHost, SessionOrder
from tests.factories import both, make_body, make_kind, make_person, make_registration, make_session, make_theme
from tests.organize.conftest import Desk
from tests.organize.setup.filled import filled, save

SESSIONS = "/organize/forum/setup/sessions/"


def at_session(session: Session, rest: str = "") -> str:
    return f"{SESSIONS}{session.pk}/{rest}"


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="session.").order_by("pk").values_list("verb", flat=True))


class House:
    """Ann and the City have a part in the Talk; Ben and the Lunch are there too."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ann = make_person(desk.conference, code="ann", name=both("Ann"), email="ann@example.org")
        self.ben = make_person(desk.conference, code="ben", name=both("Ben"))
        self.city = make_body(desk.conference, code="city", name=both("City"))
        self.theme = make_theme(desk.conference, code="peace", name=both("Peace"))
        self.lunch = make_session(desk.conference, code="LUNCH", title=both("Lunch"))
        self.role = Role.objects.create(session=desk.talk, person=self.ann, role="speaker")
        self.elsewhere = make_session(desk.elsewhere, code="THEIRS", title=both("Theirs"))
        make_person(desk.elsewhere, code="zoe", name=both("Zoe"))


@pytest.fixture
def house(desk: Desk) -> House:
    return House(desk)


def test_a_session_is_made_with_all_that_belongs_to_it(house: House, alice: Client) -> None:
    kind = make_kind(house.desk.conference)
    response = save(
        alice,
        f"{SESSIONS}new/",
        title_en="City Rights",
        abstract_ko="내용",
        kind=str(kind.pk),
        theme=str(house.theme.pk),
        duration_minutes="90",
        languages="en, ko",
        interpretation_pairs="ko-en",
        required_features=["projector"],
        fixed_start="2037-06-01T10:00",
        fixed_room=str(house.desk.attic.pk),
        **{
            "roles-0-role": "speaker",
            "roles-0-person_id": "ben",
            "roles-1-role": "chair",
            "host_links-0-body_id": "City",
            "preferences-0-room_id": str(house.desk.hall.pk),
            "order_before-0-earlier_id": "LUNCH",
            "not_parallel_first-0-other_id": "TALK",
        },
    )
    made = Session.objects.get(code="city-rights")
    assert (response.status_code, response["Location"]) == (302, at_session(made))
    assert (made.kind, made.theme, made.duration_minutes, made.fixed_room) == (
        kind,
        house.theme,
        90,
        house.desk.attic,
    )
    assert (made.languages, made.interpretation_pairs, made.required_features) == (
        ["en", "ko"],
        ["ko-en"],
        ["projector"],
    )
    assert f"{house.desk.conference.local(made.fixed_start):%d %H:%M}" == "01 10:00"  # type: ignore[arg-type]  # it was given
    assert list(made.roles.values_list("role", "person__code")) == [("speaker", "ben"), ("chair", None)]
    assert list(made.host_links.values_list("body__code", "is_shown")) == [("city", True)]
    assert [one.room for one in Preference.objects.filter(session=made)] == [house.desk.hall]
    assert SessionOrder.objects.filter(earlier=house.lunch, later=made).count() == 1
    assert NotParallel.objects.filter(first=house.desk.talk, second=made).count() == 1
    assert verbs() == ["session.edited"]
    # What it says is what its form shows.
    assert save(alice, at_session(made)).status_code == 302
    assert verbs() == ["session.edited"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"title_en": "", "title_ko": ""}, "title_en"),
        ({"duration_minutes": "0"}, "duration_minutes"),
        ({"duration_minutes": "99999"}, "duration_minutes"),
        ({"languages": "en; <b>"}, "languages"),
        ({"kind": "999999"}, "kind"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"not_before": "2037-06-01T12:00", "not_after": "2037-06-01T11:00"}, "__all__"),
        ({"roles-0-person_id": "zoe"}, "roles"),
        ({"roles-1-person_id": "ben"}, "roles"),
        ({"order_before-0-earlier_id": "THEIRS"}, "order_before"),
        ({"not_parallel_first-0-other_id": "TALK"}, "__all__"),
        ({"preferences-0-starts_at": "2037-06-01T12:00"}, "preferences"),
        ({"order_before-0-earlier_id": "TALK"}, "__all__"),
    ],
)
def test_what_a_session_cannot_be_is_said(house: House, alice: Client, changes: dict[str, Any], where: str) -> None:
    response = save(alice, at_session(house.desk.talk), **changes)
    assert response.status_code == 422
    form = response.context["form"]  # type: ignore[attr-defined]  # of the test client's answer
    said = [*form.errors, *(table.prefix for table in form.tables if any(table.errors))]
    assert (said, verbs()) == ([where], [])
    assert "rule of the data" not in response.content.decode()  # type: ignore[attr-defined]  # of the test client
    assert "field-error" in response.content.decode() or "error-summary" in response.content.decode()  # type: ignore[attr-defined]  # of the test client


def test_sessions_do_not_come_after_each_other(house: House, alice: Client) -> None:
    """Nor by way of others: no timetable could have them so."""
    tea = make_session(house.desk.conference, code="TEA")
    SessionOrder.objects.create(earlier=house.lunch, later=tea)
    after_lunch, after_tea = {"order_before-0-earlier_id": "LUNCH"}, {"order_before-0-earlier_id": "TEA"}
    assert save(alice, at_session(house.desk.talk), **after_tea).status_code == 302
    answer = save(alice, at_session(house.lunch), **{"order_before-0-earlier_id": "TALK"})
    assert (answer.status_code, SessionOrder.objects.filter(later=house.lunch).count()) == (422, 0)
    assert "A session cannot come after itself, nor after one that follows it." in answer.content.decode()  # type: ignore[attr-defined]  # of the test client
    assert save(alice, at_session(house.desk.talk), **after_lunch).status_code == 302


def test_lines_keep_what_hangs_on_them(house: House, alice: Client) -> None:
    invite_to_speak(house.role, actor=SYSTEM)
    path = at_session(house.desk.talk)
    save(alice, path, **{"roles-0-mode": "remote", "roles-1-role": "moderator", "roles-1-person_id": "Ben"})
    house.role.refresh_from_db()
    assert (house.role.mode, Invitation.objects.filter(role=house.role).count()) == ("remote", 1)
    assert list(house.desk.talk.roles.values_list("role", "person__code")) == [("speaker", "ann"), ("moderator", "ben")]
    save(alice, path, **{"roles-0-ORDER": "3"})
    assert list(house.desk.talk.roles.values_list("role", flat=True)) == ["moderator", "speaker"]
    save(alice, path, **{"roles-1-DELETE": "on"})
    assert list(house.desk.talk.roles.values_list("role", flat=True)) == ["moderator"]


def test_a_line_of_another_session_is_not_changed(house: House, alice: Client) -> None:
    theirs = Role.objects.create(session=house.lunch, person=house.ben, role="chair")
    response = save(alice, at_session(house.desk.talk), **{"roles-0-pk": str(theirs.pk), "roles-0-mode": "remote"})
    theirs.refresh_from_db()
    assert (response.status_code, theirs.mode, theirs.session) == (422, "in-person", house.lunch)


def test_what_people_follow_is_told_by_its_own_fact(house: House, alice: Client) -> None:
    registration = make_registration(house.desk.conference)
    sign_up(registration, house.desk.talk, actor=SYSTEM)
    save(
        alice, at_session(house.desk.talk), title_en="Speech", held_seats="2", capacity_cap="9", expected_attendance="5"
    )
    assert verbs() == ["session.edited", "session.renamed", "session.cap_changed", "session.seats_held"]
    history = alice.get(at_session(house.desk.talk, "history/")).context["changes"]
    assert history[-1].sentence == "Changed: session “Speech” – expected attendance: 0 → 5"
    wish = {"preferences-0-starts_at": "2037-06-01T22:00", "preferences-0-ends_at": "2037-06-02T01:00"}
    save(alice, at_session(house.desk.talk), **wish)
    save(alice, at_session(house.desk.talk), **{"preferences-1-room_id": str(house.desk.hall.pk)})
    newest = alice.get(at_session(house.desk.talk, "history/")).context["changes"][:2]
    told = "Changed: session “Speech” – preferred rooms and times: – → "
    assert [line.sentence for line in newest] == [f"{told}HALL", f"{told}2037-06-01 22:00–2037-06-02 01:00"]


def test_two_who_edit_people_at_once_are_shown_the_difference(house: House, alice: Client) -> None:
    path = at_session(house.desk.talk)
    mine = filled(alice, path, **{"roles-1-role": "chair"})
    save(alice, path, **{"roles-1-role": "moderator", "roles-1-person_id": "ben"})
    response = alice.post(path, mine)
    found = [(one.label, one.theirs, one.mine) for one in response.context["differences"]]
    assert (response.status_code, [label for label, _theirs, _mine in found]) == (409, ["Who appears"])
    assert ("Moderator, ben" in found[0][1], "Chair" in found[0][2]) == (True, True)
    assert house.desk.talk.roles.count() == 2


def test_a_session_is_cancelled_and_takes_place_again(house: House, alice: Client) -> None:
    sign_up(make_registration(house.desk.conference), house.desk.talk, actor=SYSTEM)
    path = at_session(house.desk.talk, "cancel/")
    assert "1 person has or awaits a place" in alice.get(path).text
    for _press in range(2):
        assert alice.post(path, {"act": "cancel"})["Location"] == at_session(house.desk.talk)
    house.desk.talk.refresh_from_db()
    assert (house.desk.talk.state, SignUp.objects.get().state) == ("cancelled", "left")
    alice.post(path, {"act": "reinstate"})
    assert verbs() == ["session.cancelled", "session.reinstated"]
    assert alice.post(path, {"act": "burn"}).status_code == 404


def test_a_session_that_was_published_is_cancelled_and_not_deleted(house: House, alice: Client) -> None:
    assert alice.post(at_session(house.desk.talk, "delete/")).status_code == 409
    SessionHost.objects.create(session=house.lunch, body=house.city)
    page = alice.get(at_session(house.lunch, "delete/"))
    assert [(one.what, one.count) for one in page.context["goes"]] == [("hosts", 1)]
    alice.post(at_session(house.lunch, "delete/"))
    assert list(Session.objects.filter(conference=house.desk.conference).values_list("code", flat=True)) == ["TALK"]


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("path", "number"), [("", 6), ("{pk}/", 13), ("{pk}/history/", 6), ("{pk}/delete/", 6)])
def test_pages_cost_the_same_for_any_number_of_lines(
    house: House, alice: Client, path: str, number: int, more: int
) -> None:
    for _n in range(more):
        Role.objects.create(session=house.desk.talk, role="speaker", person=make_person(house.desk.conference))
        SessionHost.objects.create(session=house.desk.talk, body=make_body(house.desk.conference))
        Preference.objects.create(session=make_session(house.desk.conference), room=house.desk.hall)
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(SESSIONS + path.format(pk=house.desk.talk.pk)).status_code == 200
    assert len(queries) == number
