"""Changes of sessions outside a timetable: their words, places and cancellation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal import recording as journal
from journal.actors import Actor
from journal.facts import Fact
from journal.retrying import retried
from schedule.domain.timetables.kept import forget_after_commit
from schedule.facts.programme import (
    CapChanged,
    OnlineAddressChanged,
    SeatsHeld,
    SessionCancelled,
    SessionReinstated,
    SessionRenamed,
)
from schedule.facts.words import stored_words
from schedule.models import Conference, Session
from schedule.ports.follow import follow
from values.text import is_nothing

_Told = Callable[[Session, Any, Any], Fact]


def lock_conference(conference_id: int) -> Conference:
    """One change of a conference's programme at a time; the same lock as a release takes.

    No lock here keeps keys (`no_key`): whoever leaves a session holds its seats, and the check of their foreign keys at
    the commit would wait for a session or room locked harder, while this transaction waits for those seats.
    """
    return Conference.objects.select_for_update(no_key=True).get(pk=conference_id)


def _change_session(session: Session, field: str, value: Any, told: _Told, *, actor: Actor) -> Session:
    """Set one field. `told` makes the fact of the session, of what was there before and of what is there now."""
    conference = lock_conference(session.conference_id)
    locked = Session.objects.select_for_update(no_key=True).get(pk=session.pk)
    fact = told(locked, getattr(locked, field), value)
    setattr(locked, field, value)
    locked.full_clean(exclude=["kind", "fixed_room"])
    locked.save(update_fields=[field])
    journal.record(fact, actor=actor)
    follow(conference, actor=actor, now=timezone.now())
    return locked


def _about(session: Session) -> _About:
    return {"conference_id": session.conference_id, "subject_id": session.pk}


def renamed(session: Session, old: LazyI18nString, new: LazyI18nString) -> Fact:
    """The fact that a session has another title."""
    return SessionRenamed(**_about(session), old=stored_words(old), new=stored_words(new))


def online_changed(session: Session, _old: str, _new: str) -> Fact:
    """The fact that a session is joined at another address; the address is kept out of the journal."""
    return OnlineAddressChanged(**_about(session))


def cap_changed(session: Session, old: int | None, new: int | None) -> Fact:
    """The fact that a session has another number of places at most."""
    return CapChanged(**_about(session), old=old, new=new)


def seats_held(session: Session, old: int, new: int) -> Fact:
    """The fact that other seats of a session are kept back."""
    return SeatsHeld(**_about(session), old=old, new=new)


def in_one_form(text: LazyI18nString | str | dict[str, str]) -> LazyI18nString:
    """A line of text in several languages as it is kept."""
    kept: LazyI18nString = Session._meta.get_field("title").kept(text)
    return kept


def is_empty(text: LazyI18nString) -> bool:
    """The field takes an empty text in several languages for a text."""
    words = text.data.values() if isinstance(text.data, dict) else [str(text)]
    return all(is_nothing(one) for one in words)


class _About(TypedDict):
    conference_id: int
    subject_id: int


@retried
@transaction.atomic
def rename_session(session: Session, *, title: LazyI18nString | dict[str, str], actor: Actor) -> Session:
    """Give a session another title. People who hold a place are told; their calendar entries change.

    Raises `ValidationError` when the title is empty in every language.
    """
    text = in_one_form(title)
    if is_empty(text):
        raise ValidationError({"title": _("A session needs a title.")})
    return _change_session(session, "title", text, renamed, actor=actor)


@retried
@transaction.atomic
def cancel_session(session: Session, *, actor: Actor) -> Session:
    """Cancel a session. Everybody who holds or awaits a place leaves it and is told."""
    forget_after_commit(session.conference_id)  # what it was about, and who would have appeared

    def told(locked: Session, _old: str, _new: str) -> Fact:
        return SessionCancelled(**_about(locked))

    return _change_session(session, "state", Session.State.CANCELLED, told, actor=actor)


@retried
@transaction.atomic
def reinstate_session(session: Session, *, actor: Actor) -> Session:
    """Let a cancelled session take place after all, where the newest release has it. Whoever had a place or waited for
    one has that again.
    """

    def told(locked: Session, _old: str, _new: str) -> Fact:
        return SessionReinstated(**_about(locked))

    return _change_session(session, "state", Session.State.ACCEPTED, told, actor=actor)


@retried
@transaction.atomic
def change_online_address(session: Session, *, url: str, actor: Actor) -> Session:
    """Say where a session is joined online; empty where it is not. People who hold a place are told.

    Raises `ValidationError` for anything but a web address. The address is kept out of the journal.
    """
    return _change_session(session, "online_url", url.strip(), online_changed, actor=actor)


@retried
@transaction.atomic
def change_cap(session: Session, *, places: int | None, actor: Actor) -> Session:
    """Set the most places a session has; None leaves it to the room. Fewer than are held: the last ones wait again."""
    return _change_session(session, "capacity_cap", places, cap_changed, actor=actor)


@retried
@transaction.atomic
def hold_seats(session: Session, *, seats: int, actor: Actor) -> Session:
    """Keep some of the room's seats back (for speakers, interpreters, companions)."""
    return _change_session(session, "held_seats", seats, seats_held, actor=actor)
