"""Taking somebody out of everything public at once, and putting them back; and what they choose about their mails."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.domain.programme.sessions import lock_conference
from schedule.domain.timetables.kept import forget_after_commit
from schedule.facts.people import EntriesChanged, PersonPutBack, PersonTakenDown
from schedule.models import Person


@retried
@transaction.atomic
def take_down(person: Person, *, actor: Actor, now: datetime | None = None) -> Person:
    """Name this person nowhere in public any more: on no page, in no file, calendar, search, API answer or mail.

    Their roles stay, so that the timetable still keeps them free; organizers still see them. What was written of the
    programme leaves the cache, and every page, file and calendar gets another tag. Mails and calendar files that were
    sent, what visitors and their programs have fetched, and words of titles and abstracts are out of reach. Whoever is
    taken down already stays so. Locks the conference.
    """
    conference = lock_conference(person.conference_id)
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.taken_down_at is not None:
        return locked
    locked.taken_down_at = now or timezone.now()
    locked.save(update_fields=["taken_down_at"])
    record(PersonTakenDown(conference_id=conference.pk, subject_id=locked.pk), actor=actor)
    forget_after_commit(conference.pk)
    return locked


@retried
@transaction.atomic
def put_back(person: Person, *, actor: Actor) -> Person:
    """Name a person again who was taken down. Whoever is not stays as they are. Locks the conference."""
    conference = lock_conference(person.conference_id)
    locked = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if locked.taken_down_at is None:
        return locked
    locked.taken_down_at = None
    locked.save(update_fields=["taken_down_at"])
    record(PersonPutBack(conference_id=conference.pk, subject_id=locked.pk), actor=actor)
    return locked


@retried
@transaction.atomic
def set_entries(person: Person, *, wanted: bool, actor: Actor) -> Person:
    """Have mails about somebody's sessions bring calendar entries from now on, or not. What is so is not written."""
    if Person.objects.filter(pk=person.pk).exclude(entries_by_mail=wanted).update(entries_by_mail=wanted):
        fact = EntriesChanged(conference_id=person.conference_id, subject_id=person.pk, wanted=wanted)
        record(fact, actor=actor)
    person.entries_by_mail = wanted
    return person
