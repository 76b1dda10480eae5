"""What a page of the administration changed, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import EmailField, Field, Model, URLField
from django.forms.models import BaseInlineFormSet
from i18nfield.fields import I18nTextField
from i18nfield.strings import LazyI18nString

from journal.encoding import encoded
from journal.facts import Change
from schedule.admin_forms import EditForm
from schedule.facts.words import stored_words
from schedule.models import Person, Unavailability

# Of somebody's own row, and of the reason why somebody cannot come, no value is told.
_UNTOLD = (Person, Unavailability)


def changes_of(row: Model) -> dict[str, Change | None]:
    """Every field that says something else than the database has; to be asked before the row is saved. One query.

    There is a `Change` for codes, numbers, times, keys and the programme's own words; for everything else there is
    only that it changed.
    """
    stored = stored_row(row)
    changes = {field: Change(_value(stored, field), _value(row, field)) for field in differing(stored, row)}
    return {field.name: change if _is_told(row, field) else None for field, change in changes.items()}


def relations_in(form: EditForm, formsets: Iterable[BaseInlineFormSet]) -> dict[str, Change | None]:
    """Every relation of the row of which another row was edited with it, or that leads to others now."""
    several = {field.name for field in form.instance._meta.many_to_many}
    changed = [_relation(formset) for formset in formsets if formset.has_changed()]
    return dict.fromkeys([*(name for name in form.changed_data if name in several), *changed])


def stored_row(row: Any) -> Any:
    """The row as the database has it. One query."""
    return type(row)._default_manager.get(pk=row.pk)


def differing(stored: Model, row: Model) -> Iterator[Field[Any, Any]]:
    """The fields that say something else in `row` than in `stored`. What the form was sent is not asked: a field with
    a default compares itself with what the browser says was there before."""
    for field in row._meta.concrete_fields:
        old, new = getattr(stored, field.attname), getattr(row, field.attname)
        if field.editable and old != new and _value(stored, field) != _value(row, field):
            yield field


def _relation(formset: BaseInlineFormSet) -> str:
    name: str = formset.fk.remote_field.get_accessor_name()
    return name


def _is_told(row: Model, field: Field[Any, Any]) -> bool:
    return not isinstance(row, _UNTOLD) and not isinstance(field, (EmailField, URLField, I18nTextField))


def _value(row: Model, field: Field[Any, Any]) -> Any:
    value = getattr(row, field.attname)
    return encoded(stored_words(value) if isinstance(value, LazyI18nString) else value)
