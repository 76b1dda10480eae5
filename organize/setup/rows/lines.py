"""Lines that are edited together with a row: who appears, who hosts, what comes before, what is preferred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from organize.setup.rows.forms import Label, LinesFormSet
from schedule.domain.editing.lines import Line
from schedule.domain.programme.names import ROLES, role_name
from schedule.domain.programme.texts import every_language
from schedule.models import Body, Conference, Kind, Person, Role, Room, Session, Theme
from schedule.vocabulary.languages import sort_key
from values.forms import LineFormField
from values.instant_fields import InstantFormField

_OFFERED = (Kind, Theme, Person, Body)


@dataclass(frozen=True)
class Choosable:
    """A row that can be chosen: by its code, or by what it is called."""

    pk: int
    code: str
    name: Any

    @property
    def label(self) -> str:
        return str(self.name)


class Offers:
    """What a conference has to choose from. One query for rooms, one for sessions, one for all the others."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference

    @cached_property
    def rooms(self) -> list[Room]:
        return list(Room.objects.filter(conference=self.conference))

    @cached_property
    def sessions(self) -> list[Choosable]:
        rows = Session.objects.filter(conference=self.conference).order_by("code")
        return [Choosable(*row) for row in rows.values_list("pk", "code", "title")]

    @cached_property
    def _others(self) -> dict[str, list[Choosable]]:
        def rows(model: Any) -> Any:
            mine = model.objects.filter(conference=self.conference).order_by()
            return mine.values_list(Value(model.__name__), "pk", "code", "name")

        first, *further = map(rows, _OFFERED)
        found: dict[str, list[Choosable]] = {model.__name__: [] for model in _OFFERED}
        for model, *row in first.union(*further, all=True):
            found[model].append(Choosable(*row))
        return {model: sorted(some, key=lambda one: sort_key(one.label)) for model, some in found.items()}

    def of(self, model: type[Any]) -> list[Choosable]:
        """Kinds, themes, people or organisations, by name."""
        return self._others[model.__name__]


class RowCodeField(LineFormField):
    """Names a row by its code, or by its name in any language where only one is called so. Its value is the key."""

    def __init__(self, listed: str, **options: Any) -> None:
        """`listed` is the id of the page's list of suggestions."""
        widget = forms.TextInput(attrs={"list": listed, "autocomplete": "off"})
        super().__init__(**{"widget": widget, "max_length": 300, "required": False} | options)
        self.offers: Sequence[Choosable] = ()

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = [one.pk for one in self.offers if one.code == text]
        found = found or [one.pk for one in self.offers if text in every_language(one.name).splitlines()]
        if len(found) != 1:
            raise ValidationError(_("There is none with this code."))
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return next((one.code for one in self.offers if one.pk == value), "")
        return value


class LineForm(forms.Form):
    """A line; one with nothing in it is no line."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, offers: Offers, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.is_required = False
        self.offer(offers)

    def offer(self, offers: Offers) -> None:
        """Give the fields what can be chosen."""

    def take(self, name: str, offers: Sequence[Choosable]) -> None:
        cast("RowCodeField", self.fields[name]).offers = offers


class RoleLine(LineForm):
    role = forms.ChoiceField(label=_("Role"), required=False)
    person_id = RowCodeField("people", label=_("Person"), help_text=_("Code or name; empty while nobody is found."))
    mode = forms.ChoiceField(label=_("Takes part"), choices=Role.Mode.choices, initial=Role.Mode.IN_PERSON)

    def offer(self, offers: Offers) -> None:
        self.take("person_id", offers.of(Person))
        known = dict.fromkeys([*ROLES, *filter(None, [self.initial.get("role")])])
        choices = sorted(((code, role_name(code)) for code in known), key=lambda one: one[1])
        cast("forms.ChoiceField", self.fields["role"]).choices = [("", "–"), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("person_id") and not cleaned.get("role"):
            self.add_error("role", _("Say what they appear as."))
        return cleaned


class HostLine(LineForm):
    body_id = RowCodeField("bodies", label=_("Organisation"), help_text=_("Code or name."))
    is_shown = forms.BooleanField(label=_("Named on public pages"), required=False, initial=True)

    def offer(self, offers: Offers) -> None:
        self.take("body_id", offers.of(Body))


class EarlierLine(LineForm):
    earlier_id = RowCodeField("sessions", label=_("Session"), help_text=_("Code or title."))

    def offer(self, offers: Offers) -> None:
        self.take("earlier_id", offers.sessions)


class ApartLine(LineForm):
    other_id = RowCodeField("sessions", label=_("Session"), help_text=_("Code or title."))

    def offer(self, offers: Offers) -> None:
        self.take("other_id", offers.sessions)


class PreferenceLine(LineForm):
    room_id = forms.TypedChoiceField(label=_("Room"), required=False, coerce=int, empty_value=None)
    starts_at = InstantFormField(label=_("or from"), required=False)
    ends_at = InstantFormField(label=_("until"), required=False)

    def offer(self, offers: Offers) -> None:
        choices = [("", "–"), *((room.pk, str(room.name)) for room in offers.rooms)]
        cast("forms.TypedChoiceField", self.fields["room_id"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        room, times = cleaned.get("room_id"), [cleaned.get("starts_at"), cleaned.get("ends_at")]
        if self.has_changed() and not self.errors and bool(room) == all(times):
            raise ValidationError(_("Give a room, or both ends of a time; use another line for the other."))
        return cleaned


class MemberLine(LineForm):
    session_id = RowCodeField("sessions", label=_("Session"), help_text=_("Code or title."))

    def offer(self, offers: Offers) -> None:
        self.take("session_id", offers.sessions)


@dataclass(frozen=True)
class Table:
    """A table of lines on a form. `needs` is the column without which there is no line; without one, any will do."""

    relation: str
    line: type[LineForm]
    title: Label
    lead: Label
    needs: str = ""
    in_order: bool = False
    extra: int = 1

    def formset(self, data: Any, kept: Iterable[Line], offers: Offers) -> LinesFormSet:
        made = forms.formset_factory(
            self.line,
            formset=LinesFormSet,
            extra=self.extra,
            can_delete=True,
            can_order=self.in_order,
            max_num=200,
            validate_max=True,
        )
        formset = cast(
            "LinesFormSet",
            made(data, initial=list(kept), prefix=self.relation, form_kwargs={"offers": offers}),
        )
        formset.title, formset.lead = self.title, self.lead
        for form in formset.forms:
            form.fields["DELETE"].label = _("Take out")
        return formset

    def lines(self, formset: LinesFormSet) -> list[Line]:
        """What the valid lines say, in their order."""
        chosen = formset.ordered_forms if self.in_order else [one for one in formset.forms if not _is_out(formset, one)]
        found: list[Line] = []
        for number, form in enumerate(one for one in chosen if self._says(one)):
            line = {name: value for name, value in form.cleaned_data.items() if name not in ("DELETE", "ORDER")}
            found.append(line | ({"position": number} if self.in_order else {}))
        return found

    def _says(self, form: forms.BaseForm) -> bool:
        said = form.cleaned_data if hasattr(form, "cleaned_data") else {}
        if self.needs:
            return bool(said.get(self.needs))
        return any(value for name, value in said.items() if name not in ("pk", "DELETE", "ORDER"))


def _is_out(formset: LinesFormSet, form: forms.BaseForm) -> bool:
    return form in formset.deleted_forms
