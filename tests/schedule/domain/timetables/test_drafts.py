from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from schedule.domain.timetables.drafts import DraftChanged, create_draft, draft_from_release, place, unplace
from schedule.models import Draft, Placement, Room, Session
from schedule.solver import problem as plain
from tests.factories import at, make_conference, make_release, make_room, make_session


class Desk:
    """A conference with two rooms and two sessions, and an empty draft."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.room, self.other = make_room(self.conference, code="room"), make_room(self.conference, code="other")
        self.a, self.b = make_session(self.conference, code="A", duration_minutes=45), make_session(self.conference)
        self.draft = create_draft(self.conference, name="Draft", actor=SYSTEM)
        self.start = at(self.conference, "09:00")

    def placed(self) -> list[tuple[Session, Room, object, object]]:
        rows = Placement.objects.filter(draft=self.draft).select_related("session", "room")
        return [(row.session, row.room, row.start, row.end) for row in rows]

    def told(self) -> list[tuple[str, str, int | None, dict[str, object]]]:
        rows = Entry.objects.filter(verb__startswith="draft.", conference_id=self.conference.pk).order_by("pk")
        assert set(rows.values_list("subject_id", flat=True)) == {self.draft.pk}
        return [(one.verb, one.actor, one.subject_id, one.data) for one in rows][1:]


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def test_a_draft_is_made_with_placements_and_its_origin(desk: Desk) -> None:
    rows = [plain.Placement("A", 540, 585, "room"), plain.Placement(desk.b.code, 600, 660, "other")]
    made = create_draft(desk.conference, name="Solved", actor=Actor.organizer(7), placements=rows, origin={"seed": 3})
    found = Placement.objects.filter(draft=made).order_by("start")
    assert [(one.session, one.room, one.start, one.end) for one in found] == [
        (desk.a, desk.room, desk.start, desk.start + timedelta(minutes=45)),
        (desk.b, desk.other, at(desk.conference, "10:00"), at(desk.conference, "11:00")),
    ]
    assert (made.version, made.origin) == (0, {"seed": 3})
    entry = Entry.objects.get(subject_id=made.pk, verb="draft.created")
    assert (entry.actor, entry.conference_id, entry.data) == ("organizer:7", desk.conference.pk, {})


@pytest.mark.parametrize("count", [1, 3])
def test_making_a_draft_costs_the_same_for_one_and_three_sessions(
    desk: Desk, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [plain.Placement(make_session(desk.conference).code, 540, 600, "room") for _ in range(count)]
    with transaction.atomic(), django_assert_num_queries(7):  # two of them are a savepoint
        create_draft(desk.conference, name="Solved", actor=SYSTEM, placements=rows)
    assert Placement.objects.count() == count


def test_a_draft_that_names_an_unknown_room_leaves_nothing(desk: Desk) -> None:
    nowhere = [plain.Placement("A", 0, 45, "nowhere")]
    with pytest.raises(KeyError):
        create_draft(desk.conference, name="Broken", actor=SYSTEM, placements=nowhere)
    assert [draft.name for draft in Draft.objects.all()] == ["Draft"]


def test_the_name_of_a_draft_is_unique_in_its_conference(desk: Desk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        create_draft(desk.conference, name="Draft", actor=SYSTEM)
    create_draft(make_conference(), name="Draft", actor=SYSTEM)
    assert Entry.objects.filter(verb="draft.created").count() == 2


def test_a_session_is_placed_for_its_length(desk: Desk) -> None:
    made = place(desk.draft, desk.a, room=desk.room, start=desk.start, actor=Actor.organizer(7))
    assert desk.placed() == [(desk.a, desk.room, desk.start, desk.start + timedelta(minutes=45))]
    assert (made.draft, desk.draft.version) == (desk.draft, 1)
    assert desk.told() == [
        (
            "draft.placed",
            "organizer:7",
            desk.draft.pk,
            {"session": desk.a.pk, "room": desk.room.pk, "start": desk.start.isoformat()},
        ),
    ]


def test_placing_again_moves(desk: Desk) -> None:
    first = place(desk.draft, desk.a, room=desk.room, start=desk.start, actor=SYSTEM)
    later = desk.start + timedelta(hours=3)
    second = place(desk.draft, desk.a, room=desk.other, start=later.astimezone(UTC), actor=SYSTEM)
    assert second.pk == first.pk
    assert desk.placed() == [(desk.a, desk.other, later, later + timedelta(minutes=45))]
    assert desk.draft.version == 2


def test_a_draft_may_hold_conflicts(desk: Desk) -> None:
    for session in (desk.a, desk.b):
        place(desk.draft, session, room=desk.room, start=desk.start, actor=SYSTEM)
    assert [session for session, *_ in desk.placed()] == [desk.a, desk.b]


def test_unplacing_takes_out_one_session_of_one_draft(desk: Desk) -> None:
    rows = [plain.Placement("A", 540, 585, "room")]
    other = create_draft(desk.conference, name="Other", actor=SYSTEM, placements=rows)
    for session in (desk.a, desk.b):
        place(desk.draft, session, room=desk.room, start=desk.start, actor=SYSTEM)
    unplace(desk.draft, desk.a, actor=Actor.organizer(7))
    assert [session for session, *_ in desk.placed()] == [desk.b]
    assert Placement.objects.filter(draft=other).count() == 1
    entry = Entry.objects.filter(verb="draft.unplaced").get()
    assert (entry.actor, entry.subject_id, entry.data) == ("organizer:7", desk.draft.pk, {"session": desk.a.pk})
    assert desk.draft.version == 3


def test_the_second_of_two_editors_is_told_and_changes_nothing(desk: Desk) -> None:
    alice, bob = (Draft.objects.get(pk=desk.draft.pk) for _ in range(2))
    place(alice, desk.a, room=desk.room, start=desk.start, actor=Actor.organizer(1), version=alice.version)
    before = desk.placed()
    for attempt in (
        lambda: place(bob, desk.a, room=desk.other, start=desk.start, actor=Actor.organizer(2), version=bob.version),
        lambda: unplace(bob, desk.a, actor=Actor.organizer(2), version=bob.version),
    ):
        with pytest.raises(DraftChanged) as caught:
            attempt()
        assert caught.value.version == 1
        assert str(caught.value) == ("Somebody else has changed this draft. Look at it again, then repeat your change.")
    assert desk.placed() == before
    assert [actor for _, actor, *_ in desk.told()] == ["organizer:1"]
    bob.refresh_from_db()
    place(bob, desk.a, room=desk.other, start=desk.start, actor=Actor.organizer(2), version=bob.version)
    assert [room for _, room, *_ in desk.placed()] == [desk.other]


def test_one_editor_goes_on_without_reading_again(desk: Desk) -> None:
    for hour in range(3):
        start = desk.start + timedelta(hours=hour)
        place(desk.draft, desk.a, room=desk.room, start=start, actor=SYSTEM, version=desk.draft.version)
    unplace(desk.draft, desk.a, actor=SYSTEM, version=desk.draft.version)
    assert Draft.objects.get(pk=desk.draft.pk).version == desk.draft.version == 4


@pytest.mark.parametrize("foreign", ["session", "room"])
def test_nothing_of_another_conference_comes_into_a_draft(desk: Desk, foreign: str) -> None:
    other = make_conference()
    session = make_session(other, duration_minutes=45) if foreign == "session" else desk.a
    room = make_room(other) if foreign == "room" else desk.room
    with pytest.raises(IntegrityError, match="belongs to another conference"), transaction.atomic():
        place(desk.draft, session, room=room, start=desk.start, actor=SYSTEM)
    assert (desk.placed(), desk.told()) == ([], [])
    assert Draft.objects.get(pk=desk.draft.pk).version == 0


@pytest.mark.parametrize("count", [1, 3])
def test_a_move_costs_the_same_in_a_draft_of_one_and_of_three(
    desk: Desk, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        place(desk.draft, make_session(desk.conference), room=desk.room, start=desk.start, actor=SYSTEM)
    place(desk.draft, desk.a, room=desk.room, start=desk.start, actor=SYSTEM)
    with django_assert_num_queries(7):  # two of them are savepoints
        place(desk.draft, desk.a, room=desk.other, start=desk.start, actor=SYSTEM)


def test_a_draft_from_a_release_has_all_of_it(desk: Desk) -> None:
    other = at(desk.conference, "11:00")
    release = make_release(desk.conference, [(desk.a, desk.room, desk.start), (desk.b, desk.other, other)])
    make_release(desk.conference, [(desk.a, desk.other, other)])
    Session.objects.filter(pk=desk.b.pk).update(state=Session.State.CANCELLED)
    made = draft_from_release(release, actor=Actor.organizer(7))
    found = Placement.objects.filter(draft=made).order_by("start")
    assert [(one.session, one.room, one.start, one.end) for one in found] == [
        (desk.a, desk.room, desk.start, desk.start + timedelta(minutes=45)),
        (desk.b, desk.other, other, other + timedelta(minutes=60)),
    ]
    assert (made.name, made.origin) == ("Release 1", {"release": 1})
    entry = Entry.objects.get(subject_id=made.pk, verb="draft.from_release")
    assert (entry.actor, entry.data) == ("organizer:7", {"number": 1})


def test_a_name_that_is_taken_gets_a_number(desk: Desk) -> None:
    release = make_release(desk.conference, [])
    long = "x" * 120
    names = [draft_from_release(release, actor=SYSTEM, name=name).name for name in ("Draft", "Draft", long, long)]
    assert names == ["Draft (2)", "Draft (3)", long, f"{'x' * 114} (2)"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_draft_from_a_release_costs_the_same_for_any_number_of_sessions(
    desk: Desk, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [(make_session(desk.conference), desk.room, desk.start + timedelta(hours=number)) for number in range(count)]
    release = make_release(desk.conference, rows)
    with transaction.atomic(), django_assert_num_queries(8):  # two of them are a savepoint
        draft_from_release(release, actor=SYSTEM)
