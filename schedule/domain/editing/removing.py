"""Deleting a whole conference, as long as nobody outside its team has heard of it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.facts import Change
from journal.recording import record
from journal.retrying import retried
from schedule.domain.programme.sessions import lock_conference
from schedule.domain.timetables.kept import forget_after_commit
from schedule.facts.edits import ConferenceEdited, Done
from schedule.facts.words import stored_words
from schedule.models import Body, Conference, Draft, Kind, Person, Room, Session, SolverRun, Theme

# What others point to goes after them.
_IN_ORDER = (Session, Draft, SolverRun, Kind, Theme, Body, Person, Room)


@retried
@transaction.atomic
def delete_conference(conference: Conference, *, actor: Actor) -> None:
    """Delete a conference with everything in it. Locks it.

    Raises `ValidationError` where a release was published (releases never change, and calendars know its sessions), and
    where people have registered.
    """
    locked = lock_conference(conference.pk)
    if locked.releases.exists():
        raise ValidationError(_("It was published, so it stays: people may have it in their calendars."))
    changes = {"name": Change(old=stored_words(locked.name))}
    fact = ConferenceEdited(conference_id=locked.pk, subject_id=locked.pk, done=Done.DELETED, changes=changes)
    try:
        for model in _IN_ORDER:
            model.objects.filter(conference=locked).delete()
        locked.delete()
    except ProtectedError as refusal:
        raise ValidationError(_("People have registered, so it stays.")) from refusal
    record(fact, actor=actor)
    forget_after_commit(conference.pk)
