"""Changes of the programme outside a timetable: words, sizes, closings and cancellations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal import recording as journal
from schedule.domain.timetables.queries import last_published_in
from schedule.models import Conference, Room, Session, Unavailability
from schedule.ports.follow import follow


def _lock(conference_id: int) -> Conference:
    """One change of a conference's programme at a time; the same lock as a release takes.

    No lock here keeps keys (`no_key`): whoever leaves a session holds its seats, and the check of their foreign keys at
    the commit would wait for a session or room locked harder, while this transaction waits for those seats.
    """
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)


def _change_session(session: Session, verb: str, *, actor: str, **fields: Any) -> Session:
    conference = _lock(session.conference_id)
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=["kind", "fixed_room"])
    locked.save(update_fields=list(fields))
    journal.record(verb, actor=actor, conference_id=conference.pk, subject_id=locked.pk)
    follow(conference, actor=actor, now=timezone.now())
    return locked


def _is_empty(text: LazyI18nString) -> bool:
    """The field takes an empty text in several languages for a text."""
    words = text.data.values() if isinstance(text.data, dict) else [str(text)]
    return not any(one.strip() for one in words)


def _stored(text: LazyI18nString) -> object:
    """What the field keeps of a text: languages in which it is empty are left out."""
    return {code: words for code, words in text.data.items() if words} if isinstance(text.data, dict) else text.data


@transaction.atomic
def rename_session(session: Session, *, title: LazyI18nString | dict[str, str], actor: str) -> Session:
    """Give a session another title. People who hold a place are told; their calendar entries change.

    Raises `ValidationError` when the title is empty in every language.
    """
    text = title if isinstance(title, LazyI18nString) else LazyI18nString(title)
    if _is_empty(text):
        raise ValidationError({"title": _("A session needs a title.")})
    return _change_session(session, "session.renamed", actor=actor, title=text)


@transaction.atomic
def cancel_session(session: Session, *, actor: str) -> Session:
    """Cancel a session. Everybody who holds or awaits a place leaves it and is told."""
    return _change_session(session, "session.cancelled", actor=actor, state=Session.State.CANCELLED)


@transaction.atomic
def reinstate_session(session: Session, *, actor: str) -> Session:
    """Let a cancelled session take place after all, where the newest release has it. Nobody gets a place by that."""
    return _change_session(session, "session.reinstated", actor=actor, state=Session.State.ACCEPTED)


@transaction.atomic
def change_online_address(session: Session, *, url: str, actor: str) -> Session:
    """Say where a session is joined online; empty where it is not. People who hold a place are told.

    Raises `ValidationError` for anything but a web address. The address is kept out of the journal.
    """
    return _change_session(session, "session.online_changed", actor=actor, online_url=url.strip())


@transaction.atomic
def change_cap(session: Session, *, places: int | None, actor: str) -> Session:
    """Set the most places a session has; None leaves it to the room. Fewer than are held: the last ones wait again."""
    return _change_session(session, "session.cap_changed", actor=actor, capacity_cap=places)


@transaction.atomic
def hold_seats(session: Session, *, seats: int, actor: str) -> Session:
    """Keep some of the room's seats back (for speakers, interpreters, companions)."""
    return _change_session(session, "session.seats_held", actor=actor, held_seats=seats)


@transaction.atomic
def rename_room(room: Room, *, name: LazyI18nString | str | dict[str, str], actor: str) -> Room:
    """Give a room another name. People who hold a place in it are told; their calendar entries change (invariant 7).

    The journal names the sessions that public calendars show in this room. The name it has already changes nothing.
    Raises `ValidationError` when the name is empty in every language.
    """
    text = name if isinstance(name, LazyI18nString) else LazyI18nString(name)
    if _is_empty(text):
        raise ValidationError({"name": _("A room needs a name.")})
    conference = _lock(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    if _stored(locked.name) == _stored(text):
        return locked
    locked.name = text
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["name"])
    journal.record(
        "room.renamed", actor=actor, conference_id=conference.pk, subject_id=room.pk, sessions=last_published_in(locked)
    )
    follow(conference, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def change_venue(conference: Conference, *, venue: LazyI18nString | str | dict[str, str], actor: str) -> Conference:
    """Say where the conference is; empty where that is open. It stands in every calendar entry, so everybody who holds
    a place is told. The venue it has already changes nothing.
    """
    text = venue if isinstance(venue, LazyI18nString) else LazyI18nString(venue)
    locked = _lock(conference.pk)
    if _stored(locked.venue) == _stored(text):
        return locked
    locked.venue = text
    locked.full_clean(exclude=["team"])
    locked.save(update_fields=["venue"])
    journal.record("conference.venue_changed", actor=actor, conference_id=locked.pk, subject_id=locked.pk)
    follow(locked, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def resize_room(room: Room, *, capacity: int, actor: str) -> Room:
    """Say how many seats a room really has. Sign-ups of its sessions follow."""
    conference = _lock(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    locked.capacity = capacity
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["capacity"])
    journal.record("room.resized", actor=actor, conference_id=conference.pk, subject_id=room.pk, capacity=capacity)
    follow(conference, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def close_room(
    room: Room, *, starts_at: datetime, ends_at: datetime, actor: str, reason: str | dict[str, str] = ""
) -> Unavailability:
    """Say that a room (and every room joined from it) cannot be used for a time.

    Published times stay until a release. Raises `ValidationError` when the end is not after the start.
    """
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must be after the start.")})
    conference = _lock(room.conference_id)
    closed = Unavailability.objects.create(
        conference=conference,
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=LazyI18nString(reason) if isinstance(reason, dict) else reason,
    )
    journal.record(
        "room.closed",
        actor=actor,
        conference_id=conference.pk,
        subject_id=room.pk,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    return closed
