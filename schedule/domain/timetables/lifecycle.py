"""What becomes of a draft as a whole: another name, put aside and taken up again, deleted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.facts import Fact
from journal.recording import record
from journal.retrying import retried
from schedule.domain.timetables.drafts import DraftChanged
from schedule.facts.drafts import DraftArchived, DraftDeleted, DraftRenamed, DraftTakenUp
from schedule.models import Draft, SolverRun


@retried
@transaction.atomic
def rename_draft(draft: Draft, *, name: str, was: str, actor: Actor) -> None:
    """Give a draft another name; `was` is the one that was looked at. Where nothing changes nothing is told.

    Locks the draft. Raises `ValidationError` where it has a third name by now, and for a name that is taken.
    """
    locked = _lock(draft)
    if locked.name == name:
        draft.name = name
        return
    if locked.name != was:
        said = _("Somebody has renamed it meanwhile: it is called “%(name)s” now.")
        raise ValidationError(said % {"name": locked.name})
    locked.name = name
    locked.full_clean()
    locked.save(update_fields=["name"])
    draft.name = name
    _tell(DraftRenamed, locked, actor, old=was, new=name)


@retried
@transaction.atomic
def archive_draft(draft: Draft, *, actor: Actor) -> None:
    """Put a draft aside; it can still be looked at, compared and copied. One that is aside already stays. Locks it."""
    locked = _lock(draft)
    if locked.archived_at is None:
        locked.archived_at = timezone.now()
        locked.save(update_fields=["archived_at"])
        _tell(DraftArchived, locked, actor)
    draft.archived_at = locked.archived_at


@retried
@transaction.atomic
def take_up_draft(draft: Draft, *, actor: Actor) -> None:
    """Work again on a draft that was put aside. Locks it."""
    locked = _lock(draft)
    if locked.archived_at is not None:
        locked.archived_at = None
        locked.save(update_fields=["archived_at"])
        _tell(DraftTakenUp, locked, actor)
    draft.archived_at = None


@retried
@transaction.atomic
def delete_draft(draft: Draft, *, version: int, actor: Actor) -> None:
    """Delete a draft with where its sessions are and its history, for good. Searches and releases stay.

    Locks it. Raises `DraftChanged` when it is not at `version` any more, so that nobody deletes what they have not
    seen, and `ValidationError` while a search that starts from it is under way.
    """
    locked = _lock(draft)
    if locked.version != version:
        raise DraftChanged(locked.version)
    if SolverRun.objects.busy().filter(Q(base=locked) | Q(draft=locked)).exists():
        raise ValidationError(_("A search that starts from this draft is under way. Wait for it, or stop it."))
    fact = DraftDeleted(
        conference_id=locked.conference_id, subject_id=locked.pk, name=locked.name, placed=locked.placements.count()
    )
    locked.delete()
    record(fact, actor=actor)


def _lock(draft: Draft) -> Draft:
    return Draft.objects.select_for_update().get(pk=draft.pk)


def _tell(kind: type[Fact], draft: Draft, actor: Actor, **said: str) -> None:
    record(kind(conference_id=draft.conference_id, subject_id=draft.pk, **said), actor=actor)
