"""Rows changed by version: what was wanted survives a failed try, and what is gone is noticed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.editing import rows
from schedule.domain.editing.hanging import Fate, hanging_on
from schedule.domain.editing.rows import RowChanged, RowGone, change_row, delete_row, version_of
from schedule.models import Room, RoomPart
from tests.factories import both, make_conference, make_room

pytestmark = pytest.mark.django_db


def room_to_change() -> tuple[Room, str]:
    room = make_room(make_conference(), code="HALL", name=both("Hall"), capacity=50)
    version = version_of(room)
    room.name, room.capacity, room.distance_group = both("Aula"), 60, "East"
    return room, version


def test_a_try_that_fails_leaves_what_was_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is run again after a deadlock begins with it."""
    room, version = room_to_change()

    def fail(*args: object, **options: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "record", fail)
        with pytest.raises(RuntimeError):
            change_row(room, version=version, actor=SYSTEM)
    assert (str(room.name), room.capacity, Entry.objects.count()) == ("Aula", 60, 0)
    change_row(room, version=version, actor=SYSTEM)
    stored = Room.objects.get(pk=room.pk)
    assert (str(stored.name), stored.capacity, stored.distance_group) == ("Aula", 60, "East")


def test_another_version_is_refused_with_what_is_stored() -> None:
    room, version = room_to_change()
    Room.objects.filter(pk=room.pk).update(position=99)
    with pytest.raises(RowChanged) as caught:
        change_row(room, version=version, actor=SYSTEM)
    stored = caught.value.stored
    assert isinstance(stored, Room)
    assert (stored.position, str(stored.name), Entry.objects.count()) == (99, "Hall", 0)


def test_a_row_that_is_gone_is_noticed_and_deleted_once() -> None:
    room, version = room_to_change()
    key = room.pk
    for _press in range(2):
        delete_row(Room(pk=key, conference_id=room.conference_id), actor=SYSTEM)
    with pytest.raises(RowGone):
        change_row(room, version=version, actor=SYSTEM)
    assert list(Entry.objects.values_list("verb", flat=True)) == ["room.edited"]


def test_a_room_is_no_part_of_its_parts_by_whatever_way() -> None:
    conference = make_conference()
    first, second, third = (make_room(conference) for _n in range(3))
    RoomPart.objects.create(room=first, part=second)
    RoomPart.objects.create(room=second, part=third)
    with pytest.raises(ValidationError):
        change_row(third, lines={"part_links": [{"part_id": first.pk}]}, version=version_of(third), actor=SYSTEM)
    assert RoomPart.objects.count() == 2


def test_what_hangs_on_a_row_is_counted_in_one_query() -> None:
    conference = make_conference()
    part = make_room(conference)
    for _n in range(2):
        make_room(conference, parts=[part])
    with CaptureQueriesContext(connection) as queries:
        found = hanging_on(part)
    assert ([(one.what, one.count, one.fate) for one in found], len(queries)) == (
        [("parts of rooms", 2, Fate.GOES)],
        1,
    )
