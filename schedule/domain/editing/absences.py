"""When rooms are closed, and people and organisations cannot come: the timetable works around it."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record
from journal.retrying import retried
from schedule.domain.programme.sessions import lock_conference
from schedule.facts.people import BodyAway, BodyBack, PersonAway, PersonBack
from schedule.facts.programme import RoomClosed, RoomOpened
from schedule.models import Body, Person, Room, Unavailability

Reason = str | dict[str, str]


@retried
@transaction.atomic
def close_room(
    room: Room, *, starts_at: datetime, ends_at: datetime, actor: Actor, reason: Reason = ""
) -> Unavailability:
    """Say that a room (and every room joined from it) cannot be used for a time.

    Published times stay until a release. Raises `ValidationError` when the end is not after the start.
    """
    return _add(Unavailability(room=room, starts_at=starts_at, ends_at=ends_at, reason=_words(reason)), actor)


@retried
@transaction.atomic
def send_away(
    whom: Person | Body, *, starts_at: datetime, ends_at: datetime, actor: Actor, reason: Reason = ""
) -> Unavailability:
    """Say that a person or an organisation cannot come for a time. Published times stay until a release.

    Raises `ValidationError` when the end is not after the start.
    """
    subject = {"person": whom} if isinstance(whom, Person) else {"body": whom}
    return _add(Unavailability(starts_at=starts_at, ends_at=ends_at, reason=_words(reason), **subject), actor)


@retried
@transaction.atomic
def take_back(absence: Unavailability, *, actor: Actor) -> None:
    """Open a closed room again, or say that somebody has time after all. What is taken back already changes nothing."""
    conference = lock_conference(absence.conference_id)
    stored = Unavailability.objects.filter(pk=absence.pk).first()
    if stored is None:
        return
    stored.delete()
    record(_ended(conference.pk, absence), actor=actor)


def _words(reason: Reason) -> LazyI18nString:
    return LazyI18nString(reason)


def _add(absence: Unavailability, actor: Actor) -> Unavailability:
    if absence.ends_at <= absence.starts_at:
        raise ValidationError({"ends_at": _("The end must be after the start.")})
    whom = absence.room or absence.person or absence.body
    if whom is None:
        raise TypeError("somebody or something is absent")
    absence.conference = lock_conference(whom.conference_id)
    absence.save(force_insert=True)
    record(_begun(absence.conference_id, absence), actor=actor)
    return absence


def _begun(conference: int, absence: Unavailability) -> Fact:
    if absence.room_id is not None:
        times = {"starts_at": absence.starts_at, "ends_at": absence.ends_at}
        return RoomClosed(conference_id=conference, subject_id=absence.room_id, **times)
    if absence.person_id is not None:
        return PersonAway(conference_id=conference, subject_id=absence.person_id)
    return BodyAway(conference_id=conference, subject_id=absence.body_id)


def _ended(conference: int, absence: Unavailability) -> Fact:
    if absence.room_id is not None:
        times = {"starts_at": absence.starts_at, "ends_at": absence.ends_at}
        return RoomOpened(conference_id=conference, subject_id=absence.room_id, **times)
    if absence.person_id is not None:
        return PersonBack(conference_id=conference, subject_id=absence.person_id)
    return BodyBack(conference_id=conference, subject_id=absence.body_id)
