"""Two people edit one draft at random, undo and redo: it is always as a model says that knows no database.

The model is a list of steps. Where a session is, the newest step says that stands; whose turn it is to undo follows
from who moved what since.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.actors import Actor
from schedule.domain.timetables.applying import Seen, apply_difference
from schedule.domain.timetables.drafts import create_draft, place, unplace
from schedule.domain.timetables.undoing import UndoRefused, history_of, redo, undo
from schedule.models import Draft, DraftStep
from tests.factories import at, make_conference, make_room, make_session
from tests.properties.lives import LIVES

HOURS, SESSIONS, EDITORS = range(9, 13), range(3), range(2)
Where = dict[int, int | None]


@dataclass
class ModelStep:
    """Who moved which sessions from where to where; `turn` is when it was done, undone or made again last."""

    editor: int
    found: Where
    left: Where
    turn: int
    stands: bool = True


class Model:
    """What should be so: the hour of each session, None without a time."""

    def __init__(self) -> None:
        self.steps: list[ModelStep] = []
        self.turn = 0

    def where(self) -> Where:
        found: Where = dict.fromkeys(SESSIONS)
        for one in sorted(self.steps, key=lambda one: one.turn):
            found |= one.left if one.stands else {}
        return found

    def take(self, editor: int, wanted: Where) -> None:
        now = self.where()
        left = {session: hour for session, hour in wanted.items() if now[session] != hour}
        if left:
            self.steps = [one for one in self.steps if one.stands or one.editor != editor]
            self.turn += 1
            self.steps.append(ModelStep(editor, {session: now[session] for session in left}, left, self.turn))

    def turned(self, editor: int, *, stands: bool) -> bool | None:
        """Undo the editor's last step, or make it again; None where there is none, False where it must not be."""
        mine = [one for one in self.steps if one.editor == editor and one.stands is stands]
        step = max(mine, key=lambda one: one.turn, default=None)
        if step is None:
            return None
        now = self.where()
        theirs = [one for one in self.steps if one.stands and one.editor != editor and one.turn > step.turn]
        wanted = step.left if stands else step.found
        if any(one.left.keys() & wanted.keys() for one in theirs) or any(
            now[key] != hour for key, hour in wanted.items()
        ):
            return False
        self.turn += 1
        step.stands, step.turn = not stands, self.turn
        return True


class Stage:
    """A draft that is empty, and another whose times can be taken over."""

    def __init__(self) -> None:
        self.conference = make_conference(days=1)
        self.room = make_room(self.conference)
        self.sessions = [make_session(self.conference) for _ in SESSIONS]
        self.draft, self.other = (create_draft(self.conference, name=name, actor=Actor.organizer(9)) for name in "DO")
        for session in self.sessions[:2]:
            place(self.other, session, room=self.room, start=at(self.conference, "12:00"), actor=Actor.organizer(9))
        self.model = Model()

    def where(self) -> Where:
        placed = dict(self.draft.placements.values_list("session_id", "start"))
        hours = {key: self.conference.local(start).hour for key, start in placed.items()}
        return {number: hours.get(session.pk) for number, session in enumerate(self.sessions)}

    def act(self, editor: int, what: str, session: int, hour: int) -> None:
        """Do the same to the draft and to the model."""
        actor = Actor.organizer(editor + 1)
        if what == "place":
            start = at(self.conference, f"{hour:02}:00")
            place(self.draft, self.sessions[session], room=self.room, start=start, actor=actor)
            self.model.take(editor, {session: hour})
        elif what == "unplace":
            unplace(self.draft, self.sessions[session], actor=actor)
            self.model.take(editor, {session: None})
        elif what == "follow":
            versions = [dict(one.placements.values_list("session_id", "version")) for one in (self.draft, self.other)]
            seen = {one.pk: Seen(*(known.get(one.pk, -1) for known in versions)) for one in self.sessions}
            apply_difference(self.draft, self.other, seen, actor=actor)
            self.model.take(editor, {0: 12, 1: 12, 2: None})
        else:
            assert self.turned(actor, what) == self.model.turned(editor, stands=what == "undo")

    def turned(self, actor: Actor, what: str) -> bool | None:
        turn = undo if what == "undo" else redo
        step: DraftStep | None = getattr(history_of(self.draft, actor), what)
        if step is None:
            return None
        try:
            turn(self.draft, step.pk, actor=actor)
        except UndoRefused:
            return False
        return True


acts = st.tuples(
    st.sampled_from(EDITORS),
    st.sampled_from(["place", "place", "unplace", "follow", "undo", "undo", "redo", "redo"]),
    st.sampled_from(SESSIONS),
    st.sampled_from(HOURS),
)


@pytest.mark.django_db
@pytest.mark.timeout(120 * LIVES)
@settings(max_examples=15 * LIVES, deadline=None, derandomize=LIVES == 1, suppress_health_check=list(HealthCheck))
@given(st.lists(acts, min_size=5, max_size=20))
def test_what_two_editors_do_undo_and_redo_is_as_the_model_says(todo: list[tuple[int, str, int, int]]) -> None:
    with transaction.atomic():
        stage = Stage()
        for editor, what, session, hour in todo:
            stage.act(editor, what, session, hour)
            assert stage.where() == stage.model.where()
        assert Draft.objects.get(pk=stage.draft.pk).version == stage.model.turn
        transaction.set_rollback(True)
