"""Form fields for text: what is typed takes its one form first; lengths and refusals are about that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from i18nfield.forms import I18nFormField

from values.hosts import one_mailbox
from values.text import one_form
from values.validators import SENTENCES, validate_mailbox, validate_text

# A mix-in is typed as what it is mixed into.
if TYPE_CHECKING:
    _Typed = forms.CharField
else:
    _Typed = object


class TypedText(_Typed):
    """One form for what is typed, and words for what cannot be kept. Mixed into Django's fields of text."""

    lines = False
    # So that the reference of the API names these codes.
    default_error_messages = SENTENCES

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # `validate_text` refuses this among others; two sentences about one character help nobody.
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]
        self.validators.append(validate_text)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        if not isinstance(typed, str):
            return typed
        return one_form(typed, lines=self.lines, strip=self.strip) or self.empty_value


class LineFormField(TypedText, forms.CharField):
    """One line of text."""


class LinesFormField(TypedText, forms.CharField):
    """Text of several lines."""

    lines = True
    widget = forms.Textarea


class MailboxInput(forms.EmailInput):
    """Where an address is typed. Browsers let nobody send letters beyond ASCII before the @ from a field of "email"."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"} | (attrs or {}))


class EmailFormField(TypedText, forms.EmailField):
    """An e-mail address."""

    widget = MailboxInput
    default_validators = [validate_mailbox]

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return one_mailbox(typed) if isinstance(typed, str) else typed


class WebAddressFormField(TypedText, forms.URLField):
    """The address of a page. Without a scheme it is one of https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https"} | options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(one_form(value) if isinstance(value, str) else value)


class I18nLineFormField(I18nFormField):  # type: ignore[misc]  # has no types
    """One line of text in each language."""

    single: type[LineFormField | LinesFormField] = LineFormField

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields: tuple[forms.CharField, ...] = tuple(map(self._own, self.fields))

    def clean(self, value: Any) -> Any:
        """What nobody can see does not fill a language."""
        lines = self.single.lines
        if isinstance(value, list | tuple):
            value = [one_form(one, lines=lines) if isinstance(one, str) else one for one in value]
        return super().clean(value)

    def _own(self, field: Any) -> forms.CharField:
        own = self.single(label=field.label, max_length=field.max_length, required=False, disabled=self.disabled)
        own.locale = field.locale  # type: ignore[union-attr]  # how django-i18nfield tells its fields apart
        return own


class I18nLinesFormField(I18nLineFormField):
    """Text of several lines in each language."""

    single = LinesFormField
