"""The public view of one session, and where it was before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from i18nfield.strings import LazyI18nString

from schedule.domain.published.disclosure import Standing
from schedule.domain.published.reading import Placed, labels_in, published_room, read
from schedule.domain.published.values import PublishedRoom, PublishedSession, PublishedText, published_text
from schedule.models import Conference, ReleasedPlacement, Session


@dataclass(frozen=True)
class FormerPlace:
    """A time, on the conference's clocks, and a room that a session had in an earlier release."""

    start: datetime
    end: datetime
    room: PublishedRoom


@dataclass(frozen=True)
class SessionView:
    """A session as its reader may see it; `moved_from` only while it takes place and has moved.

    `is_placed` says whether the newest release has it, be it cancelled since.
    """

    session: PublishedSession
    is_placed: bool
    moved_from: FormerPlace | None


def view_of_session(
    conference: Conference, code: str, *, release_id: int | None, is_insider: Callable[[int], bool]
) -> SessionView | None:
    """The session with this code; None for one that no release ever had, so that drafts stay unknown. Four queries.

    `release_id` is the newest release. `is_insider` is asked, with the session's key and only where it matters, whether
    whoever reads has a place in it.
    """
    released = ReleasedPlacement.objects.filter(release__conference=conference).values("session_id")
    sessions = Session.objects.for_conference(conference).filter(code=code, pk__in=released)
    session = sessions.select_related("kind", "theme").first()
    if session is None:
        return None
    # Where every release had it, the newest first; never empty for a released session.
    rows = ReleasedPlacement.objects.filter(release__conference=conference, session=session)
    rows_by_age = list(rows.select_related("room").order_by("-release__number"))
    newest = rows_by_age[0]
    room = published_room(conference, newest.room)
    placed = Placed(session, newest.start, newest.end, room, is_in_newest=newest.release_id == release_id)
    labels = labels_in([session])
    [found] = read(conference, [placed], labels=labels)
    if found.standing is Standing.INVITATION and is_insider(session.pk):
        [found] = read(conference, [placed], labels=labels, insider_of=[session.pk])
    return SessionView(found, placed.is_in_newest, None if found.is_off else _former(conference, rows_by_age))


def _former(conference: Conference, rows: list[ReleasedPlacement]) -> FormerPlace | None:
    """The last time and room that differed from those it was last published with."""
    newest = rows[0]
    for row in rows[1:]:
        if (row.start, row.end, row.room_id) != (newest.start, newest.end, newest.room_id):
            room = published_room(conference, row.room)
            return FormerPlace(conference.local(row.start), conference.local(row.end), room)
    return None


@dataclass(frozen=True)
class Neighbour:
    """The session before or after another: what everybody sees even of one by invitation."""

    code: str
    title: PublishedText


def neighbours_of(
    conference: Conference, session: PublishedSession, *, release_id: int | None
) -> tuple[Neighbour | None, Neighbour | None]:
    """The sessions before and after one in the order the programme lists them, without breaks. Two queries.

    `release_id` is the newest release. A session that it does not have stands between those of the others where its
    last time would put it.
    """
    if release_id is None:
        return None, None
    rows = ReleasedPlacement.objects.filter(release__conference=conference, release_id=release_id)
    rows = rows.filter(session__kind__is_break=False).exclude(session__code=session.code)
    earlier, later = _around(session.start, session.room.position, session.code)
    order = ("start", "room__position", "session__code")
    columns = ("session__code", "session__title")
    before = rows.filter(earlier).order_by(*(f"-{name}" for name in order)).values_list(*columns).first()
    after = rows.filter(later).order_by(*order).values_list(*columns).first()
    return _neighbour(before), _neighbour(after)


def _around(start: datetime, position: int, code: str) -> tuple[Q, Q]:
    """What comes before and after in order of time, room and code."""
    same_time, same_room = Q(start=start), Q(start=start, room__position=position)
    earlier = Q(start__lt=start) | (same_time & Q(room__position__lt=position))
    later = Q(start__gt=start) | (same_time & Q(room__position__gt=position))
    return earlier | (same_room & Q(session__code__lt=code)), later | (same_room & Q(session__code__gt=code))


def _neighbour(row: tuple[str, LazyI18nString] | None) -> Neighbour | None:
    return Neighbour(row[0], published_text(row[1])) if row else None
