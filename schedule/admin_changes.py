"""What a form of the administration changed, as the journal tells it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import CharField, EmailField, Field, Model, URLField
from django.forms import BaseModelForm, ModelForm
from django.forms.models import BaseModelFormSet
from i18nfield.fields import I18nTextField
from i18nfield.strings import LazyI18nString

from journal.encoding import encoded
from journal.facts import Change
from schedule.facts.words import stored_words
from schedule.models import Person, Unavailability

# Of somebody's own row, and of the reason why somebody cannot come, no value is told.
_UNTOLD = (Person, Unavailability)


def changes_in(
    form: ModelForm, formsets: Iterable[BaseModelFormSet], *, without: Collection[str] = ()
) -> dict[str, Change | None]:
    """Every field that was changed but those in `without`, and every relation of which a row was.

    There is a `Change` for codes, numbers, times, keys and the programme's own words; for everything else there is
    only that it changed.
    """
    names = [name for name in form.changed_data if name not in without]
    found: dict[str, Change | None] = {name: _change(form, name) for name in names}
    for formset in formsets:
        if formset.has_changed():
            found[formset.fk.remote_field.get_accessor_name()] = None  # type: ignore[attr-defined]  # of an inline
    return found


def _change(form: BaseModelForm, name: str) -> Change | None:
    field = next((one for one in form.instance._meta.concrete_fields if one.name == name), None)
    if field is None or not _is_told(form.instance, field):
        return None
    initial = form.get_initial_for_field(form.fields[name], name)
    return Change(_value(_cleaned(form, name, initial)), _value(form.cleaned_data[name]))


def _cleaned(form: BaseModelForm, name: str, initial: Any) -> Any:
    """What the form started from, in the type that it ends with."""
    return form.fields[name].to_python(initial) if isinstance(initial, str) else initial


def _is_told(row: Model, field: Field[Any, Any]) -> bool:
    if isinstance(row, _UNTOLD) or isinstance(field, (EmailField, URLField, I18nTextField)):
        return False
    return not isinstance(field, CharField) or field.name != "sample_note"


def _value(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return encoded(stored_words(value) if isinstance(value, LazyI18nString) else value)
