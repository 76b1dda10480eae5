"""Drafts that begin with the times and rooms of another timetable: of this conference, or of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.domain.timetables.changes import Timetable
from schedule.domain.timetables.drafts import free_name
from schedule.facts.drafts import DraftBroughtOver, DraftCopied
from schedule.facts.words import stored_words
from schedule.models import Conference, Draft, Placement, Release, ReleasedPlacement
from values.instants import SkippedByClocks, after, instant


@dataclass(frozen=True)
class BroughtOver:
    """A draft made from another conference's timetable, and the codes of what could not come along.

    `no_session` are not among the sessions here, `no_room` were in a room whose code no room here has, and `no_time`
    begin when the clocks here are put forward over that time.
    """

    draft: Draft
    sessions: int
    no_session: tuple[str, ...] = ()
    no_room: tuple[str, ...] = ()
    no_time: tuple[str, ...] = ()

    @property
    def left_out(self) -> int:
        return len(self.no_session) + len(self.no_room) + len(self.no_time)


@retried
@transaction.atomic
def copy_draft(source: Draft, *, actor: Actor, name: str = "") -> Draft:
    """A new draft with the times and rooms of another one of the conference. Its history begins afresh.

    Without a `name` it is called like its source; a name that is taken gets a number. Locks the conference, so that two
    who copy at once get two names.
    """
    conference = Conference.objects.select_for_update(no_key=True).get(pk=source.conference_id)
    draft = Draft.objects.create(
        conference=conference, name=free_name(name or source.name, conference), origin=source.origin
    )
    _fill(draft, source.placements.values_list("session_id", "room_id", "start", "end"))
    record(DraftCopied(conference_id=conference.pk, subject_id=draft.pk, source=source.pk), actor=actor)
    return draft


@retried
@transaction.atomic
def bring_over(source: Timetable, conference: Conference, *, actor: Actor, name: str = "") -> BroughtOver:
    """A new draft of `conference` with the times and rooms that sessions of the same codes have in another conference.

    Days are counted from each conference's first, and times are those on the clocks: what began at nine on the second
    day does so here. A session lasts as long as it does here. What has no session, room or such a time here is left
    out and named. Locks the conference.
    """
    locked = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    earlier = source.conference
    wanted = name or _name_of(source)
    sessions = {row.code: row for row in locked.sessions.all()}
    rooms = dict(locked.rooms.values_list("code", "pk"))
    missing: dict[str, list[str]] = {"session": [], "room": [], "time": []}
    placed = []
    rows: Iterable[Placement | ReleasedPlacement] = source.placements.select_related("session", "room")
    for row in sorted(rows, key=lambda one: one.session.code):
        code, start = row.session.code, _shifted(row.start, earlier, locked)
        if code not in sessions:
            missing["session"].append(code)
        elif row.room.code not in rooms:
            missing["room"].append(code)
        elif start is None:
            missing["time"].append(code)
        else:
            session = sessions[code]
            placed.append((session.pk, rooms[row.room.code], start, after(start, session.duration_minutes)))
    draft = Draft.objects.create(conference=locked, name=free_name(wanted, locked), origin={"conference": earlier.slug})
    _fill(draft, placed)
    found = BroughtOver(draft, len(placed), *(tuple(missing[which]) for which in ("session", "room", "time")))
    fact = DraftBroughtOver(
        conference_id=locked.pk,
        subject_id=draft.pk,
        conference=stored_words(earlier.name),
        sessions=found.sessions,
        left_out=found.left_out,
    )
    record(fact, actor=actor)
    return found


def _fill(draft: Draft, rows: Iterable[tuple[int, int, datetime, datetime]]) -> None:
    Placement.objects.bulk_create(
        Placement(draft=draft, session_id=session, room_id=room, start=start, end=end)
        for session, room, start, end in rows
    )


def _name_of(source: Timetable) -> str:
    conference = str(source.conference.name)
    return f"{conference} {source.number}" if isinstance(source, Release) else f"{conference}: {source.name}"


def _shifted(start: datetime, earlier: Conference, conference: Conference) -> datetime | None:
    """The same time on the clocks, as many days after the first; None where the clocks here never show it."""
    shown, days = earlier.local(start), conference.starts_on - earlier.starts_on
    try:
        return instant(shown.date() + days, shown.time(), conference.zone)
    except SkippedByClocks:
        return None
