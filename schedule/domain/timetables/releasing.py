"""Publishing a draft: an immutable, numbered release that sign-ups follow in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from journal import recording as journal
from journal.actors import Actor
from journal.retrying import retried
from schedule.conflicts import Conflict, Level, find_conflicts
from schedule.domain.problem import problem_for, timetable_in
from schedule.domain.timetables.changes import changes_between
from schedule.domain.timetables.drafts import DraftPutAside
from schedule.domain.timetables.kept import forget_after_commit
from schedule.domain.timetables.queries import newest_release
from schedule.facts.programme import ReleasePublished
from schedule.models import Conference, Draft, Placement, Release, ReleasedPlacement, Session
from schedule.ports.follow import follow


class ReleaseRefused(Exception):
    """The draft has conflicts that keep it from being published. Nothing was changed."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            ngettext(
                "This draft cannot be published: %(count)d conflict stands in the way.",
                "This draft cannot be published: %(count)d conflicts stand in the way.",
                len(conflicts),
            )
            % {"count": len(conflicts)}
        )
        self.conflicts = tuple(conflicts)


def conflicts_in(draft: Draft, *, language: str | None = None) -> list[Conflict]:
    """Everything wrong with a draft, in the given language (else the active one)."""
    conference = draft.conference
    problem = problem_for(conference, language=language or get_language() or "en")
    return find_conflicts(problem, timetable_in(conference, draft.placements.all()))


@retried
@transaction.atomic
def release(
    draft: Draft,
    *,
    actor: Actor,
    note: str = "",
    accept: Collection[str] = (),
    at_once: bool = False,
    now: datetime | None = None,
) -> Release:
    """Publish a draft as the conference's next release.

    Raises `ReleaseRefused` while a conflict at level "block" stands whose key is not in `accept`, and `DraftPutAside`
    for a draft that was put aside. Placements of
    cancelled sessions are left out, so that others may have their rooms. `at_once` is for emergencies: whoever it
    concerns is written to without waiting for further changes. Sign-ups follow in the same transaction:
    times, rooms and capacities change for everybody at once, and freed places are given on.
    Locks: the conference, then the seats of all its sessions.
    """
    if draft.archived_at is not None:
        raise DraftPutAside
    now = now or timezone.now()
    conference = Conference.objects.select_for_update(no_key=True).get(pk=draft.conference_id)
    draft.conference = conference  # the rules as they are under the lock, not as the caller read them
    blocking = [
        conflict for conflict in conflicts_in(draft) if conflict.level is Level.BLOCK and conflict.key not in accept
    ]
    if blocking:
        raise ReleaseRefused(blocking)
    previous = newest_release(conference)
    made = Release.objects.create(
        conference=conference, number=previous.number + 1 if previous else 1, published_at=now, note=note
    )
    placements = (
        Placement.objects.filter(draft=draft, session__state=Session.State.ACCEPTED)
        .select_related("session", "room")
        .order_by("start", "pk")
    )
    ReleasedPlacement.objects.bulk_create(
        [
            ReleasedPlacement(
                release=made,
                session=row.session,
                room=row.room,
                start=row.start,
                end=row.end,
                title=row.session.title,
                room_name=row.room.name,
            )
            for row in placements
        ]
    )
    made.sealed = True
    made.save(update_fields=["sealed"])
    consequences = follow(conference, actor=actor, now=now, release=made)
    changes = changes_between(previous, made) if previous else []
    if any("removed" in change.kinds for change in changes):
        forget_after_commit(conference.pk)
    fact = ReleasePublished(
        conference_id=conference.pk,
        subject_id=made.pk,
        number=made.number,
        previous=previous.number if previous else None,
        moved=len(changes),
        affected=consequences.affected,
        at_once=at_once,
    )
    journal.record(fact, actor=actor)
    return made
