"""Steps of a draft: what one person changes in it at once, written down so that it can be undone.

Everything that changes where sessions are in a draft goes through `take_step`; what undoes such a step, or does it
again, goes through `put`. Both want the draft locked. So a session is always where the newest step that is not undone
has left it, and nobody else makes or moves a placement of the draft meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record_all
from schedule.facts.timetables import SessionPlaced, SessionUnplaced
from schedule.models import Draft, DraftStep, Placement, StepMove

NOWHERE = -1
"""The version of a session that has no time in a draft; placements count theirs from 0."""
GONE = 0
"""Stands for the key of a room that was deleted since; no row has it."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A room, by its key, and a time."""

    room: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a session, by its key, was and is to be; None is without a time."""

    session: int
    old: Whereabouts | None
    new: Whereabouts | None


class Spotted(Protocol):
    """A placement of a draft or a release."""

    room_id: int
    start: datetime
    end: datetime


def spot_of(placed: Spotted | None) -> Whereabouts | None:
    """Where a placement puts its session; None for none."""
    return Whereabouts(placed.room_id, placed.start, placed.end) if placed else None


def placed_in(draft: Draft, sessions: Collection[int]) -> dict[int, Placement]:
    """The placements of these sessions, by the sessions' keys. One query."""
    return {row.session_id: row for row in Placement.objects.filter(draft=draft, session__in=sessions)}


def version_in(placed: Placement | None) -> int:
    """What tells whether somebody has changed where a session is since it was looked at."""
    return placed.version if placed else NOWHERE


def take_step(draft: Draft, shifts: Sequence[Shift], *, actor: Actor, facts: Iterable[Fact] = ()) -> list[Placement]:
    """Move sessions in a locked draft as one step of somebody, who gives up the own steps that are undone.

    `facts` are told before what becomes of each session. Returns where those are that have a time now. Seven queries,
    however many sessions there are.
    """
    placed = put(draft, shifts)
    DraftStep.objects.filter(draft=draft, actor=str(actor), is_undone=True).delete()
    step = DraftStep.objects.create(draft=draft, actor=str(actor), version=draft.version)
    StepMove.objects.bulk_create(
        StepMove(step=step, session_id=one.session, **_columns("old", one.old), **_columns("new", one.new))
        for one in shifts
    )
    tell(draft, shifts, actor=actor, facts=facts)
    return placed


def put(draft: Draft, shifts: Iterable[Shift]) -> list[Placement]:
    """Have the sessions where the shifts end, in a locked draft, which thereby has a new version. Three queries."""
    draft.version += 1
    draft.save(update_fields=["version"])
    gone = [one.session for one in shifts if one.new is None]
    if gone:
        Placement.objects.filter(draft=draft, session__in=gone).delete()
    return Placement.objects.bulk_create(
        [_placement(draft, one.session, one.new) for one in shifts if one.new is not None],
        update_conflicts=True,
        unique_fields=["draft", "session"],
        update_fields=["room", "start", "end", "version"],
    )


def tell(draft: Draft, shifts: Iterable[Shift], *, actor: Actor, facts: Iterable[Fact] = ()) -> None:
    """Write into the journal what became of each session, after `facts`. One query."""
    record_all([*facts, *(_fact(draft, one) for one in shifts)], actor=actor)


def shifts_of(step: DraftStep) -> Iterator[Shift]:
    """The moves of a step as it was taken. One query, none where they were fetched."""
    for move in step.moves.all():
        yield Shift(move.session_id, _stored("old", move), _stored("new", move))


def _placement(draft: Draft, session: int, spot: Whereabouts) -> Placement:
    return Placement(
        draft=draft, session_id=session, room_id=spot.room, start=spot.start, end=spot.end, version=draft.version
    )


def _fact(draft: Draft, shift: Shift) -> Fact:
    old, new = shift.old, shift.new
    about: dict[str, Any] = {"conference_id": draft.conference_id, "subject_id": draft.pk, "session": shift.session}
    if old is not None:
        about |= {"old_room": old.room, "old_start": old.start}
    return SessionUnplaced(**about) if new is None else SessionPlaced(**about, room=new.room, start=new.start)


def _columns(which: str, spot: Whereabouts | None) -> dict[str, Any]:
    if spot is None:
        return {}
    return {f"{which}_room_id": spot.room, f"{which}_start": spot.start, f"{which}_end": spot.end}


def _stored(which: str, move: StepMove) -> Whereabouts | None:
    room, start, end = (getattr(move, f"{which}_{part}") for part in ("room_id", "start", "end"))
    return None if start is None else Whereabouts(GONE if room is None else room, start, end)
