"""Giving sessions of a draft the time and room they have in another timetable: all that differ, or those chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.timetables.changes import Timetable
from schedule.domain.timetables.drafts import SessionsMoved, lock_draft
from schedule.domain.timetables.steps import NOWHERE, Shift, spot_of, take_step
from schedule.facts.drafts import DifferenceApplied
from schedule.models import Draft, Placement, Release, ReleasedPlacement


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at when a session was chosen: its version in the draft, and in what the draft is to follow."""

    here: int
    there: int


def version_of(placed: Placement | ReleasedPlacement | None) -> int:
    """The version of where a session is. What is released never changes, so it has but one."""
    if placed is None:
        return NOWHERE
    return placed.version if isinstance(placed, Placement) else 0


@retried
@transaction.atomic
def apply_difference(draft: Draft, source: Timetable, chosen: Mapping[int, Seen], *, actor: Actor) -> int:
    """Have the chosen sessions, by their keys, where they are in `source`; without a time if they are not in it.

    One step, undone as one. Returns how many moved; those that are alike already stay. Locks the draft. Raises
    `SessionsMoved` where a chosen one was moved since in either of the two, `DraftPutAside`. As many queries for one
    session as for all.
    """
    locked = lock_draft(draft)
    here = {row.session_id: row for row in locked.placements.filter(session__in=chosen)}
    there = {row.session_id: row for row in source.placements.filter(session__in=chosen)}
    moved = [
        session
        for session, seen in chosen.items()
        if seen != Seen(version_of(here.get(session)), version_of(there.get(session)))
    ]
    if moved:
        raise SessionsMoved(moved)
    shifts = [Shift(session, spot_of(here.get(session)), spot_of(there.get(session))) for session in sorted(chosen)]
    shifts = [one for one in shifts if one.old != one.new]
    if shifts:
        fact = DifferenceApplied(
            conference_id=locked.conference_id,
            subject_id=locked.pk,
            sessions=len(shifts),
            source=source.pk if isinstance(source, Draft) else None,
            release=source.number if isinstance(source, Release) else None,
        )
        take_step(locked, shifts, actor=actor, facts=[fact])
    draft.version = locked.version
    return len(shifts)
