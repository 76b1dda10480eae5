"""Asking somebody whose calendar declined a session they appear in whether they will take part after all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications.mails.calendar_entries import appearance_uid
from notifications.models import Message
from registration.domain.registrations.limits import QUESTIONS_PER_ADDRESS, allowed
from schedule.domain.programme.invitations import ask_again
from schedule.domain.timetables.queries import newest_release
from schedule.models import Person, ReleasedPlacement, Role, Session
from values.hosts import one_mailbox


@dataclass(frozen=True)
class Appearance:
    """Somebody, a session, and the newest mail that put it into their calendar."""

    person: Person
    session: Session
    told: Message


def appearance_of(uid: str, sender: str) -> Appearance | None:
    """The appearance that a calendar identity of ours stands for, if mails about it went to this sender. One query."""
    rows = Message.objects.filter(
        person__isnull=False,
        person__email__iexact=one_mailbox(sender),
        session__isnull=False,
        calendar_method="REQUEST",
    )
    for message in rows.select_related("person", "session__conference").order_by("-journal_entry_id"):
        person, session = message.person, message.session
        if person and session and appearance_uid(session, person).casefold() == uid.casefold():
            return Appearance(person, session, message)
    return None


def ask_in_person(appearance: Appearance, *, now: datetime) -> bool:
    """Have them asked by mail whether they take part, once for each state of the entry; say whether they will be.

    Only about a session that stands in the programme and is not over, and not more often than QUESTIONS_PER_ADDRESS:
    whoever forges answers in their name can cause them no more mails than that. Nothing else happens.
    """
    person, session = appearance.person, appearance.session
    placed = ReleasedPlacement.objects.filter(release=newest_release(session.conference), session=session, end__gt=now)
    role = Role.objects.filter(person=person, session=session).order_by("position", "pk").first()
    since = appearance.told.sent_at or appearance.told.created_at
    if role is None or session.state == Session.State.CANCELLED or not placed.exists():
        return False
    if not allowed(QUESTIONS_PER_ADDRESS, f"person:{person.pk}", now=now):
        return False
    return ask_again(role, since=since)
