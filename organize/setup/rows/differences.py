"""What two people wrote into one form: shown to the later of them, who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from organize.setup.rows.forms import LinesFormSet, RowForm


@dataclass(frozen=True)
class Difference:
    """One field: what is stored now, and what the form says."""

    label: str
    theirs: str
    mine: str


def differences(mine: RowForm, theirs: RowForm) -> list[Difference]:
    """Every field that says something else than the row that is stored now; `theirs` is the form of that row."""
    found = []
    for name, field in mine.fields.items():
        if name != "version" and name in theirs.fields:
            found.append(Difference(str(field.label), said(theirs[name]), said(mine[name])))
    for ours, other in zip(mine.tables, theirs.tables, strict=True):
        found.append(Difference(str(ours.title), _lines(other), _lines(ours)))
    return [one for one in found if one.theirs != one.mine]


def said(bound: forms.BoundField) -> str:
    """What a field says, as one line."""
    value, widget = bound.value(), bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return _("yes") if value in (True, "on", "true", "True", "1") else _("no")
    choices = {str(key): str(label) for key, label in _choices(bound.field)}
    if isinstance(value, list | tuple | set):
        return ", ".join(sorted(choices.get(str(one), str(one)) for one in value)) or "–"
    written = "" if value is None else widget.format_value(value)
    if isinstance(written, list | tuple):
        written = written[0] if written else ""
    return choices.get(str(written), str(written)) if written not in (None, "") else "–"


def _choices(field: forms.Field) -> list[tuple[Any, Any]]:
    return list(getattr(field, "choices", ()))


def _lines(table: LinesFormSet) -> str:
    return "; ".join(_line(form) for form in table.forms if _is_filled(form)) or "–"


def _is_filled(form: Any) -> bool:
    return not form.empty_permitted or (form.is_bound and form.has_changed())


def _line(form: forms.Form) -> str:
    hidden: Sequence[str] = ("pk", "DELETE")
    taken_out = "DELETE" in form.fields and bool(form["DELETE"].value())
    text = ", ".join(said(form[name]) for name in form.fields if name not in hidden and said(form[name]) != "–")
    return _("taken out: %(line)s") % {"line": text} if taken_out else text
