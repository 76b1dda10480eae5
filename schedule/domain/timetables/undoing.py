"""Undoing one's own changes of a draft, and making them again.

Each person has their own history in each draft, kept in the database: it outlasts a reload and what others do. A step
is undone as a whole, and only while every session in it is where the step has left it: what somebody else has decided
since stands. The same holds for doing it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.timetables.drafts import lock_draft
from schedule.domain.timetables.steps import GONE, Shift, placed_in, put, shifts_of, spot_of, tell
from schedule.facts.drafts import StepRedone, StepUndone
from schedule.models import Draft, DraftStep, Session, StepMove


class UndoRefused(Exception):
    """The step cannot be undone, or not made again. Nothing was changed.

    `session` is one that stands in the way, and `by` who has changed it since, where that is known.
    """

    def __init__(self, sentence: str, *, session: Session | None = None, by: Actor | None = None) -> None:
        super().__init__(sentence)
        self.session, self.by = session, by


@dataclass(frozen=True)
class History:
    """What somebody can do in a draft: the step that is undone next, and the one that is made again next."""

    undo: DraftStep | None
    redo: DraftStep | None


def steps_of(draft: Draft) -> QuerySet[DraftStep]:
    """The steps of a draft that still move a session, what happened last first."""
    moving = Exists(StepMove.objects.filter(step=OuterRef("pk")))
    return DraftStep.objects.filter(moving, draft=draft).order_by("-version")


def with_moves(steps: QuerySet[DraftStep]) -> QuerySet[DraftStep]:
    """The same with what a page says of them. Two queries."""
    moves = StepMove.objects.select_related("session", "old_room", "new_room")
    return steps.prefetch_related(Prefetch("moves", moves))


def history_of(draft: Draft, actor: Actor) -> History:
    """The next steps of somebody in a draft, with their moves. Two queries, and one for the moves of each."""
    mine = with_moves(steps_of(draft).filter(actor=str(actor)))
    return History(mine.filter(is_undone=False).first(), mine.filter(is_undone=True).first())


@retried
@transaction.atomic
def undo(draft: Draft, step: int, *, actor: Actor) -> DraftStep:
    """Take back one's own step of a draft, by its key: its sessions are where they were before it.

    Locks the draft. Raises `UndoRefused` for a step that is not the actor's or is undone already, and where somebody
    has changed one of its sessions since; `DraftPutAside`.
    """
    locked, found = _locked(draft, step, actor, is_undone=False)
    shifts = [Shift(one.session, one.new, one.old) for one in shifts_of(found)]
    _turn(locked, found, shifts)
    tell(locked, shifts, actor=actor, facts=[StepUndone(**_about(locked), sessions=len(shifts))])
    draft.version = locked.version
    return found


@retried
@transaction.atomic
def redo(draft: Draft, step: int, *, actor: Actor) -> DraftStep:
    """Make one's own step of a draft again that is undone. Locks and raises as `undo`."""
    locked, found = _locked(draft, step, actor, is_undone=True)
    shifts = list(shifts_of(found))
    _turn(locked, found, shifts)
    tell(locked, shifts, actor=actor, facts=[StepRedone(**_about(locked), sessions=len(shifts))])
    draft.version = locked.version
    return found


def _locked(draft: Draft, key: int, actor: Actor, *, is_undone: bool) -> tuple[Draft, DraftStep]:
    locked = lock_draft(draft)
    found = steps_of(locked).filter(pk=key, actor=str(actor), is_undone=is_undone).prefetch_related("moves").first()
    if found is None:
        raise UndoRefused(_("This change is not there any more. Look what the last one was, then decide again."))
    return locked, found


def _turn(draft: Draft, step: DraftStep, shifts: Sequence[Shift]) -> None:
    """Undo the step, or make it again. Its version tells since when it is so, which later steps are compared with."""
    _check(draft, step, shifts)
    put(draft, shifts)
    step.is_undone, step.version = not step.is_undone, draft.version
    step.save(update_fields=["is_undone", "version"])


def _check(draft: Draft, step: DraftStep, shifts: Sequence[Shift]) -> None:
    sessions = [one.session for one in shifts]
    later = Q(step__draft=draft, step__is_undone=False, step__version__gt=step.version, session__in=sessions)
    if step.is_undone:
        # Own steps that stand since are those made again before this one: a new one would have ended this one.
        later &= ~Q(step__actor=step.actor)
    newest = StepMove.objects.filter(later).select_related("step", "session").order_by("-step__version").first()
    if newest is not None:
        by = Actor.parse(newest.step.actor)
        told = _("“%(title)s” was moved again by you. Undo that first.") if str(by) == step.actor else _moved_since()
        raise UndoRefused(told % {"title": newest.session.title}, session=newest.session, by=by)
    placed = placed_in(draft, sessions)
    for one in shifts:
        if spot_of(placed.get(one.session)) != one.old:
            session = Session.objects.get(pk=one.session)
            raise UndoRefused(_moved_since() % {"title": session.title}, session=session)
        if one.new is not None and one.new.room == GONE:
            session = Session.objects.get(pk=one.session)
            raise UndoRefused(_("The room “%(title)s” was in is gone.") % {"title": session.title}, session=session)


def _moved_since() -> str:
    return _("“%(title)s” was changed since, and that stands. Nothing was done.")


def _about(draft: Draft) -> dict[str, int]:
    return {"conference_id": draft.conference_id, "subject_id": draft.pk}
