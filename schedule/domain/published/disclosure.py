"""What the public sees of a session that was published: the one place that decides it (invariant 11).

Everything is public of a session that the newest release has. Of one by invitation, that was cancelled, or that a
later release left out, everybody sees title, kind, time and room; what it is about, who appears in it, who hosts it and
all else is for nobody, or for those who have a place in it. A session that no release ever had is not there at all.
docs/architecture.md has the table of states, fields and channels.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from django.db.models import Exists, OuterRef, Q

from schedule.models import Conference, Release, ReleasedPlacement, Session, SignupPolicy


class Standing(StrEnum):
    """How a session that some release had stands to the public now."""

    OPEN = "open"
    INVITATION = "invitation"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class HasState(Protocol):
    """A session, or a row of what is read of one."""

    @property
    def state(self) -> str: ...

    @property
    def signup(self) -> str: ...


def standing_of(session: HasState, *, is_in_newest: bool) -> Standing:
    """How it stands; `is_in_newest` says whether the newest release has it. No query."""
    if session.state == Session.State.CANCELLED:
        return Standing.CANCELLED
    if not is_in_newest:
        return Standing.WITHDRAWN
    return Standing.INVITATION if session.signup == SignupPolicy.INVITATION else Standing.OPEN


def shows_details(standing: Standing, *, to_insider: bool = False) -> bool:
    """Whether more than title, kind, time and room is shown.

    `to_insider`: to somebody who has a place in the session. What is cancelled or withdrawn is shown to nobody.
    """
    return standing is Standing.OPEN or (to_insider and standing is Standing.INVITATION)


def with_open_details(session: str = "session__") -> Q:
    """Rows whose session, if the newest release has it, shows its details to everybody: the same rule in SQL.

    `session` leads from the row to the session. What filters or lists by a detail must start from these rows.
    """
    return Q(**{f"{session}state": Session.State.ACCEPTED}) & ~Q(**{f"{session}signup": SignupPolicy.INVITATION})


def may_be_wished_for(conference: Conference, session: str = "") -> Q:
    """Rows whose session people may be asked about: the newest release has it.

    Before the first release it is any: the timetable is made from what people wish for, so titles and kinds of what
    can be wished for are shown to whoever registers. `session` leads from the row to the session.
    """
    releases = Release.objects.filter(conference=conference)
    newest = releases.order_by("-number").values("pk")[:1]
    placed = ReleasedPlacement.objects.filter(release__in=newest, session=OuterRef(f"{session}pk"))
    return Q(Exists(placed)) | ~Q(Exists(releases))


def with_named_person(person: str = "person") -> Q:
    """Rows that lead to a person who may be named: there is one, and they were not taken down."""
    return Q(**{f"{person}__isnull": False, f"{person}__taken_down_at": None})
