"""Rows of a programme made, changed and deleted by organizers: one way for all of them.

Whoever edits says which version of the row they looked at. Two people who edit one row never overwrite each other
silently: the later is told what is there now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from hashlib import blake2b
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.encoding import encoded
from journal.facts import Change, Concern
from journal.recording import record
from journal.retrying import retried
from schedule.domain.editing.changes import changes_between, differing, value_of
from schedule.domain.editing.edits import EDITS, Edit
from schedule.domain.editing.lines import Line
from schedule.domain.programme.sessions import is_empty, lock_conference
from schedule.domain.programme.texts import every_language
from schedule.domain.timetables.kept import forget_after_commit
from schedule.facts.edits import Done
from schedule.models import Conference, Person
from schedule.ports.follow import follow

Row = TypeVar("Row", bound=Model)
Wanted = Mapping[str, Sequence[Line]]
"""What is edited together with a row, by the name of the relation; a relation that is not named stays as it is."""

_LONGEST_CODE = 30


class RowChanged(Exception):
    """Somebody else changed the row since it was looked at; nothing was changed. `stored` is the row as it is now."""

    def __init__(self, stored: Model) -> None:
        super().__init__("the row was changed meanwhile")
        self.stored = stored


class RowGone(Exception):
    """Somebody else deleted the row."""


def lines_of(row: Model) -> dict[str, list[Line]]:
    """What is edited together with a row, by the name of the relation. One query for each."""
    return {one.relation: one.read(row) for one in EDITS[type(row)].lines}


def version_of(row: Model, lines: Mapping[str, Sequence[Line]] | None = None) -> str:
    """Names what a row says, with all that is edited together with it: `lines`, or what `lines_of` reads."""
    said = [value_of(row, field) for field in row._meta.concrete_fields if field.editable]
    together = lines_of(row) if lines is None else lines
    text = json.dumps([said, together], default=encoded)
    return blake2b(text.encode(), digest_size=12).hexdigest()


@retried
@transaction.atomic
def add_row(row: Row, *, lines: Wanted | None = None, actor: Actor) -> Row:
    """Keep a new row of a conference, with what belongs to it. Without a code it gets one made from its name.

    Raises `ValidationError` for what it cannot say.
    """
    conference = lock_conference(_conference_of(row))
    edit, row = EDITS[type(row)], copy(row)  # whoever starts over begins with what was wanted
    if hasattr(row, "code") and not row.code:
        row.code = free_code(row, conference)
    _check(row)
    row.save(force_insert=True)
    _keep_lines(row, edit, lines or {})
    fact = edit.fact(conference_id=conference.pk, subject_id=row.pk, done=Done.ADDED, changes={})
    record(fact, actor=actor)
    _forget(fact)
    if edit.moves_signups:
        follow(conference, actor=actor, now=timezone.now())
    return row


@retried
@transaction.atomic
def change_row(row: Row, *, lines: Wanted | None = None, version: str, actor: Actor) -> Row:
    """Make the stored row say what `row` says, with what belongs to it. Where nothing changes nothing is told.

    Fields that people follow are changed by the functions for them, each with its own fact. Raises `RowChanged` when
    the stored row is not of this `version` and says something else, `RowGone` when there is none, `ValidationError` for
    what it cannot say. Locks the conference.
    """
    conference = lock_conference(_conference_of(row))
    edit, row = EDITS[type(row)], copy(row)  # whoever starts over begins with what was wanted
    stored = _locked(row)
    if version_of(stored) != version:
        if any(True for _field in differing(stored, row)) or not _has_lines(stored, edit, lines or {}):
            raise RowChanged(stored)
        return row  # saved twice, or by two who wanted the same: nobody is overwritten
    _check(row)
    followed = {field.name: getattr(row, field.name) for field in differing(stored, row) if field.name in edit.followed}
    for name in followed:
        setattr(row, name, getattr(stored, name))
    changes = changes_between(stored, row)
    if changes:
        row.save(update_fields=list(changes))
    changes |= _keep_lines(row, edit, lines or {})
    if changes:
        fact = edit.fact(conference_id=conference.pk, subject_id=row.pk, done=Done.CHANGED, changes=changes)
        record(fact, actor=actor)
        _forget(fact)
    for name, value in followed.items():
        edit.followed[name].change(row, value, actor)
        setattr(row, name, value)
    if changes.keys() & set(edit.moves_signups):
        conference.refresh_from_db()  # it may be what was changed
        follow(conference, actor=actor, now=timezone.now())
    return row


@retried
@transaction.atomic
def delete_row(row: Model, *, actor: Actor) -> None:
    """Delete a row with what goes with it. One that is gone already changes nothing.

    Raises `ValidationError` where something stands in the way (`hanging.hanging_on` says what). Locks the conference.
    """
    conference = lock_conference(_conference_of(row))
    edit = EDITS[type(row)]
    try:
        stored = _locked(row)
    except RowGone:
        return
    named = edit.fact.subject.named_by
    changes: dict[str, Change | None] = {}
    if named and not isinstance(stored, Person):
        changes[named] = Change(old=value_of(stored, stored._meta.get_field(named)))
    fact = edit.fact(conference_id=conference.pk, subject_id=stored.pk, done=Done.DELETED, changes=changes)
    try:
        stored.delete()
    except ProtectedError as refusal:
        raise ValidationError(_("It is still used, so it cannot be deleted. Nothing was changed.")) from refusal
    record(fact, actor=actor)
    _forget(fact)
    if edit.moves_signups:
        follow(conference, actor=actor, now=timezone.now())


def free_code(row: Any, conference: Conference) -> str:
    """A code nobody in the conference has, made from what the row is called, or from its kind where that has no Latin
    letters. One query."""
    named = EDITS[type(row)].fact.subject.named_by
    words = every_language(getattr(row, named)).splitlines()
    made = next((one for one in (slugify(text)[:_LONGEST_CODE].strip("-_") for text in words) if one), "")
    stem = made or type(row).__name__.lower()
    taken = set(type(row)._default_manager.filter(conference=conference).values_list("code", flat=True))
    if made and stem not in taken:
        return stem
    return next(code for number in range(1, len(taken) + 2) if (code := f"{stem}-{number}") not in taken)


def _conference_of(row: Any) -> int:
    key: int = row.pk if isinstance(row, Conference) else row.conference_id
    return key


def _locked(row: Any) -> Any:
    stored = type(row)._default_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
    if stored is None:
        raise RowGone
    return stored


def _check(row: Any) -> None:
    named = EDITS[type(row)].fact.subject.named_by
    if named and is_empty(getattr(row, named)):
        raise ValidationError({named: _("Give it a name in at least one language.")})
    row.full_clean()


def _has_lines(stored: Any, edit: Edit, wanted: Wanted) -> bool:
    """Whether all that is wanted belongs to the stored row, and nothing else."""
    pairs = [(one.read(stored), wanted[one.relation]) for one in edit.lines if one.relation in wanted]
    return all(_without_keys(kept) == _without_keys(lines) for kept, lines in pairs)


def _without_keys(lines: Sequence[Line]) -> list[str]:
    """A line that was new when it was sent has a key by now."""
    return sorted(repr(sorted((name, value) for name, value in line.items() if name != "pk")) for line in lines)


def _keep_lines(row: Any, edit: Edit, wanted: Wanted) -> dict[str, Change | None]:
    """Returns the relations that changed, each with what the journal tells of it."""
    changed: dict[str, Change | None] = {}
    for one in edit.lines:
        if one.relation in wanted:
            before = one.read(row)
            one.keep(row, wanted[one.relation])
            after = one.read(row)
            if after != before:
                changed[one.relation] = one.change(row, before, after)
    return changed


def _forget(fact: Any) -> None:
    if fact.concerns == Concern.PROGRAMME:
        forget_after_commit(fact.conference_id)  # it may have hidden something
