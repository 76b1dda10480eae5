"""Several people at work on one draft at the same moment, on real connections. The control is without the lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError

from journal.actors import Actor
from journal.models import Entry
from schedule.domain.timetables import drafts, undoing
from schedule.domain.timetables.drafts import SessionsMoved, create_draft, place
from schedule.domain.timetables.undoing import UndoRefused, history_of, undo
from schedule.models import Draft, DraftStep, Placement, Room, Session
from tests.at_once import at_once
from tests.factories import at, make_conference, make_room, make_session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
ROUNDS = 5


class Work:
    """A draft with three sessions at nine, each in a room of its own."""

    def __init__(self) -> None:
        self.conference = make_conference()
        self.rooms = [make_room(self.conference) for _ in range(3)]
        self.sessions = [make_session(self.conference) for _ in range(3)]
        self.draft = create_draft(self.conference, name="Work", actor=Actor.organizer(0))
        for session, room in zip(self.sessions, self.rooms, strict=True):
            self.place(0, session, room, "09:00")

    def place(self, editor: int, session: Session, room: Room, clock: str, version: int | None = None) -> str:
        """What came of it; each editor has the draft as it was when they came."""
        draft, start = Draft.objects.get(pk=self.draft.pk), at(self.conference, clock)
        try:
            place(draft, session, room=room, start=start, actor=Actor.organizer(editor), version=version)
        except SessionsMoved as moved:
            return "refused" if moved.sessions == {session.pk} else f"refused for {moved.sessions}"
        return "moved"

    def version(self, session: Session) -> int:
        return Placement.objects.get(draft=self.draft, session=session).version

    def steps(self) -> int:
        return DraftStep.objects.filter(draft=self.draft).count()

    def undo(self, editor: int, step: int) -> str:
        try:
            undo(self.draft, step, actor=Actor.organizer(editor))
        except UndoRefused:
            return "refused"
        return "undone"


@pytest.fixture
def work() -> Work:
    return Work()


def test_three_who_move_three_sessions_never_refuse_each_other(work: Work) -> None:
    for number in range(ROUNDS):
        seen = {session.pk: work.version(session) for session in work.sessions}
        clock, before = f"{10 + number}:00", Draft.objects.get(pk=work.draft.pk).version
        ended = at_once(
            [
                partial(work.place, editor, session, room, clock, seen[session.pk])
                for editor, (session, room) in enumerate(zip(work.sessions, work.rooms, strict=True), start=1)
            ]
        )
        assert ended == ["moved"] * 3
        assert Draft.objects.get(pk=work.draft.pk).version == before + 3
    assert {one.start for one in work.draft.placements.all()} == {at(work.conference, f"{9 + ROUNDS}:00")}


@pytest.mark.parametrize("editors", [2, 3])
def test_of_those_who_move_one_session_at_once_one_is_first_and_the_others_are_told(work: Work, editors: int) -> None:
    session = work.sessions[0]
    for number in range(ROUNDS):
        seen, steps = work.version(session), work.steps()
        ended = at_once(
            [
                partial(work.place, editor, session, work.rooms[editor - 1], f"{10 + number}:00", seen)
                for editor in range(1, editors + 1)
            ]
        )
        assert Counter(ended) == {"moved": 1, "refused": editors - 1}
        assert work.steps() == steps + 1


def test_without_the_lock_they_overwrite_each_other(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same reads, without FOR UPDATE. The rule of one step at a time is what is left to notice it."""
    monkeypatch.setattr(drafts, "lock_draft", lambda draft, version=None: Draft.objects.get(pk=draft.pk))
    session, outcomes = work.sessions[0], Counter[str]()

    def rush(number: int) -> list[str]:
        seen = work.version(session)
        calls = [
            partial(work.place, editor, session, work.rooms[editor - 1], f"1{number}:00", seen) for editor in (1, 2)
        ]
        return at_once([partial(attempt, call) for call in calls])

    for number in range(ROUNDS):
        outcomes.update(rush(number))
    assert outcomes["refused by the database"] + outcomes["moved"] > ROUNDS


def attempt(call: Callable[[], str]) -> str:
    try:
        return call()
    except IntegrityError:
        return "refused by the database"


def test_undoing_and_moving_the_same_session_at_once_leaves_one_decision(work: Work) -> None:
    session, room = work.sessions[0], work.rooms[0]
    for number in range(ROUNDS):
        work.place(1, session, room, f"{10 + number}:00")
        step, seen = history_of(work.draft, Actor.organizer(1)).undo, work.version(session)
        assert step is not None
        ended = at_once([partial(work.undo, 1, step.pk), partial(work.place, 2, session, room, "17:30", seen)])
        # Whoever was second has been told.
        assert sorted(ended) in (["moved", "refused"], ["refused", "undone"])


def test_one_undo_pressed_twice_at_once_undoes_once(work: Work) -> None:
    work.place(1, work.sessions[0], work.rooms[0], "10:00")
    work.place(1, work.sessions[1], work.rooms[1], "10:00")
    step = history_of(work.draft, Actor.organizer(1)).undo
    assert step is not None
    assert Counter(at_once([partial(work.undo, 1, step.pk)] * 2)) == {"undone": 1, "refused": 1}
    assert Entry.objects.filter(verb="draft.undone", subject_id=work.draft.pk).count() == 1
    assert undoing.steps_of(work.draft).filter(is_undone=True).count() == 1
