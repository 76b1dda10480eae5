"""Forms of the rows organizers keep: texts in the conference's languages, a version, and words for refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Field, IntegerField
from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from organize.filter_forms import ListForm
from schedule.domain.editing.lines import Line
from schedule.domain.editing.rows import version_of
from schedule.models import Conference
from schedule.vocabulary.languages import language_name
from values.forms import LineFormField, LinesFormField
from values.instant_fields import InstantFormField

Label = str | Promise
Kept = Mapping[str, Sequence[Line]]
"""Lines by the name of the relation that facts call them by."""


def _formfield(field: Field[Any, Any], **options: Any) -> forms.Field | None:
    """Times are typed on the conference's clocks; `forms` knows the rest."""
    if field.get_internal_type() == "DateTimeField":
        return InstantFormField(label=capfirst(field.verbose_name), required=not field.blank, help_text=field.help_text)
    if field.get_internal_type() == "TimeField":
        options["widget"] = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    if field.get_internal_type() == "DateField":
        options["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if isinstance(field, IntegerField):
        options |= _bounds(field)
    made: forms.Field | None = field.formfield(**options)
    return made


def _bounds(field: Field[Any, Any]) -> dict[str, Any]:
    """The least and the most a number may be, which browsers then say as well."""
    least = [one.limit_value for one in field.validators if isinstance(one, MinValueValidator)]
    most = [one.limit_value for one in field.validators if isinstance(one, MaxValueValidator)]
    return {"min_value": max(least), "max_value": min(most)}


class LinesFormSet(forms.BaseFormSet):
    """Rows that are edited with the row: those there are, and empty ones for more."""

    title: Label
    lead: Label


class RowForm(forms.ModelForm):
    """A row of the conference. `texts` have a field for each language of the conference; what the row says in others
    is kept. `last` names the fields that come after everything else.

    `instance` is written to as the form is checked: give it a row of its own.
    """

    texts: ClassVar[Sequence[str]] = ()
    version = LineFormField(widget=forms.HiddenInput, required=False, max_length=24)

    class Meta:
        formfield_callback = _formfield

    def __init__(
        self,
        data: Any = None,
        *,
        conference: Conference,
        instance: Any,
        lines: Mapping[str, Sequence[Line]] | None = None,
    ) -> None:
        """`lines`: what is edited together with the row, as it is kept; nothing for a new row."""
        self.kept = lines or {}
        version = version_of(instance, self.kept) if instance.pk is not None else ""
        super().__init__(data, instance=instance, initial={"version": version}, label_suffix="")
        self.conference = conference
        self.spoken = list(conference.languages)
        if hasattr(instance, "conference_id") and instance.pk is None:
            instance.conference = conference
        code = self.fields.get("code")
        if code is not None:
            code.required = False
            code.help_text = code.help_text or _("How files and addresses name it. Empty: made from the name.")
        fields = {name: field for text in self.texts for name, field in self._in_languages(text)}
        self.fields = fields | self.fields
        self.arrange()
        self._tables = self.make_tables(data)

    def is_valid(self) -> bool:
        """Every one is asked, so that all that is wrong is said at once."""
        return all([super().is_valid(), *(table.is_valid() for table in self._tables)])

    def arrange(self) -> None:
        """Called once all fields are there: choices, help."""

    @property
    def groups(self) -> list[tuple[Label, list[forms.BoundField]]]:
        """The fields as the page shows them: under headings, the first without one."""
        return [("", [self[name] for name in self.fields if name != "version"])]

    @property
    def tables(self) -> list[LinesFormSet]:
        """The lines that are edited with the row."""
        return self._tables

    def make_tables(self, data: Any) -> list[LinesFormSet]:
        """Called last, once."""
        return []

    @property
    def lines(self) -> Kept:
        """What is edited together with the row, by the name of the relation; to be asked once the form is valid."""
        return {}

    def refuse(self, refusal: ValidationError) -> None:
        """Say what the domain said, beside the field it is about where the form shows it."""
        said = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for name, messages in said.items():
            self.add_error(self._field_named(name), messages)

    def choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = list(choices)

    def _field_named(self, name: str) -> str | None:
        if name in self.texts:
            name = text_name(name, self.spoken[0])
        return name if name in self.fields else None

    def _in_languages(self, text: str) -> Iterable[tuple[str, forms.Field]]:
        column = self._meta.model._meta.get_field(text)
        words = texts_of(getattr(self.instance, text))
        kind = LinesFormField if getattr(column, "lines", False) else LineFormField
        for language in self.spoken:
            label: Label = capfirst(column.verbose_name)
            if len(self.spoken) > 1:
                label = format_lazy("{text} ({language})", text=label, language=language_name(language))
            # What is needed in one of several languages is asked for in none; the domain looks at them together.
            is_alone = len(self.spoken) == 1
            field = kind(
                label=label,
                required=is_alone and not column.blank,
                max_length=column.max_length,
                help_text=column.help_text,
            )
            vars(field)["needed_somewhere"] = not column.blank  # what the template asks
            field.widget.attrs["lang"] = language
            if kind is LinesFormField:
                field.widget.attrs["rows"] = 6
            kept = words.get(language, words.get("", "") if language == self.spoken[0] else "")
            self.initial.setdefault(text_name(text, language), kept)
            yield text_name(text, language), field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for text in self.texts:
            words = texts_of(getattr(self.instance, text)) | {"": ""}
            for language in self.spoken:
                words[language] = cleaned.get(text_name(text, language), "")
            setattr(self.instance, text, LazyI18nString({code: said for code, said in words.items() if said}))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The conference is on no form, but codes are compared within it."""
        return super()._get_validation_exclusions() - {"conference"}  # type: ignore[misc,no-any-return]  # not in the stubs


def text_name(text: str, language: str) -> str:
    """The form's name of a text in one language."""
    return f"{text}_{language}"


def texts_of(value: Any) -> dict[str, str]:
    """A text by language; the language of one that is kept without any is empty."""
    data = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(data, dict):
        return {code: words for code, words in data.items() if words}
    return {"": data} if data else {}


class RowsForm(ListForm):
    """Narrows a list of rows."""

    q = LineFormField(
        label=_("Name or code"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, data: Any, *, is_named: bool) -> None:
        """`is_named`: the rows have names and codes to search in."""
        super().__init__(data)
        if not is_named:
            del self.fields["q"]
        self.read()
