"""Steps of a draft as pages tell them: who moved what from where to where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal.actors import Actor
from organize.history.sentences import names_of
from schedule.models import Conference, Draft, DraftStep, Room, Session, StepMove


@dataclass(frozen=True)
class SpotShown:
    """When and where a session was or is, as organize/programme/placed.html takes it."""

    start: datetime
    end: datetime
    room_name: str


@dataclass(frozen=True)
class MoveShown:
    """One session of a step; without a place it had, or has, no time."""

    session: Session
    old: SpotShown | None
    new: SpotShown | None


@dataclass(frozen=True)
class StepShown:
    """A step; `title` says in a few words what it did."""

    key: int
    at: datetime
    who: str
    title: str
    is_mine: bool
    is_undone: bool
    moves: list[MoveShown]


def shown_steps(conference: Conference, steps: Iterable[DraftStep], reader: Actor) -> list[StepShown]:
    """Steps in words; their moves must be fetched. One query for the organizers' names, however many steps."""
    found = list(steps)
    names = names_of(one.actor for one in found)
    return [_shown(conference, one, names[one.actor], reader) for one in found]


def _shown(conference: Conference, step: DraftStep, who: str, reader: Actor) -> StepShown:
    moves = [shown_move(one) for one in step.moves.all()]
    return StepShown(
        key=step.pk,
        at=conference.local(step.made_at),
        who=who,
        title=_title(moves),
        is_mine=step.actor == str(reader),
        is_undone=step.is_undone,
        moves=moves,
    )


@dataclass(frozen=True)
class LastMove:
    """What somebody did with a session last: moved it, or took a move of it back."""

    who: str
    at: datetime
    move: MoveShown


def last_move(draft: Draft, session: Session) -> LastMove | None:
    """Who moved a session of a draft last, from where to where; None where nobody has. Two queries."""
    moves = StepMove.objects.filter(step__draft=draft, session=session).order_by("-step__version")
    found = moves.select_related("step", "session", "old_room", "new_room").first()
    if found is None:
        return None
    step = found.step
    return LastMove(names_of([step.actor])[step.actor], step.made_at, shown_move(found, back=step.is_undone))


def shown_move(move: StepMove, *, back: bool = False) -> MoveShown:
    """A move, or with `back` what undoing it does. Reads the rooms and the session: fetch them first."""
    old = _spot(move.old_room, move.old_start, move.old_end)
    new = _spot(move.new_room, move.new_start, move.new_end)
    return MoveShown(move.session, new if back else old, old if back else new)


def _spot(room: Room | None, start: datetime | None, end: datetime | None) -> SpotShown | None:
    if start is None or end is None:
        return None
    return SpotShown(start, end, str(room.name) if room else _("a room that is gone"))


def _title(moves: list[MoveShown]) -> str:
    if len(moves) == 1:
        return _("“%(title)s” moved") % {"title": moves[0].session.title}
    said = ngettext("%(count)d session moved", "%(count)d sessions moved", len(moves))
    return said % {"count": len(moves)}
