"""Rooms as organizers keep them: list, form, closing and opening again, deleting, history."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from i18nfield.strings import LazyI18nString

from journal.models import Entry
from schedule.domain.editing.rows import free_code
from schedule.models import Room, RoomPart, Unavailability
from tests.factories import both, make_person, make_room
from tests.organize.conftest import Desk
from tests.organize.setup.filled import filled, save

ROOMS = "/organize/forum/setup/rooms/"


def at_room(room: Room, rest: str = "") -> str:
    return f"{ROOMS}{room.pk}/{rest}"


def verbs() -> list[str]:
    return list(Entry.objects.filter(verb__startswith="room.").order_by("pk").values_list("verb", flat=True))


def names(client: Client, query: str = "") -> list[str]:
    return [row["row"].code for row in client.get(ROOMS + query).context["rows"]]


def test_a_room_is_made_with_a_code_of_its_name(desk: Desk, alice: Client) -> None:
    response = save(
        alice,
        f"{ROOMS}new/",
        name_en="Great Hall",
        name_ko="대강당",
        capacity="120",
        features=["projector"],
        more_features="piano, stage",
        parts=[str(desk.hall.pk)],
    )
    room = Room.objects.get(code="great-hall")
    assert (response.status_code, response["Location"]) == (302, at_room(room))
    assert (room.conference, room.capacity, room.position) == (desk.conference, 120, 0)
    assert (room.name.data, room.features) == ({"en": "Great Hall", "ko": "대강당"}, ["projector", "piano", "stage"])
    assert list(room.parts.all()) == [desk.hall]
    assert verbs() == ["room.edited"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name_en": "", "name_ko": " \u200b"}, "name_en", "Give it a name in at least one language."),
        ({"code": "HALL"}, "__all__", "There is a room with this code."),
        ({"code": "a b"}, "code", "A code has letters, digits, hyphens and underscores"),
        ({"capacity": "-1"}, "capacity", "At least 0, please."),
        ({"capacity": "99999999999"}, "capacity", "At most 1000000, please."),
        ({"parts": ["999999"]}, "parts", "“999999” is not on the list."),
        ({"name_en": "x" * 201}, "name_en", "At most 200 characters, please"),
    ],
)
def test_what_a_room_cannot_be_is_said_beside_its_field(
    desk: Desk, alice: Client, changes: dict[str, Any], field: str, said: str
) -> None:
    response = save(alice, at_room(desk.attic), **changes)
    assert response.status_code == 422
    errors = response.context["form"].errors  # type: ignore[attr-defined]  # of the test client's answer
    assert list(errors) == [field]
    assert said in errors[field][0]
    assert verbs() == []
    assert save(alice, at_room(desk.attic), capacity="7").status_code == 302


def test_parts_of_other_conferences_and_circles_are_refused(desk: Desk, alice: Client) -> None:
    other = make_room(desk.elsewhere)
    RoomPart.objects.create(room=desk.hall, part=desk.attic)
    for part in (other, desk.hall):
        response = save(alice, at_room(desk.attic), parts=[str(part.pk)])
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["parts"])  # type: ignore[attr-defined]  # of the test client
    assert RoomPart.objects.count() == 1


def test_each_change_is_told_by_its_own_fact(desk: Desk, alice: Client) -> None:
    save(alice, at_room(desk.hall), name_en="Aula", capacity="60", distance_group="East", parts=[str(desk.attic.pk)])
    desk.hall.refresh_from_db()
    assert (str(desk.hall.name), desk.hall.capacity, desk.hall.distance_group) == ("Aula", 60, "East")
    assert verbs() == ["room.edited", "room.renamed", "room.resized"]
    page = alice.get(at_room(desk.hall, "history/")).context["changes"]
    assert [(line.actor, line.sentence) for line in page] == [
        ("Alice", "Seats of Aula: 50 → 60"),
        ("Alice", "Name of a room: “Hall” → “Aula”"),
        ("Alice", "Changed: room “Aula” – parts of rooms: – → Attic; floor or building: – → East"),
    ]


def test_what_is_not_changed_is_not_told(desk: Desk, alice: Client) -> None:
    assert save(alice, at_room(desk.hall)).status_code == 302
    assert verbs() == []


def test_words_of_languages_the_form_does_not_show_are_kept(desk: Desk, alice: Client) -> None:
    desk.conference.languages = ["en"]
    desk.conference.save()
    save(alice, at_room(desk.hall), name_en="Aula")
    desk.hall.refresh_from_db()
    assert desk.hall.name.data == {"en": "Aula", "ko": "Hall (한국어)"}
    Room.objects.filter(pk=desk.attic.pk).update(name=LazyI18nString("Plain"))
    assert filled(alice, at_room(desk.attic))["name_en"] == "Plain"
    save(alice, at_room(desk.attic), capacity="5")
    desk.attic.refresh_from_db()
    assert desk.attic.name.data == {"en": "Plain"}


def test_two_who_edit_at_once_are_shown_the_difference(desk: Desk, alice: Client) -> None:
    mine = filled(alice, at_room(desk.hall), capacity="70", name_ko="강당")
    save(alice, at_room(desk.hall), capacity="60", features=["projector"])
    response = alice.post(at_room(desk.hall), mine)
    assert response.status_code == 409
    found = [(one.label, one.theirs, one.mine) for one in response.context["differences"]]
    assert found == [
        ("Name (Korean)", "Hall (한국어)", "강당"),
        ("Seats", "60", "70"),
        ("Features", "Projector", "–"),
    ]
    assert response.context["newest"].sentence == "Seats of Hall: 50 → 60"
    desk.hall.refresh_from_db()
    assert (desk.hall.capacity, desk.hall.features) == (60, ["projector"])
    # Sending it again is a decision.
    again = mine | {"version": response.context["form"]["version"].value()}
    assert alice.post(at_room(desk.hall), again).status_code == 302
    desk.hall.refresh_from_db()
    assert (desk.hall.capacity, desk.hall.features) == (70, [])


@pytest.mark.parametrize("changed", ["part", "nothing"])
def test_parts_belong_to_the_version(desk: Desk, alice: Client, changed: str) -> None:
    mine = filled(alice, at_room(desk.hall), capacity="70")
    if changed == "part":
        RoomPart.objects.create(room=desk.hall, part=desk.attic)
    assert alice.post(at_room(desk.hall), mine).status_code == (409 if changed == "part" else 302)


def test_a_room_is_closed_and_opened_again(desk: Desk, alice: Client) -> None:
    times = {"starts_at": "2037-06-01T12:00", "ends_at": "2037-06-02T02:00", "reason": "Water"}
    assert alice.post(at_room(desk.hall, "away/"), times)["Location"] == at_room(desk.hall)
    closure = Unavailability.objects.get()
    local = desk.conference.local
    assert (closure.room, str(closure.reason)) == (desk.hall, "Water")
    assert [f"{local(at):%d %H:%M}" for at in (closure.starts_at, closure.ends_at)] == ["01 12:00", "02 02:00"]
    page = alice.get(at_room(desk.hall)).text
    assert f"/organize/forum/setup/absences/{closure.pk}/end/" in page
    assert alice.post(f"/organize/forum/setup/absences/{closure.pk}/end/")["Location"] == at_room(desk.hall)
    assert (Unavailability.objects.count(), verbs()) == (0, ["room.closed", "room.opened"])
    history = alice.get(at_room(desk.hall, "history/")).context["changes"]
    assert history[0].sentence == "Hall open again, from 1 June 2037, 12:00 to 2 June 2037, 02:00"


def test_a_closure_ends_after_it_starts(desk: Desk, alice: Client) -> None:
    times = {"starts_at": "2037-06-01T12:00", "ends_at": "2037-06-01T12:00"}
    response = alice.post(at_room(desk.hall, "away/"), times)
    assert (response.status_code, Unavailability.objects.count()) == (422, 0)


def test_what_stands_in_the_way_is_counted(desk: Desk, alice: Client) -> None:
    page = alice.get(at_room(desk.hall, "delete/"))
    assert [(one.what, one.count) for one in page.context["in_the_way"]] == [
        ("placements", 1),
        ("released placements", 1),
        ("seats", 1),
    ]
    assert '<button class="button button-danger"' not in page.text
    response = alice.post(at_room(desk.hall, "delete/"))
    assert (response.status_code, Room.objects.filter(pk=desk.hall.pk).count(), verbs()) == (409, 1, [])


def test_a_room_nobody_uses_is_deleted_with_its_closures(desk: Desk, alice: Client) -> None:
    alice.post(at_room(desk.attic, "away/"), {"starts_at": "2037-06-01T12:00", "ends_at": "2037-06-01T13:00"})
    page = alice.get(at_room(desk.attic, "delete/"))
    assert [(one.what, one.count) for one in page.context["goes"]] == [("unavailabilities", 1)]
    assert alice.post(at_room(desk.attic, "delete/"))["Location"] == ROOMS
    assert list(Room.objects.values_list("code", flat=True)) == ["HALL"]
    journal = alice.get("/organize/forum/journal/").context["changes"]
    assert journal[0].sentence == "Deleted: room “Attic”"


def test_the_list_is_searched_in_every_language_and_paged(desk: Desk, alice: Client) -> None:
    make_room(desk.elsewhere, code="THEIRS", name=both("Hall"))
    assert names(alice) == ["HALL", "ATTIC"]
    assert [names(alice, f"?q={words}") for words in ("hall", "한국어", "ATT", "%", "ko", "u00", "한국 attic")] == [
        ["HALL"],
        ["HALL", "ATTIC"],
        ["ATTIC"],
        [],
        [],  # the language is not what the room is called
        [],
        ["ATTIC"],
    ]
    for number in range(50):
        make_room(desk.conference, code=f"R{number}")
    assert (len(names(alice)), len(names(alice, "?page=2"))) == (50, 2)


def test_a_viewer_looks_and_changes_nothing(desk: Desk, bob: Client) -> None:
    page = bob.get(at_room(desk.hall)).text
    assert ("Hall" in page, 'type="submit">Save' in page, "Delete…" in page) == (True, False, False)
    assert bob.post(at_room(desk.hall), {"capacity": "1"}).status_code == 404


def test_a_code_is_free_and_made_of_latin_letters(desk: Desk) -> None:
    hall = Room(conference=desk.conference, name=both("Attic"))
    found = [free_code(hall, desk.conference)]
    for code in ("attic", "attic-1"):
        make_room(desk.conference, code=code)
        found.append(free_code(hall, desk.conference))
    korean = Room(conference=desk.conference, name=LazyI18nString({"ko": "강당"}))
    assert [*found, free_code(korean, desk.conference)] == ["attic", "attic-1", "attic-2", "room-1"]
    assert free_code(make_person(desk.conference, name="Ann Lee"), desk.conference) == "ann-lee"


@pytest.mark.parametrize("more", [0, 2])
@pytest.mark.parametrize(("path", "number"), [("", 6), ("{pk}/", 9), ("{pk}/history/", 9), ("{pk}/delete/", 6)])
def test_pages_cost_the_same_for_any_number_of_rooms(
    desk: Desk, alice: Client, path: str, number: int, more: int
) -> None:
    save(alice, at_room(desk.hall), distance_group="East", parts=[str(desk.attic.pk)])
    for _n in range(more):
        desk.hall.parts.add(make_room(desk.conference))
    with CaptureQueriesContext(connection) as queries:
        assert alice.get(ROOMS + path.format(pk=desk.hall.pk)).status_code == 200
    assert len(queries) == number


def test_features_that_stay_keep_their_order_so_that_nothing_seems_changed(desk: Desk, alice: Client) -> None:
    Room.objects.filter(pk=desk.hall.pk).update(features=["wheelchair", "projector"])
    save(alice, at_room(desk.hall), capacity="60", features=["projector", "wheelchair"])
    desk.hall.refresh_from_db()
    kept = desk.hall.features
    save(alice, at_room(desk.hall), capacity="61", features=["hybrid", "projector"])
    desk.hall.refresh_from_db()
    assert (kept, desk.hall.features) == (["wheelchair", "projector"], ["projector", "hybrid"])
