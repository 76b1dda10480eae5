from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from schedule.domain.timetables.changes import changes_between
from schedule.models import Release, Session
from tests.factories import at, make_conference, make_release, make_room, make_session


class Programme:
    """Three sessions and two rooms to publish them in."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.rooms = {"x": make_room(self.conference, code="x"), "y": make_room(self.conference, code="y")}
        self.sessions = {code: make_session(self.conference, code=code) for code in "ABC"}

    def release(self, **placed: str) -> Release:
        """Publish, each "09:00 x"."""
        placements = []
        for code, words in placed.items():
            clock, room = words.split()
            placements.append((self.sessions[code], self.rooms[room], at(self.conference, clock)))
        return make_release(self.conference, placements)


@pytest.fixture
def programme(db: None) -> Programme:
    return Programme()


def changes(old: Release | None, new: Release) -> list[tuple[str, list[str]]]:
    return [(one.session.code, sorted(one.kinds)) for one in changes_between(old, new)]


def test_every_kind_of_change_is_named(programme: Programme) -> None:
    old = programme.release(A="09:00 x", B="12:00 y")
    new = programme.release(A="09:00 y", B="14:00 x", C="16:00 x")
    assert changes(old, new) == [("A", ["room"]), ("B", ["room", "time"]), ("C", ["added"])]
    assert changes(new, programme.release(A="10:00 y", B="14:00 x")) == [("A", ["time"]), ("C", ["removed"])]


def test_nothing_changed_is_no_change(programme: Programme) -> None:
    old = programme.release(A="09:00 x", B="12:00 y")
    assert changes(old, programme.release(B="12:00 y", A="09:00 x")) == []


def test_against_nothing_everything_is_added(programme: Programme) -> None:
    new = programme.release(B="12:00 y", A="09:00 x")
    assert changes(None, new) == [("A", ["added"]), ("B", ["added"])]
    assert [one.old for one in changes_between(None, new)] == [None, None]


def test_a_longer_session_has_another_time(programme: Programme) -> None:
    old = programme.release(A="09:00 x")
    Session.objects.filter(code="A").update(duration_minutes=90)
    programme.sessions["A"].refresh_from_db()
    assert changes(old, programme.release(A="09:00 x")) == [("A", ["time"])]


def test_a_change_holds_both_placements(programme: Programme) -> None:
    old, new = programme.release(A="09:00 x"), programme.release(A="12:00 y")
    (change,) = changes_between(old, new)
    assert change.old == old.placements.get()
    assert change.new == new.placements.get()
    assert change.session == programme.sessions["A"]


def test_changes_are_in_order_of_time_then_code(programme: Programme) -> None:
    old = programme.release(A="15:00 x", B="09:00 x", C="12:00 x")
    new = programme.release(A="10:00 x", C="10:00 y")
    assert changes(old, new) == [("B", ["removed"]), ("A", ["time"]), ("C", ["room", "time"])]


@pytest.mark.parametrize("codes", ["A", "ABC"])
def test_comparing_costs_four_queries_and_two_where_nothing_differs(
    programme: Programme, codes: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hours = {code: f"{9 + hour:02}:00" for hour, code in enumerate(codes)}
    old = programme.release(**{code: f"{clock} x" for code, clock in hours.items()})
    new = programme.release(**{code: f"{clock} y" for code, clock in hours.items()})
    with django_assert_num_queries(4):
        found = [(one.session.code, one.new and one.new.room.code) for one in changes_between(old, new)]
    assert found == [(code, "y") for code in codes]
    with django_assert_num_queries(2):
        assert changes_between(new, new) == []
