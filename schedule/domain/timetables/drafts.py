"""Drafts: timetables being worked on. Conflicts are allowed here; a release refuses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journal import recording as journal
from journal.actors import Actor
from journal.facts import Fact
from journal.retrying import retried
from schedule.domain.problem import instant
from schedule.facts.timetables import DraftCreated, DraftFromRelease, SessionPlaced, SessionUnplaced
from schedule.models import Conference, Draft, Placement, Release, Room, Session
from schedule.solver import problem as plain
from values.instants import after


class DraftChanged(Exception):
    """Somebody else changed the draft since it was read. `version` is the one it has now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has changed this draft. Look at it again, then repeat your change."))
        self.version = version


@retried
@transaction.atomic
def create_draft(
    conference: Conference,
    *,
    name: str,
    actor: Actor,
    placements: Iterable[plain.Placement] = (),
    origin: Mapping[str, Any] | None = None,
) -> Draft:
    """A new draft, with the solver's placements if given; `origin` says how they came about."""
    draft = Draft.objects.create(conference=conference, name=name, origin=dict(origin or {}))
    sessions = {row.code: row for row in Session.objects.for_conference(conference)}
    rooms = {row.code: row for row in conference.rooms.all()}
    Placement.objects.bulk_create(
        [
            Placement(
                draft=draft,
                session=sessions[row.session],
                room=rooms[row.room],
                start=instant(conference, row.start),
                end=instant(conference, row.end),
            )
            for row in placements
        ]
    )
    journal.record(DraftCreated(conference_id=conference.pk, subject_id=draft.pk), actor=actor)
    return draft


@retried
@transaction.atomic
def draft_from_release(release: Release, *, actor: Actor, name: str = "") -> Draft:
    """A new draft with the times and rooms of any release, the newest or an older one.

    Everything comes along, whatever has become of it since: a session that is cancelled (it is not published, and has
    its place again should it take place after all), a room that is closed (the conflicts say so), a session that lasts
    longer now. Without a `name` it is called after the release; a name that is taken gets a number.
    Locks the conference, so that two who ask at once get two names.
    """
    conference = Conference.objects.select_for_update(no_key=True).get(pk=release.conference_id)
    wanted = name or _("Release %(number)d") % {"number": release.number}
    draft = Draft.objects.create(
        conference=conference, name=free_name(wanted, conference), origin={"release": release.number}
    )
    rows = release.placements.values_list("session_id", "room_id", "start", "end")
    Placement.objects.bulk_create(
        Placement(draft=draft, session_id=session, room_id=room, start=start, end=end)
        for session, room, start, end in rows
    )
    fact = DraftFromRelease(conference_id=conference.pk, subject_id=draft.pk, number=release.number)
    journal.record(fact, actor=actor)
    return draft


def free_name(wanted: str, conference: Conference) -> str:
    """The name, with a number after it if a draft of the conference has it already. One query."""
    longest = Draft._meta.get_field("name").max_length or 0
    # Room for the number, which has at most three figures.
    stem = wanted[: longest - len(" (999)")]
    taken = set(Draft.objects.filter(conference=conference, name__startswith=stem).values_list("name", flat=True))
    numbered = (f"{stem} ({number})" for number in count(2))
    return next(one for one in chain([wanted[:longest]], numbered) if one not in taken)


def lock_draft(draft: Draft, version: int | None) -> Draft:
    """Lock a draft for a change; raises `DraftChanged` when it is not at `version` any more."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if version is not None and locked.version != version:
        raise DraftChanged(locked.version)
    return locked


@retried
@transaction.atomic
def place(
    draft: Draft, session: Session, *, room: Room, start: datetime, actor: Actor, version: int | None = None
) -> Placement:
    """Give a session a start and a room in a draft, or move it. Its end follows from its length.

    Locks the draft. Raises `DraftChanged` when `version` is given and the draft has moved on.
    """
    locked = lock_draft(draft, version)
    end = after(start, session.duration_minutes)
    # The draft is locked, so nobody else makes or moves this placement meanwhile.
    placement = Placement.objects.filter(draft=locked, session=session).first() or Placement(draft=locked)
    fact = SessionPlaced(
        conference_id=locked.conference_id,
        subject_id=locked.pk,
        session=session.pk,
        room=room.pk,
        start=start,
        old_room=placement.room_id,
        old_start=placement.start,
    )
    placement.session, placement.room, placement.start, placement.end = session, room, start, end
    placement.save()
    _changed(locked, fact, actor=actor)
    draft.version = locked.version
    return placement


@retried
@transaction.atomic
def unplace(draft: Draft, session: Session, *, actor: Actor, version: int | None = None) -> None:
    """Take a session out of a draft; it goes back to those without a time."""
    locked = lock_draft(draft, version)
    Placement.objects.filter(draft=locked, session=session).delete()
    fact = SessionUnplaced(conference_id=locked.conference_id, subject_id=locked.pk, session=session.pk)
    _changed(locked, fact, actor=actor)
    draft.version = locked.version


def _changed(draft: Draft, fact: Fact, *, actor: Actor) -> None:
    draft.version += 1
    draft.save(update_fields=["version"])
    journal.record(fact, actor=actor)
