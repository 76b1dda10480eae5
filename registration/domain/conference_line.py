"""The line for a conference that is full: who confirmed first comes in first.

Somebody in line is WAITLISTED since `queued_at`. A place that comes free, by whatever path, goes to the first in line
in the same transaction; they have agreed to everything and are told by mail. The line is there as long as registration
is open: it ends when that closes, and stands as it stood when it opens again (CANCELLED, with `queued_at` kept
meanwhile).

Where organizers decide about each registration, they also decide who comes in next; those whom they put on their
waiting list are not in this line.

Whoever changes who takes part locks the conference first (`lock_limited`), before seats and registrations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record_all
from journal.retrying import retried
from registration.facts import RegistrationConfirmed
from registration.line_facts import RegistrationLineEnded, RegistrationQueued
from registration.models import Registration
from registration.models.registrations import RegistrationQuerySet
from schedule.domain.programme.closing_times import registration_times
from schedule.models import Conference

State = Registration.State
LINE = "line"


def in_line(conference: Conference) -> RegistrationQuerySet:
    """Those who wait for a registration, the first in line first."""
    return _lined(conference=conference)


def _lined(**of: object) -> RegistrationQuerySet:
    waiting = Registration.objects.filter(state=State.WAITLISTED, queued_at__isnull=False, **of)
    return waiting.order_by("queued_at", "pk")


def length(conference: Conference) -> int:
    """How many are in line. One query; none where the conference takes any number."""
    return 0 if conference.capacity is None else in_line(conference).count()


def position(registration: Registration) -> int | None:
    """The place in line, 1 for who comes next; None for whoever is not in it. One query at most."""
    if registration.state != State.WAITLISTED or registration.queued_at is None:
        return None
    before = Q(queued_at__lt=registration.queued_at) | Q(queued_at=registration.queued_at, pk__lt=registration.pk)
    return _lined(conference=registration.conference_id).filter(before).count() + 1


def positions(registrations: Iterable[Registration]) -> dict[int, int]:
    """`position` of those of these registrations that are in line, by key. One query at most."""
    waiting = {one.pk for one in registrations if one.state == State.WAITLISTED and one.queued_at is not None}
    if not waiting:
        return {}
    concerned = Registration.objects.filter(pk__in=waiting).values("conference_id")
    line = _lined(conference_id__in=concerned).values_list("conference_id", "pk")
    numbers: dict[int, int] = {}
    before: Counter[int] = Counter()
    for conference_id, pk in line:
        before[conference_id] += 1
        numbers[pk] = before[conference_id]
    return {pk: numbers[pk] for pk in waiting if pk in numbers}


def has_room(conference: Conference) -> bool:
    """Whether one more may take part at once. One query; none where the conference takes any number."""
    if conference.capacity is None:
        return True
    return Registration.objects.for_conference(conference).active().count() < conference.capacity


def lock_limited(*conference_ids: int) -> list[Conference]:
    """Lock those of these conferences whose places are limited, by key: who comes in and who goes is counted one after
    the other there. Elsewhere nobody waits for anybody. One query.
    """
    limited = Conference.objects.filter(pk__in=conference_ids, capacity__isnull=False)
    return list(limited.select_for_update(no_key=True).order_by("pk"))


def queue(registration: Registration, *, now: datetime) -> tuple[list[str], list[Fact]]:
    """Put a locked registration at the end of the line of its locked conference; the caller saves the fields named and
    records the facts. Whoever was in line when it closed, and comes back before it has opened, has their place in it.
    """
    registration.state, registration.queued_at = State.WAITLISTED, registration.queued_at or now
    fact = RegistrationQueued(conference_id=registration.conference_id, subject_id=registration.pk)
    return ["state", "queued_at"], [fact]


def settle_line(conference: Conference, *, now: datetime) -> list[Fact]:
    """Bring the line in order with the conference, which is locked by the caller: closed with registration, as it was
    when that opens again, and moved on where there is room. The caller records the facts. One query where nobody is in
    line nor was.
    """
    lined = Registration.objects.for_conference(conference).filter(queued_at__isnull=False)
    if not lined.exists():
        return []
    if not registration_times(conference, now=now).is_open:
        return _close(conference)
    return _reopen(lined) + _move_on(conference, now=now)


def move_on(conferences: list[Conference], *, actor: Actor, now: datetime) -> None:
    """`settle_line` for each of these locked conferences, with the journal."""
    for conference in conferences:
        record_all(settle_line(conference, now=now), actor=actor)


def _close(conference: Conference) -> list[Fact]:
    ending = list(in_line(conference).select_for_update(no_key=True))
    _update(ending, state=State.CANCELLED)
    return [RegistrationLineEnded(conference_id=one.conference_id, subject_id=one.pk) for one in ending]


def _reopen(lined: RegistrationQuerySet) -> list[Fact]:
    again = list(lined.filter(state=State.CANCELLED).select_for_update(no_key=True).order_by("queued_at", "pk"))
    _update(again, state=State.WAITLISTED)
    return [RegistrationQueued(conference_id=one.conference_id, subject_id=one.pk, back=True) for one in again]


def _move_on(conference: Conference, *, now: datetime) -> list[Fact]:
    if conference.approves_registrations:
        return []
    line = in_line(conference).select_for_update(no_key=True)
    if conference.capacity is not None:
        taken = Registration.objects.for_conference(conference).active().count()
        line = line[: max(0, conference.capacity - taken)]
    coming = list(line)
    _update(coming, state=State.ACCEPTED, confirmed_at=now, queued_at=None)
    return [RegistrationConfirmed(conference_id=one.conference_id, subject_id=one.pk, by=LINE) for one in coming]


def _update(registrations: list[Registration], **values: object) -> None:
    if registrations:
        Registration.objects.filter(pk__in=[one.pk for one in registrations]).update(**values)


def settle_lines(*, now: datetime) -> int:
    """Close the lines of conferences whose registration has closed, and open those where it has opened, by the clock.
    Returns how many changed.
    """
    lined = Registration.objects.filter(conference=OuterRef("pk"), queued_at__isnull=False)
    conferences = Conference.objects.filter(Exists(lined)).order_by("pk")
    return sum(_settle_one(conference.pk, now=now) for conference in conferences if _is_due(conference, now=now))


def _is_due(conference: Conference, *, now: datetime) -> bool:
    """Whether somebody stands in a line that is closed, or outside of one that is open."""
    is_open = registration_times(conference, now=now).is_open
    lined = Registration.objects.for_conference(conference).filter(queued_at__isnull=False)
    return lined.filter(state=State.CANCELLED if is_open else State.WAITLISTED).exists()


@retried
@transaction.atomic
def _settle_one(conference_id: int, *, now: datetime) -> bool:
    conference = Conference.objects.select_for_update(no_key=True).get(pk=conference_id)
    facts = settle_line(conference, now=now)
    record_all(facts, actor=SYSTEM)
    return bool(facts)
