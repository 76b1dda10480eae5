"""Changes of the programme outside a timetable: words, sizes, closings and cancellations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal import recording as journal
from journal.actors import Actor
from journal.facts import Fact
from schedule.domain.timetables.queries import last_published_in
from schedule.facts.programme import (
    CapChanged,
    OnlineAddressChanged,
    RoomClosed,
    RoomRenamed,
    RoomResized,
    SeatsHeld,
    SessionCancelled,
    SessionReinstated,
    SessionRenamed,
    VenueChanged,
)
from schedule.facts.words import stored_words
from schedule.models import Conference, Room, Session, Unavailability
from schedule.ports.follow import follow


def lock_conference(conference_id: int) -> Conference:
    """One change of a conference's programme at a time; the same lock as a release takes.

    No lock here keeps keys (`no_key`): whoever leaves a session holds its seats, and the check of their foreign keys at
    the commit would wait for a session or room locked harder, while this transaction waits for those seats.
    """
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)


def _change_session(session: Session, field: str, value: Any, told: Callable[[Any], Fact], *, actor: Actor) -> Session:
    """Set one field. `told` makes the fact of what it was before."""
    conference = lock_conference(session.conference_id)
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    fact = told(getattr(locked, field))
    setattr(locked, field, value)
    locked.full_clean(exclude=["kind", "fixed_room"])
    locked.save(update_fields=[field])
    journal.record(fact, actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked


def _about(session: Session) -> _About:
    return {"conference_id": session.conference_id, "subject_id": session.pk}


def _is_empty(text: LazyI18nString) -> bool:
    """The field takes an empty text in several languages for a text."""
    words = text.data.values() if isinstance(text.data, dict) else [str(text)]
    return not any(one.strip() for one in words)


class _About(TypedDict):
    conference_id: int
    subject_id: int


@transaction.atomic
def rename_session(session: Session, *, title: LazyI18nString | dict[str, str], actor: Actor) -> Session:
    """Give a session another title. People who hold a place are told; their calendar entries change.

    Raises `ValidationError` when the title is empty in every language.
    """
    text = title if isinstance(title, LazyI18nString) else LazyI18nString(title)
    if _is_empty(text):
        raise ValidationError({"title": _("A session needs a title.")})

    def told(old: LazyI18nString) -> Fact:
        return SessionRenamed(**_about(session), old=stored_words(old), new=stored_words(text))

    return _change_session(session, "title", text, told, actor=actor)


@transaction.atomic
def cancel_session(session: Session, *, actor: Actor) -> Session:
    """Cancel a session. Everybody who holds or awaits a place leaves it and is told."""
    fact = SessionCancelled(**_about(session))
    return _change_session(session, "state", Session.State.CANCELLED, lambda _: fact, actor=actor)


@transaction.atomic
def reinstate_session(session: Session, *, actor: Actor) -> Session:
    """Let a cancelled session take place after all, where the newest release has it. Nobody gets a place by that."""
    fact = SessionReinstated(**_about(session))
    return _change_session(session, "state", Session.State.ACCEPTED, lambda _: fact, actor=actor)


@transaction.atomic
def change_online_address(session: Session, *, url: str, actor: Actor) -> Session:
    """Say where a session is joined online; empty where it is not. People who hold a place are told.

    Raises `ValidationError` for anything but a web address. The address is kept out of the journal.
    """
    fact = OnlineAddressChanged(**_about(session))
    return _change_session(session, "online_url", url.strip(), lambda _: fact, actor=actor)


@transaction.atomic
def change_cap(session: Session, *, places: int | None, actor: Actor) -> Session:
    """Set the most places a session has; None leaves it to the room. Fewer than are held: the last ones wait again."""

    def told(old: int | None) -> Fact:
        return CapChanged(**_about(session), old=old, new=places)

    return _change_session(session, "capacity_cap", places, told, actor=actor)


@transaction.atomic
def hold_seats(session: Session, *, seats: int, actor: Actor) -> Session:
    """Keep some of the room's seats back (for speakers, interpreters, companions)."""

    def told(old: int) -> Fact:
        return SeatsHeld(**_about(session), old=old, new=seats)

    return _change_session(session, "held_seats", seats, told, actor=actor)


@transaction.atomic
def rename_room(room: Room, *, name: LazyI18nString | str | dict[str, str], actor: Actor) -> Room:
    """Give a room another name. People who hold a place in it are told; their calendar entries change (invariant 7).

    The journal names the sessions that public calendars show in this room. The name it has already changes nothing.
    Raises `ValidationError` when the name is empty in every language.
    """
    text = name if isinstance(name, LazyI18nString) else LazyI18nString(name)
    if _is_empty(text):
        raise ValidationError({"name": _("A room needs a name.")})
    conference = lock_conference(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    old, new = stored_words(locked.name), stored_words(text)
    if old == new:
        return locked
    locked.name = text
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["name"])
    shown_in = tuple(last_published_in(locked))
    fact = RoomRenamed(conference_id=conference.pk, subject_id=room.pk, old=old, new=new, sessions=shown_in)
    journal.record(fact, actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def change_venue(conference: Conference, *, venue: LazyI18nString | str | dict[str, str], actor: Actor) -> Conference:
    """Say where the conference is; empty where that is open. It stands in every calendar entry, so everybody who holds
    a place is told. The venue it has already changes nothing.
    """
    text = venue if isinstance(venue, LazyI18nString) else LazyI18nString(venue)
    locked = lock_conference(conference.pk)
    old, new = stored_words(locked.venue), stored_words(text)
    if old == new:
        return locked
    locked.venue = text
    locked.full_clean(exclude=["team"])
    locked.save(update_fields=["venue"])
    journal.record(VenueChanged(conference_id=locked.pk, subject_id=locked.pk, old=old, new=new), actor=actor)
    follow(locked, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def resize_room(room: Room, *, capacity: int, actor: Actor) -> Room:
    """Say how many seats a room really has. Sign-ups of its sessions follow."""
    conference = lock_conference(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    fact = RoomResized(conference_id=conference.pk, subject_id=room.pk, old=locked.capacity, capacity=capacity)
    locked.capacity = capacity
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["capacity"])
    journal.record(fact, actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked


@transaction.atomic
def close_room(
    room: Room, *, starts_at: datetime, ends_at: datetime, actor: Actor, reason: str | dict[str, str] = ""
) -> Unavailability:
    """Say that a room (and every room joined from it) cannot be used for a time.

    Published times stay until a release. Raises `ValidationError` when the end is not after the start.
    """
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end must be after the start.")})
    conference = lock_conference(room.conference_id)
    closed = Unavailability.objects.create(
        conference=conference,
        room=room,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=LazyI18nString(reason) if isinstance(reason, dict) else reason,
    )
    fact = RoomClosed(conference_id=conference.pk, subject_id=room.pk, starts_at=starts_at, ends_at=ends_at)
    journal.record(fact, actor=actor)
    return closed
