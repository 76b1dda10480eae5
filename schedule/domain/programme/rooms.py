"""Changes of rooms and of the venue: names and sizes."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal import recording as journal
from journal.actors import Actor
from journal.facts import Fact
from journal.retrying import retried
from schedule.domain.programme.sessions import in_one_form, is_empty, lock_conference
from schedule.domain.timetables.queries import last_published_in
from schedule.facts.programme import RoomRenamed, RoomResized, VenueChanged
from schedule.facts.words import stored_words
from schedule.models import Conference, Room
from schedule.ports.follow import follow


def renamed(room: Room, old: LazyI18nString, new: LazyI18nString) -> Fact:
    """The fact that a room has another name; it names the sessions that public calendars show there. One query."""
    return RoomRenamed(
        conference_id=room.conference_id,
        subject_id=room.pk,
        old=stored_words(old),
        new=stored_words(new),
        sessions=tuple(last_published_in(room)),
    )


def venue_changed(conference: Conference, old: LazyI18nString, new: LazyI18nString) -> Fact:
    """The fact that the conference is elsewhere."""
    about = {"conference_id": conference.pk, "subject_id": conference.pk}
    return VenueChanged(**about, old=stored_words(old), new=stored_words(new))


def resized(room: Room, old: int, new: int) -> Fact:
    """The fact that a room has another number of seats."""
    return RoomResized(conference_id=room.conference_id, subject_id=room.pk, old=old, capacity=new)


@retried
@transaction.atomic
def rename_room(room: Room, *, name: LazyI18nString | str | dict[str, str], actor: Actor) -> Room:
    """Give a room another name. People who hold a place in it are told; their calendar entries change (invariant 7).

    The journal names the sessions that public calendars show in this room. The name it has already changes nothing.
    Raises `ValidationError` when the name is empty in every language.
    """
    text = in_one_form(name)
    if is_empty(text):
        raise ValidationError({"name": _("A room needs a name.")})
    conference = lock_conference(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    old = locked.name
    if stored_words(old) == stored_words(text):
        return locked
    locked.name = text
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["name"])
    journal.record(renamed(locked, old, text), actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked


@retried
@transaction.atomic
def change_venue(conference: Conference, *, venue: LazyI18nString | str | dict[str, str], actor: Actor) -> Conference:
    """Say where the conference is; empty where that is open. It stands in every calendar entry, so everybody who holds
    a place is told. The venue it has already changes nothing.
    """
    text = in_one_form(venue)
    locked = lock_conference(conference.pk)
    old = locked.venue
    if stored_words(old) == stored_words(text):
        return locked
    locked.venue = text
    locked.full_clean(exclude=["team"])
    locked.save(update_fields=["venue"])
    journal.record(venue_changed(locked, old, text), actor=actor)
    follow(locked, actor=actor, now=timezone.now())
    return locked


@retried
@transaction.atomic
def resize_room(room: Room, *, capacity: int, actor: Actor) -> Room:
    """Say how many seats a room really has. Sign-ups of its sessions follow."""
    conference = lock_conference(room.conference_id)
    locked = Room.objects.select_for_update(no_key=True).get(pk=room.pk)
    fact = resized(locked, locked.capacity, capacity)
    locked.capacity = capacity
    locked.full_clean(exclude=["conference"])
    locked.save(update_fields=["capacity"])
    journal.record(fact, actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked
