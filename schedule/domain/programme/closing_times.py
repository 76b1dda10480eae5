"""When registration for a conference is open, when sign-up for its sessions closes, and when all of it is over.

`registration_open` is the switch by hand; within it, registration runs from `registration_opens_at` (empty: at once)
until `registration_closes_at`, at most until the end of the last day. Sign-up for a session closes so many minutes
before it starts, as the session or else the conference has it; never after its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from journal import recording as journal
from journal.actors import Actor
from journal.facts import Change
from journal.retrying import retried
from schedule.domain.programme.sessions import lock_conference
from schedule.facts.edits import ConferenceEdited, SessionEdited
from schedule.models import Conference, Release, ReleasedPlacement, Session
from schedule.ports.follow import follow
from values.instants import midnight


class Phase(StrEnum):
    """Where a conference stands between not taking registrations yet and taking none any more."""

    # The switch is off: nobody has said when.
    CLOSED = "closed"
    SOON = "soon"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class RegistrationTimes:
    """The opening and closing instants of registration, on the conference's clocks, and where `now` lies."""

    phase: Phase
    opens_at: datetime | None
    closes_at: datetime

    @property
    def is_open(self) -> bool:
        return self.phase is Phase.OPEN

    @property
    def next_change(self) -> datetime | None:
        """The next instant at which the clock alone changes the phase; None when it does not."""
        return {Phase.SOON: self.opens_at, Phase.OPEN: self.closes_at}.get(self.phase)


def end_of(conference: Conference) -> datetime:
    """The end of the last day: the midnight after it, on the conference's clocks."""
    return midnight(conference.ends_on + timedelta(days=1), conference.zone)


def is_over(conference: Conference, *, now: datetime) -> bool:
    """Whether the last session of the newest release has ended; before the first release, whether the last day has.

    From then on nothing of it changes any more: no page offers what promises that something does. One query.
    """
    releases = Release.objects.filter(conference=conference).order_by("-number").values("pk")[:1]
    rows = ReleasedPlacement.objects.filter(release__in=releases, session__state=Session.State.ACCEPTED)
    last = rows.aggregate(last=Max("end"))["last"] or end_of(conference)
    return bool(last <= now)


def registration_times(conference: Conference, *, now: datetime) -> RegistrationTimes:
    """When registration is open, and whether it is. No query."""
    opens = conference.registration_opens_at
    end = end_of(conference)
    closes = min(conference.registration_closes_at or end, end)
    phase = Phase.OPEN
    if now >= closes:
        phase = Phase.OVER
    elif not conference.registration_open:
        phase = Phase.CLOSED
    elif opens is not None and now < opens:
        phase = Phase.SOON
    return RegistrationTimes(phase, conference.local(opens) if opens else None, conference.local(closes))


@retried
@transaction.atomic
def change_times(
    conference: Conference,
    *,
    is_open: bool,
    opens_at: datetime | None,
    closes_at: datetime | None,
    signup_minutes: int,
    actor: Actor,
) -> Conference:
    """Say when registration is open, and how many minutes before a session its sign-up closes. What is so already is
    not written. Sign-ups follow: offers end earlier, and lines that were closed too early are open again.

    Raises `ValidationError` when registration would close before it opens.
    """
    locked = lock_conference(conference.pk)
    wanted = {
        "registration_open": is_open,
        "registration_opens_at": opens_at,
        "registration_closes_at": closes_at,
        "signup_closes_minutes": signup_minutes,
    }
    changes = _set(locked, wanted)
    if changes:
        locked.full_clean(exclude=["team"])
        locked.save(update_fields=list(changes))
        fact = ConferenceEdited(conference_id=locked.pk, subject_id=locked.pk, changes=changes)
        journal.record(fact, actor=actor)
        follow(locked, actor=actor, now=timezone.now())
    return locked


@retried
@transaction.atomic
def change_session_closing(session: Session, *, minutes: int | None, actor: Actor) -> Session:
    """Say how many minutes before a session its sign-up closes; None leaves it to the conference. What is so already
    is not written. Raises `ValidationError` for more than four weeks.
    """
    conference = lock_conference(session.conference_id)
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    changes = _set(locked, {"signup_closes_minutes": minutes})
    if changes:
        locked.full_clean(exclude=["kind", "fixed_room"])
        locked.save(update_fields=list(changes))
        fact = SessionEdited(conference_id=conference.pk, subject_id=locked.pk, changes=changes)
        journal.record(fact, actor=actor)
        follow(conference, actor=actor, now=timezone.now())
    return locked


def _set(row: Conference | Session, wanted: dict[str, Any]) -> dict[str, Change | None]:
    """Set what differs; returns it as a fact tells it."""
    changes: dict[str, Change | None] = {}
    for name, value in wanted.items():
        old = getattr(row, name)
        if old != value:
            setattr(row, name, value)
            changes[name] = Change(_told(old), _told(value))
    return changes


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
