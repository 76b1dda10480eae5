"""Undoing one's own changes of a draft, whatever others do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from schedule.domain.timetables.applying import Seen, apply_difference
from schedule.domain.timetables.copies import copy_draft
from schedule.domain.timetables.drafts import DraftPutAside, create_draft, place, unplace
from schedule.domain.timetables.lifecycle import archive_draft
from schedule.domain.timetables.undoing import UndoRefused, history_of, redo, steps_of, undo
from schedule.models import DraftStep, Placement, Room, Session
from tests.factories import at, make_conference, make_room, make_session

ALICE, BOB = Actor.organizer(1), Actor.organizer(2)


class Work:
    """A draft of two editors: A is in the hall at nine, B has no time."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.hall, self.attic = (make_room(self.conference, code=code) for code in ("HALL", "ATTIC"))
        self.a, self.b = (make_session(self.conference, code=code) for code in "AB")
        self.draft = create_draft(self.conference, name="Work", actor=ALICE)
        start = at(self.conference, "09:00")
        Placement.objects.create(
            draft=self.draft, session=self.a, room=self.hall, start=start, end=at(self.conference, "10:00")
        )

    def place(self, actor: Actor, session: Session, clock: str, room: Room | None = None) -> None:
        start = at(self.conference, clock)
        place(self.draft, session, room=room or self.hall, start=start, actor=actor)

    def undo(self, actor: Actor) -> None:
        """What the button does that the page shows."""
        step = history_of(self.draft, actor).undo
        assert step is not None
        undo(self.draft, step.pk, actor=actor)

    def redo(self, actor: Actor) -> None:
        step = history_of(self.draft, actor).redo
        assert step is not None
        redo(self.draft, step.pk, actor=actor)

    def now(self) -> dict[str, tuple[str, str]]:
        """Where each session is."""
        rows = Placement.objects.filter(draft=self.draft).select_related("session", "room")
        return {one.session.code: (f"{self.conference.local(one.start):%H:%M}", one.room.code) for one in rows}

    def offered(self, actor: Actor) -> tuple[bool, bool]:
        """Whether there is something to undo, and to make again."""
        history = history_of(self.draft, actor)
        return history.undo is not None, history.redo is not None


@pytest.fixture
def work(db: None) -> Work:
    return Work()


def test_changes_are_undone_one_by_one_and_made_again(work: Work) -> None:
    work.place(ALICE, work.a, "11:00", work.attic)
    work.place(ALICE, work.b, "09:00")
    unplace(work.draft, work.a, actor=ALICE)
    seen = [work.now()]
    for _ in range(3):
        work.undo(ALICE)
        seen.append(work.now())
    first, second = {"A": ("09:00", "HALL")}, {"A": ("11:00", "ATTIC")}
    third, fourth = second | {"B": ("09:00", "HALL")}, {"B": ("09:00", "HALL")}
    assert seen == [fourth, third, second, first]
    assert work.offered(ALICE) == (False, True)
    again = []
    for _ in range(3):
        work.redo(ALICE)
        again.append(work.now())
    assert again == [second, third, fourth]
    assert work.offered(ALICE) == (True, False)


def test_what_was_undone_is_given_up_by_a_new_change_of_ones_own_alone(work: Work) -> None:
    work.place(ALICE, work.a, "11:00")
    work.place(BOB, work.b, "12:00")
    work.undo(ALICE)
    work.undo(BOB)
    work.place(ALICE, work.a, "13:00")
    assert (work.offered(ALICE), work.offered(BOB)) == ((True, False), (False, True))
    work.redo(BOB)
    assert work.now() == {"A": ("13:00", "HALL"), "B": ("12:00", "HALL")}


def test_undoing_mine_never_undoes_theirs(work: Work) -> None:
    """Whoever was later in one session keeps what was decided; in another session both undo freely."""
    work.place(ALICE, work.a, "11:00")
    work.place(BOB, work.b, "12:00")
    work.place(BOB, work.a, "13:00")
    before = work.now()
    with (
        pytest.raises(UndoRefused, match="was changed since, and that stands") as refused,
        translation.override("en"),
    ):
        work.undo(ALICE)
    assert (refused.value.session, refused.value.by, work.now()) == (work.a, BOB, before)
    work.undo(BOB)
    work.undo(ALICE)
    assert work.now() == {"A": ("09:00", "HALL"), "B": ("12:00", "HALL")}
    # Bob's change of A began where Alice had left it.
    with pytest.raises(UndoRefused):
        work.redo(BOB)
    work.redo(ALICE)
    with pytest.raises(UndoRefused):
        work.redo(BOB)
    assert work.now() == {"A": ("11:00", "HALL"), "B": ("12:00", "HALL")}


def test_what_somebody_has_confirmed_by_moving_there_and_back_stands(work: Work) -> None:
    work.place(ALICE, work.a, "11:00")
    work.place(BOB, work.a, "13:00")
    work.place(BOB, work.a, "11:00")
    with pytest.raises(UndoRefused):
        work.undo(ALICE)
    assert work.now() == {"A": ("11:00", "HALL")}


def test_an_earlier_change_is_undone_where_a_later_one_stands_in_the_way(work: Work) -> None:
    work.place(ALICE, work.b, "12:00")
    work.place(ALICE, work.a, "11:00")
    work.place(BOB, work.a, "13:00")
    blocked, free = steps_of(work.draft).filter(actor=str(ALICE))
    with pytest.raises(UndoRefused):
        undo(work.draft, blocked.pk, actor=ALICE)
    undo(work.draft, free.pk, actor=ALICE)
    assert work.now() == {"A": ("13:00", "HALL")}


def test_of_two_own_changes_of_a_session_the_later_goes_first(work: Work) -> None:
    work.place(ALICE, work.a, "11:00")
    work.place(ALICE, work.a, "12:00")
    _later, first = steps_of(work.draft)
    with pytest.raises(UndoRefused, match="Undo that first") as refused, translation.override("en"):
        undo(work.draft, first.pk, actor=ALICE)
    assert (refused.value.by, work.now()) == (ALICE, {"A": ("12:00", "HALL")})


def test_many_sessions_moved_at_once_are_one_step(work: Work) -> None:
    other = copy_draft(work.draft, actor=ALICE)
    for session in (work.a, work.b):
        place(other, session, room=work.attic, start=at(work.conference, "14:00"), actor=ALICE)
    versions = {one.session_id: one.version for one in other.placements.all()}
    seen = {work.a.pk: Seen(0, versions[work.a.pk]), work.b.pk: Seen(-1, versions[work.b.pk])}
    assert apply_difference(work.draft, other, seen, actor=ALICE) == 2
    assert work.now() == {"A": ("14:00", "ATTIC"), "B": ("14:00", "ATTIC")}
    # One of them is somebody else's now: neither is undone.
    work.place(BOB, work.b, "15:00")
    with pytest.raises(UndoRefused):
        work.undo(ALICE)
    assert work.now() == {"A": ("14:00", "ATTIC"), "B": ("15:00", "HALL")}
    work.undo(BOB)
    work.undo(ALICE)
    assert work.now() == {"A": ("09:00", "HALL")}


@pytest.mark.parametrize("whose", ["another's", "undone already", "of another draft", "unknown"])
def test_a_step_that_is_not_there_to_be_undone_changes_nothing(work: Work, whose: str) -> None:
    work.place(ALICE, work.a, "11:00")
    step = DraftStep.objects.get()
    actor, draft, key = ALICE, work.draft, step.pk
    if whose == "another's":
        actor = BOB
    elif whose == "undone already":
        work.undo(ALICE)
    elif whose == "of another draft":
        draft = copy_draft(work.draft, actor=ALICE)
    else:
        key += 1
    before = work.now()
    with pytest.raises(UndoRefused):
        undo(draft, key, actor=actor)
    assert work.now() == before


def test_a_room_that_is_gone_is_not_gone_back_to(work: Work) -> None:
    work.place(ALICE, work.b, "12:00", work.attic)
    work.place(ALICE, work.b, "12:00")
    work.attic.delete()
    with pytest.raises(UndoRefused, match="is gone"), translation.override("en"):
        work.undo(ALICE)
    assert work.now() == {"A": ("09:00", "HALL"), "B": ("12:00", "HALL")}


def test_a_session_that_is_gone_takes_its_changes_along(work: Work) -> None:
    work.place(ALICE, work.a, "11:00")
    work.place(ALICE, work.b, "12:00")
    work.b.delete()
    work.undo(ALICE)
    assert (work.now(), work.offered(ALICE)) == ({"A": ("09:00", "HALL")}, (False, True))


def test_the_journal_says_what_was_undone_and_where_it_went(work: Work) -> None:
    work.place(ALICE, work.b, "12:00")
    work.undo(ALICE)
    work.redo(ALICE)
    noon = at(work.conference, "12:00")
    there = {"session": work.b.pk, "room": work.hall.pk}
    stored = noon.astimezone(UTC).isoformat()
    gone = {"session": work.b.pk, "old_room": work.hall.pk, "old_start": stored}
    told = Entry.objects.filter(subject_id=work.draft.pk, verb__startswith="draft.").order_by("pk")[1:]
    assert [(one.verb, one.data) for one in told] == [
        ("draft.placed", there | {"start": noon.isoformat()}),
        ("draft.undone", {"sessions": 1}),
        ("draft.unplaced", gone),
        ("draft.redone", {"sessions": 1}),
        ("draft.placed", there | {"start": stored}),
    ]


def test_a_draft_that_is_put_aside_is_not_undone(work: Work) -> None:
    work.place(ALICE, work.a, "11:00")
    archive_draft(work.draft, actor=BOB)
    with pytest.raises(DraftPutAside):
        work.undo(ALICE)
    assert work.now() == {"A": ("11:00", "HALL")}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("turn", [undo, redo])
def test_undoing_costs_the_same_for_one_and_three_sessions(
    work: Work, count: int, turn: Callable[..., DraftStep], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = copy_draft(work.draft, actor=ALICE)
    sessions = [make_session(work.conference) for _ in range(count)]
    for session in sessions:
        place(other, session, room=work.hall, start=at(work.conference, "15:00"), actor=ALICE)
    seen = {one.session_id: Seen(-1, one.version) for one in other.placements.filter(session__in=sessions)}
    apply_difference(work.draft, other, seen, actor=ALICE)
    step = DraftStep.objects.get(draft=work.draft)
    if turn is redo:
        undo(work.draft, step.pk, actor=ALICE)
    with django_assert_num_queries(UNDOING[turn]):
        turn(work.draft, step.pk, actor=ALICE)


# Two of them are a savepoint.
UNDOING = {undo: 11, redo: 11}
