"""Where could it go? What an organizer sees of all places of a day, and what becomes of a choice."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.test import Client

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.timetables.drafts import place
from schedule.models import Placement, Session
from tests.factories import at, both, make_session
from tests.organize.conftest import Desk
from tests.responses import squeezed

DAY = "2037-06-01"


def address(desk: Desk, code: str = "TALK", kind: str = "places/") -> str:
    return f"/organize/forum/drafts/{desk.draft.pk}/sessions/{code}/{kind}"


def beside(desk: Desk, code: str = "LAB", clock: str = "14:00") -> Session:
    """Another session, in the attic."""
    session = make_session(desk.conference, code=code, title=both(code.title()))
    place(desk.draft, session, room=desk.attic, start=at(desk.conference, clock), actor=SYSTEM)
    desk.draft.refresh_from_db()
    return session


def test_every_place_of_the_day_is_free_with_its_cost_or_impossible_with_its_rule(desk: Desk, alice: Client) -> None:
    beside(desk)
    html = squeezed(alice.get(address(desk)).content.decode())
    assert "Where could “Talk” go?" in html
    assert html.count("Here now") == 1
    assert "✕</span>Taken: Lab</span>" in html
    found = alice.get(address(desk, kind="places.json")).json()
    start = at(desk.conference, "14:00").astimezone(UTC).isoformat()
    there = {(one["start"], one["room"]): one for one in found["places"]}
    assert there[start, "ATTIC"] == {
        "start": start,
        "room": "ATTIC",
        "rules": ["room_double"],
        "taken_by": "LAB",
        "costs": {},
        "cost": 0,
    }
    assert there[start, "HALL"]["rules"] == []
    assert (found["session"], found["day"], found["now"]["room"]) == ("TALK", DAY, "HALL")
    assert [one["with"] for one in found["exchanges"]] == ["LAB"]


def test_a_free_place_is_a_button_that_moves_the_session_there(desk: Desk, alice: Client) -> None:
    start = at(desk.conference, "15:00").astimezone(UTC)
    value = f"{start.isoformat()} ATTIC"
    html = alice.get(address(desk)).content.decode()
    assert f'name="place" value="{value}"' in html
    response = alice.post(address(desk), {"version": desk.draft.version, "place": value})
    assert response.status_code == 302
    placement = Placement.objects.get(draft=desk.draft, session=desk.talk)
    assert (placement.room, placement.start) == (desk.attic, start)
    assert Entry.objects.filter(verb="draft.placed").count() == 1


def test_two_sessions_change_places_in_one_change(desk: Desk, alice: Client) -> None:
    lab = beside(desk)
    assert 'name="other" value="LAB"' in alice.get(address(desk)).content.decode()
    response = alice.post(address(desk), {"version": desk.draft.version, "other": "LAB"}, follow=True)
    assert "“Talk” and “Lab” have changed places." in response.content.decode()
    rows = {row.session_id: (row.room, row.start) for row in Placement.objects.filter(draft=desk.draft)}
    assert rows == {
        desk.talk.pk: (desk.attic, at(desk.conference, "14:00")),
        lab.pk: (desk.hall, at(desk.conference, "10:00")),
    }


@pytest.mark.parametrize("choice", [{"place": f"{DAY}T12:00:00+00:00 ATTIC"}, {"other": "LAB"}])
def test_a_choice_made_on_an_older_draft_moves_nothing(desk: Desk, alice: Client, choice: dict[str, str]) -> None:
    beside(desk)
    before = set(Placement.objects.values_list("session", "room", "start"))
    response = alice.post(address(desk), {"version": desk.draft.version - 1} | choice)
    assert response.status_code == 409
    assert "Somebody else has changed this draft." in response.content.decode()
    assert set(Placement.objects.values_list("session", "room", "start")) == before


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"place": "tomorrow HALL"},
        {"place": f"{DAY}T12:00:00 HALL"},
        {"place": f"{DAY}T12:00:00+00:00 NONE"},
        {"place": "2031-01-01T12:00:00+00:00 HALL"},
        {"place": "0001-01-01T00:00:00+14:00 HALL"},
        {"other": "TALK"},
        {"other": "NONE"},
        {"place": f"{DAY}T12:00:00+00:00 HALL", "other": "LAB"},
    ],
)
def test_what_is_no_choice_is_refused(desk: Desk, alice: Client, choice: dict[str, str]) -> None:
    beside(desk)
    before = set(Placement.objects.values_list("session", "room", "start"))
    assert alice.post(address(desk), {"version": desk.draft.version} | choice).status_code == 422
    assert set(Placement.objects.values_list("session", "room", "start")) == before


def test_changing_places_takes_two_that_have_one(desk: Desk, alice: Client) -> None:
    make_session(desk.conference, code="LOST")
    response = alice.post(address(desk), {"version": desk.draft.version, "other": "LOST"})
    assert response.status_code == 409
    assert "Both sessions need a time" in response.content.decode()


def test_a_session_without_a_time_is_offered_places_too(desk: Desk, alice: Client) -> None:
    make_session(desk.conference, code="LOST", title=both("Lost"))
    html = alice.get(address(desk, "LOST")).content.decode()
    assert "It has no time yet." in html
    assert "Change places with" not in html
    assert "Here now" not in html


def test_who_may_only_look_sees_places_and_no_buttons(desk: Desk, bob: Client) -> None:
    beside(desk)
    html = bob.get(address(desk)).content.decode()
    assert "Taken: Lab" in html
    assert 'name="place"' not in html
    assert 'name="other"' not in html
    assert bob.post(address(desk), {"version": desk.draft.version, "other": "LAB"}).status_code == 404


def test_what_cannot_be_planned_has_no_places(desk: Desk, alice: Client) -> None:
    make_session(desk.conference, code="GONE", state=Session.State.CANCELLED)
    assert alice.get(address(desk, "GONE")).status_code == 404
    assert alice.get(address(desk, "GONE", "places.json")).status_code == 404


def test_where_no_day_is_open_there_is_no_place(desk: Desk, alice: Client) -> None:
    desk.conference.days.all().delete()
    assert "does not fit into the opening hours" in alice.get(address(desk)).content.decode()
    assert alice.get(address(desk, kind="places.json")).json()["places"] == []


def test_a_fine_grid_shows_some_starts_and_all_when_asked(desk: Desk, alice: Client) -> None:
    desk.conference.slot_minutes = 5
    desk.conference.save()
    coarse, fine = (alice.get(address(desk) + query).content.decode() for query in ("", f"?day={DAY}&every=1"))
    assert "Not every start is shown." in coarse
    assert "Not every start is shown." not in fine
    assert coarse.count("<tr>") < fine.count("<tr>")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_sessions(
    desk: Desk, alice: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        start = at(desk.conference, "14:00") + timedelta(hours=number)
        session = make_session(desk.conference, code=f"MORE{number}")
        place(desk.draft, session, room=desk.hall, start=start, actor=SYSTEM)
    # Browser session, user, conference, membership, draft, session, the problem (five), weights, the timetable.
    with django_assert_num_queries(13):
        alice.get(address(desk))
