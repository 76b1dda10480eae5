"""Which rows were edited together with a row of the administration, as the journal tells it."""

from __future__ import annotations

from collections.abc import Iterable

from django.forms.models import BaseInlineFormSet

from journal.facts import Change
from schedule.admin_forms import EditForm


def relations_in(form: EditForm, formsets: Iterable[BaseInlineFormSet]) -> dict[str, Change | None]:
    """Every relation of the row of which another row was edited with it, or that leads to others now."""
    several = {field.name for field in form.instance._meta.many_to_many}
    changed = [_relation(formset) for formset in formsets if formset.has_changed()]
    return dict.fromkeys([*(name for name in form.changed_data if name in several), *changed])


def _relation(formset: BaseInlineFormSet) -> str:
    name: str = formset.fk.remote_field.get_accessor_name()
    return name
