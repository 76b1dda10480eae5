"""What somebody changed in a row, field by field, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import EmailField, Field, Model, URLField
from i18nfield.fields import I18nTextField
from i18nfield.strings import LazyI18nString

from journal.encoding import encoded
from journal.facts import Change
from schedule.facts.words import stored_words
from schedule.models import Person, Unavailability

# Of somebody's own row, and of the reason why somebody cannot come, no value is told.
_UNTOLD = (Person, Unavailability)


def changes_of(row: Model) -> dict[str, Change | None]:
    """Every field that says something else than the database has; to be asked before the row is saved. One query."""
    return changes_between(stored_row(row), row)


def changes_between(stored: Model, row: Model) -> dict[str, Change | None]:
    """Every field that says something else in `row` than in `stored`.

    There is a `Change` for codes, numbers, times, keys and the programme's own words; for everything else there is
    only that it changed.
    """
    changes = {field: Change(value_of(stored, field), value_of(row, field)) for field in differing(stored, row)}
    return {field.name: change if _is_told(row, field) else None for field, change in changes.items()}


def stored_row(row: Any) -> Any:
    """The row as the database has it. One query."""
    return type(row)._default_manager.get(pk=row.pk)


def differing(stored: Model, row: Model) -> Iterator[Field[Any, Any]]:
    """The fields that say something else in `row` than in `stored`. What the form was sent is not asked: a field with
    a default compares itself with what the browser says was there before."""
    for field in row._meta.concrete_fields:
        old, new = getattr(stored, field.attname), getattr(row, field.attname)
        if field.editable and old != new and value_of(stored, field) != value_of(row, field):
            yield field


def value_of(row: Model, field: Field[Any, Any]) -> Any:
    """What a field of a row says, as JSON has it."""
    value = getattr(row, field.attname)
    return encoded(stored_words(value) if isinstance(value, LazyI18nString) else value)


def _is_told(row: Model, field: Field[Any, Any]) -> bool:
    return not isinstance(row, _UNTOLD) and not isinstance(field, (EmailField, URLField, I18nTextField))
