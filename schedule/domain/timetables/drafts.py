"""Drafts: timetables being worked on. Conflicts are allowed here; a release refuses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journal import recording as journal
from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.problem import instant
from schedule.domain.timetables.steps import Shift, Whereabouts, placed_in, spot_of, take_step, version_in
from schedule.facts.timetables import DraftCreated, DraftFromRelease
from schedule.models import Conference, Draft, Placement, Release, Room, Session
from schedule.solver import problem as plain
from values.instants import after


class DraftChanged(Exception):
    """Somebody else changed the draft since it was read. `version` is the one it has now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has changed this draft. Look at it again, then repeat your change."))
        self.version = version


class DraftPutAside(Exception):
    """The draft is archived. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(_("This draft was put aside. Take it up again before you change or publish it."))


class SessionsMoved(Exception):
    """Somebody changed where these sessions are, by their keys, since they were looked at. Nothing was changed."""

    def __init__(self, sessions: Collection[int]) -> None:
        super().__init__(
            ngettext(
                "Somebody has moved this session meanwhile. Look where it is now, then decide again.",
                "Somebody has moved some of these sessions meanwhile. Look where they are now, then decide again.",
                len(sessions),
            )
        )
        self.sessions = frozenset(sessions)


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


def lock_draft(draft: Draft, version: int | None = None) -> Draft:
    """Lock a draft for a change.

    Raises `DraftChanged` when it is not at `version` any more, `DraftPutAside` for one that is archived.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.archived_at is not None:
        raise DraftPutAside
    if version is not None and locked.version != version:
        raise DraftChanged(locked.version)
    return locked


@retried
@transaction.atomic
def place(
    draft: Draft, session: Session, *, room: Room, start: datetime, actor: Actor, version: int | None = None
) -> Placement:
    """Give a session a start and a room in a draft, or move it. Its end follows from its length.

    `version` is that of the session's placement when it was looked at (`steps.version_in`): others may meanwhile have
    moved any other session. Where nothing changes nothing is told. Locks the draft. Raises `SessionsMoved`,
    `DraftPutAside`.
    """
    locked = lock_draft(draft)
    spot = Whereabouts(room.pk, start, after(start, session.duration_minutes))
    moved = _step(locked, session, spot, actor=actor, version=version)
    draft.version = locked.version
    return moved or Placement.objects.get(draft=locked, session=session)


@retried
@transaction.atomic
def unplace(draft: Draft, session: Session, *, actor: Actor, version: int | None = None) -> None:
    """Take a session out of a draft; it goes back to those without a time. Locks and raises as `place`."""
    locked = lock_draft(draft)
    _step(locked, session, None, actor=actor, version=version)
    draft.version = locked.version


def _step(
    draft: Draft, session: Session, spot: Whereabouts | None, *, actor: Actor, version: int | None
) -> Placement | None:
    """Move one session of a locked draft; what it is now placed as, None for nothing or nothing new."""
    placed = placed_in(draft, [session.pk]).get(session.pk)
    if version is not None and version != version_in(placed):
        raise SessionsMoved([session.pk])
    if spot_of(placed) == spot:
        return None
    return next(iter(take_step(draft, [Shift(session.pk, spot_of(placed), spot)], actor=actor)), None)
