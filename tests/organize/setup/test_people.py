"""People, organisations, kinds and themes as organizers keep them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from journal.models import Entry
from schedule.models import Body, Kind, Person, Role, SessionGroup, Theme, Unavailability
from tests.factories import both, make_body, make_person, make_session, make_theme
from tests.organize.conftest import Desk
from tests.organize.setup.filled import filled, save

SETUP = "/organize/forum/setup/"


def entries() -> list[tuple[str, dict[str, object]]]:
    rows = Entry.objects.exclude(verb__startswith="draft.").order_by("pk")
    return list(rows.values_list("verb", "data"))


def test_a_person_is_made_and_what_they_say_is_not_told(desk: Desk, alice: Client) -> None:
    save(
        alice,
        f"{SETUP}people/new/",
        name_en="Ann Lee",
        email="Ann@Example.org",
        country="KR",
        affiliation="City",
        language="ko",
    )
    ann = Person.objects.get(code="ann-lee")
    assert (ann.conference, ann.email, ann.country, ann.language) == (desk.conference, "Ann@Example.org", "KR", "ko")
    path = f"{SETUP}people/{ann.pk}/"
    save(alice, path, email="lee@example.org", name_en="Ann B. Lee")
    said = [data for verb, data in entries() if verb == "person.edited"]
    assert said == [{"done": "added", "changes": {}}, {"changes": {"name": None, "email": None}}]
    alice.post(f"{path}delete/")
    assert (Person.objects.count(), entries()[-1]) == (0, ("person.edited", {"done": "deleted", "changes": {}}))


def test_a_person_with_a_role_stays(desk: Desk, alice: Client) -> None:
    ann = make_person(desk.conference, name=both("Ann"))
    Role.objects.create(session=desk.talk, person=ann, role="speaker")
    path = f"{SETUP}people/{ann.pk}/"
    assert f"{SETUP}sessions/{desk.talk.pk}/" in alice.get(path).text
    assert (alice.post(f"{path}delete/").status_code, Person.objects.count()) == (409, 1)


@pytest.mark.parametrize("kind", ["people", "bodies"])
def test_somebody_is_away_and_back(desk: Desk, alice: Client, kind: str) -> None:
    row = make_person(desk.conference) if kind == "people" else make_body(desk.conference)
    path = f"{SETUP}{kind}/{row.pk}/"
    alice.post(f"{path}away/", {"starts_at": "2037-06-01T09:00", "ends_at": "2037-06-01T18:00", "reason": "Train"})
    absence = Unavailability.objects.get()
    assert (absence.person or absence.body) == row
    assert "Train" in alice.get(path).text
    assert alice.post(f"{SETUP}absences/{absence.pk}/end/")["Location"] == path
    one = "person" if kind == "people" else "body"
    assert entries() == [(f"{one}.away", {}), (f"{one}.back", {})]
    assert len(alice.get(f"{path}history/").context["changes"]) == 2


def test_an_absence_of_another_conference_is_not_found(desk: Desk, alice: Client) -> None:
    theirs = make_person(desk.elsewhere)
    times = {"starts_at": desk.elsewhere.origin, "ends_at": desk.elsewhere.days.all()[0].closes_at}
    absence = Unavailability.objects.create(conference=desk.elsewhere, person=theirs, **times)
    answers = [
        alice.post(f"{SETUP}absences/{absence.pk}/end/").status_code,
        alice.get(f"{SETUP}people/{theirs.pk}/").status_code,
        alice.post(f"{SETUP}people/{theirs.pk}/delete/").status_code,
        alice.post(f"{SETUP}people/{theirs.pk}/away/", {}).status_code,
    ]
    assert (answers, Unavailability.objects.count(), Person.objects.count()) == ([404] * 4, 1, 1)


def test_an_organisation_has_a_contact_by_name_or_code(desk: Desk, alice: Client) -> None:
    ann = make_person(desk.conference, code="ann", name=both("Ann"))
    make_person(desk.elsewhere, code="zoe")
    save(alice, f"{SETUP}bodies/new/", name_en="City Hall", contact_code="Ann (한국어)", single_team="on")
    body = Body.objects.get()
    assert (body.code, body.contact, body.single_team) == ("city-hall", ann, True)
    path = f"{SETUP}bodies/{body.pk}/"
    assert filled(alice, path)["contact_code"] == "ann"
    assert save(alice, path, contact_code="zoe").status_code == 422
    save(alice, path, contact_code="")
    body.refresh_from_db()
    assert body.contact is None


def test_a_kind_in_use_stays_and_one_without_sessions_goes(desk: Desk, alice: Client) -> None:
    save(alice, f"{SETUP}kinds/new/", name_en="Walk", signup="limited", max_parallel="2", is_break="on")
    walk = Kind.objects.get(code="walk")
    assert (walk.signup, walk.max_parallel, walk.is_break, walk.position) == ("limited", 2, True, 0)
    assert save(alice, f"{SETUP}kinds/{walk.pk}/", max_parallel="0").status_code == 422
    used = alice.get(f"{SETUP}kinds/{desk.talk.kind_id}/delete/").context["in_the_way"]
    assert [(one.what, one.count) for one in used] == [("sessions", 1)]
    assert alice.post(f"{SETUP}kinds/{desk.talk.kind_id}/delete/").status_code == 409
    alice.post(f"{SETUP}kinds/{walk.pk}/delete/")
    assert Kind.objects.count() == 1


def test_a_theme_is_renamed(desk: Desk, alice: Client) -> None:
    theme = make_theme(desk.conference, name=both("Peace"))
    save(alice, f"{SETUP}themes/{theme.pk}/", name_ko="평화", position="3")
    theme.refresh_from_db()
    assert (theme.name.data, theme.position) == ({"en": "Peace", "ko": "평화"}, 3)
    said = alice.get(f"{SETUP}themes/{theme.pk}/history/").context["changes"][0].sentence
    assert said.startswith("Changed: theme “Peace” – ")
    assert Theme.objects.count() == 1


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(
    ("path", "number"),
    [("people/", 6), ("people/{person}/", 7), ("bodies/", 6), ("bodies/{body}/", 7), ("kinds/", 6), ("themes/", 6)],
)
def test_pages_cost_the_same_for_any_number_of_rows(
    desk: Desk, alice: Client, path: str, number: int, more: int
) -> None:
    person = make_person(desk.conference)
    body = make_body(desk.conference, contact=person)
    make_theme(desk.conference)
    for _n in range(more):
        Role.objects.create(session=desk.talk, person=person, role=f"role-{_n}")
        make_body(desk.conference, contact=make_person(desk.conference))
        make_theme(desk.conference)
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(SETUP + path.format(person=person.pk, body=body.pk)).status_code == 200
    assert len(queries) == number


def test_a_group_has_two_sessions_that_can_be_kept_together(desk: Desk, alice: Client) -> None:
    more = make_session(desk.conference, code="MORE", title=both("More"))
    path = f"{SETUP}groups/"
    first = {"sessions-0-session_id": "TALK", "sessions-1-session_id": "More"}
    assert save(alice, f"{path}new/", same="time", **first | {"sessions-1-session_id": "TALK"}).status_code == 422
    save(alice, f"{path}new/", same="time", **first)
    group = SessionGroup.objects.get()
    assert (group.same, set(group.sessions.all())) == ("time", {desk.talk, more})
    refused = save(alice, f"{path}new/", same="room", **first)
    text = "“More”, “Talk” would have to start at the same time in the same room."
    assert (refused.status_code, text in refused.content.decode()) == (422, True)  # type: ignore[attr-defined]  # of the test client
    assert alice.get(path).context["rows"][0]["cells"][0][1] == "More, Talk"
    assert alice.post(f"{path}{group.pk}/delete/")["Location"] == path
    assert [verb for verb, _data in entries()] == ["group.edited", "group.edited"]


def test_a_form_that_empties_the_code_and_is_refused_is_shown_again(desk: Desk, alice: Client) -> None:
    """What is beside the form is of the person as they are kept, and not of what was typed."""
    person = make_person(desk.conference, code="ann", email="ann@example.org")
    address = f"/organize/forum/setup/people/{person.pk}/"
    refused = alice.post(address, filled(alice, address, code="", email="nowhere"))
    assert (refused.status_code, refused.context["row"].code) == (422, "ann")
    assert "/organize/forum/people/ann/in-public/" in refused.text
