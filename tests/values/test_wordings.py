"""What Django says of forms and models is said in our words, in every language of the site."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core import validators
from django.db.models import fields as model_fields
from django.forms import formsets, models
from django.test import Client
from django.utils import translation
from django.utils.functional import Promise

from tools.messages import wording_faults, wordings

MODULES: list[ModuleType] = [forms.fields, models, formsets, validators]


def said() -> Iterator[tuple[str, Any]]:
    """Every sentence of Django's fields and validators, with who says it."""
    for module in MODULES:
        for name, one in inspect.getmembers(module, inspect.isclass):
            sentences = dict(getattr(one, "default_error_messages", {}) or {})
            messages = getattr(one, "messages", {})
            sentences |= {"message": getattr(one, "message", ""), **(messages if isinstance(messages, dict) else {})}
            yield from ((f"{name}.{code}", text) for code, text in sentences.items() if isinstance(text, Promise))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_sentence_is_ours(language: str) -> None:
    with translation.override(None):
        # What counts something is no text without a number; the catalogues themselves are compared below.
        djangos = {str(text) for _name, text in said() if str(text)}
    assert len(djangos) > 25
    with translation.override(language):
        ours = {name: str(text) for name, text in said()}
    if language == settings.LANGUAGE_CODE:
        assert {name: text for name, text in ours.items() if text in djangos} == {}
    assert "Fill this in." in ours.values() or "내용을 입력해 주세요." in ours.values()


@pytest.mark.parametrize(
    ("field", "value", "language", "says"),
    [
        (forms.CharField(max_length=3), "abcd", "en", "At most 3 characters, please; this has 4."),
        (forms.CharField(max_length=3), "abcd", "ko", "3자 이하로 입력해 주세요(현재 4자)."),
        (forms.IntegerField(min_value=2), "1", "en", "At least 2, please."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "en", "“b” is not on the list. Choose something that is."),
        (forms.EmailField(), "me", "ko", "이메일 주소가 아닙니다. name@example.org처럼 입력해 주세요."),
        (forms.DateField(), "soon", "en", "This is no date. Write it like 2027-09-14."),
    ],
)
def test_sentences_name_the_limit_and_the_way_out(field: forms.Field, value: str, language: str, says: str) -> None:
    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(value)
    with translation.override(language):
        assert refusal.value.messages == [says]


def test_models_speak_so_too() -> None:
    blank = model_fields.CharField.default_error_messages["blank"]
    assert str(model_fields.Field.default_error_messages["blank"]) == str(blank) == "Fill this in."


@pytest.mark.django_db
def test_pages_say_it(client: Client) -> None:
    assert "This field is required" not in client.post("/accounts/login/", {}).content.decode()


@pytest.mark.parametrize("path", wordings(), ids=lambda path: path.parent.parent.name)
def test_catalogues_are_whole_and_compiled(path: Any) -> None:
    assert wording_faults(path) == []
