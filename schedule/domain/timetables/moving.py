"""Moves in a draft that somebody chose from what the whole draft was like."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.timetables.drafts import lock_draft, place
from schedule.models import Draft, Placement, Room, Session


class PlaceMissing(ValueError):
    """A session that is to change places has none."""


@retried
@transaction.atomic
def move_to(draft: Draft, session: Session, *, room: Room, start: datetime, actor: Actor, version: int) -> Placement:
    """Give a session a place that was chosen when the draft was at `version`.

    Locks the draft. Raises `DraftChanged` when it is not at that version any more.
    """
    lock_draft(draft, version)
    return place(draft, session, room=room, start=start, actor=actor)


@retried
@transaction.atomic
def exchange(draft: Draft, first: Session, second: Session, *, actor: Actor, version: int) -> None:
    """Two sessions start at each other's time in each other's room, in one change; each lasts as long as it did.

    Locks the draft. Raises `DraftChanged` when it is not at `version` any more, `PlaceMissing` where one has no place.
    """
    locked = lock_draft(draft, version)
    rows = Placement.objects.filter(draft=locked, session__in=[first, second]).select_related("room")
    at = {row.session_id: row for row in rows}
    if len(at) < 2:
        raise PlaceMissing
    here, there = at[first.pk], at[second.pk]
    to_first, to_second = (there.room, there.start), (here.room, here.start)
    for session, (room, start) in ((first, to_first), (second, to_second)):
        place(draft, session, room=room, start=start, actor=actor)
