"""Model fields for text that people write: whoever saves a row, what is stored has its one form.

To migrations they are the fields they are made from: the column is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.strings import LazyI18nString

from values.forms import (
    EmailFormField,
    I18nLineFormField,
    I18nLinesFormField,
    LineFormField,
    LinesFormField,
    WebAddressFormField,
)
from values.hosts import one_mailbox
from values.text import one_form
from values.validators import validate_mailbox, validate_sender, validate_text

# A mix-in is typed as what it is mixed into.
if TYPE_CHECKING:
    _Field = models.Field
else:
    _Field = object


class KeptText(_Field):
    """Puts what is written into its one form, in the saved row as in the database. Mixed into Django's fields."""

    lines = False
    strip = True
    form_class: type[Any] = LineFormField
    default_validators = [validate_text]

    def kept(self, value: Any) -> Any:
        """The one form of `value`; what is no text, such as an expression, is left alone."""
        return one_form(value, lines=self.lines, strip=self.strip) if isinstance(value, str) else value

    def clean(self, value: Any, model_instance: Any) -> Any:
        return super().clean(self.kept(value), model_instance)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        written = super().pre_save(model_instance, add)
        kept = self.kept(written)
        if kept != written:
            setattr(model_instance, self.attname, kept)
        return kept

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(self.kept(value), connection)

    def formfield(self, **options: Any) -> Any:
        # A choice from a list is no text that anybody types.
        mine = {} if self.choices else {"form_class": self.form_class}
        return super().formfield(**mine | options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, options = super().deconstruct()
        return name, self._column(), args, options

    def _column(self) -> str:
        """The name by which a migration knows the column: that of the first class that is not ours."""
        base = next(one for one in type(self).__mro__ if one.__module__ != __name__)
        module = "django.db.models" if base.__module__.startswith("django.db.models") else base.__module__
        module = "django.contrib.postgres.fields" if module.startswith("django.contrib.postgres.fields") else module
        return f"{module}.{base.__name__}"


class LineField(KeptText, models.CharField):
    """One line of text."""


class LinesField(KeptText, models.TextField):
    """Text of several lines."""

    lines = True
    form_class = LinesFormField


class VerbatimLinesField(LinesField):
    """Text of several lines whose blanks at both ends are meant, such as a mail's."""

    strip = False


class EmailAddressField(KeptText, models.EmailField):
    """An e-mail address."""

    default_validators = [validate_text, validate_mailbox]
    form_class = EmailFormField

    def kept(self, value: Any) -> Any:
        kept = super().kept(value)
        return one_mailbox(kept) if isinstance(kept, str) else kept


class SenderAddressField(EmailAddressField):
    """An e-mail address that stands in mails to others, who are to answer there."""

    default_validators = [validate_text, validate_mailbox, validate_sender]


class WebAddressField(KeptText, models.URLField):
    """The address of a page."""

    default_validators = [*models.URLField.default_validators, validate_text]
    form_class = WebAddressFormField


class LinesArrayField(KeptText, ArrayField):
    """Several texts of one line each, in the order they were given."""

    default_validators = []

    def kept(self, value: Any) -> Any:
        return [super(LinesArrayField, self).kept(one) for one in value] if isinstance(value, list | tuple) else value

    def formfield(self, **options: Any) -> Any:
        return ArrayField.formfield(self, **options)


def _validate_each(value: Any) -> None:
    """`validate_text` for a text in several languages."""
    for text in _texts(value).values():
        validate_text(text)


def _texts(value: Any) -> dict[str, str]:
    written = value.data if isinstance(value, LazyI18nString) else value
    if isinstance(written, dict):
        return {language: text for language, text in written.items() if isinstance(text, str)}
    return {"": written} if isinstance(written, str) else {}


class I18nText(KeptText):
    """Text in several languages, each in its one form."""

    default_validators = [_validate_each]
    form_class = I18nLineFormField

    def kept(self, value: Any) -> Any:
        if isinstance(value, str):
            # What is written to the column as it stands: JSON of several languages, or a plain text.
            value = LazyI18nString(value)
        if not isinstance(value, LazyI18nString) and not isinstance(value, dict):
            return value
        written = value.data if isinstance(value, LazyI18nString) else value
        one = super().kept
        if isinstance(written, dict):
            return LazyI18nString({language: one(text) for language, text in written.items()})
        return LazyI18nString(one(written)) if isinstance(written, str) else value

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        """What a form shows is replaced; languages that it has no field for keep their texts."""
        shown = data.data if isinstance(data, LazyI18nString) else None
        if isinstance(shown, dict):
            had = {language: text for language, text in _texts(getattr(instance, self.name)).items() if language}
            data = LazyI18nString({**{name: text for name, text in had.items() if name not in shown}, **shown})
        super().save_form_data(instance, data)


class I18nLineField(I18nText, I18nCharField):  # type: ignore[misc]  # has no types
    """One line of text in each language."""


class I18nLinesField(I18nText, I18nTextField):  # type: ignore[misc]  # has no types
    """Text of several lines in each language."""

    lines = True
    form_class = I18nLinesFormField
