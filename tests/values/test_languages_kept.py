"""No form wipes a text in a language that it does not show: every text in several languages there is, by its model."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.forms import modelform_factory
from django.forms.models import construct_instance
from i18nfield.strings import LazyI18nString

from values.fields import I18nText

FIELDS = [
    (model, field.name)
    for model in apps.get_models()
    for field in model._meta.get_fields()
    if isinstance(field, I18nText)
]


def test_there_are_some() -> None:
    assert len(FIELDS) > 10


@pytest.mark.parametrize(("model", "name"), FIELDS, ids=[f"{model.__name__}.{name}" for model, name in FIELDS])
@pytest.mark.parametrize("cleared", [False, True])
def test_languages_that_a_form_does_not_show_are_kept(model: type[models.Model], name: str, cleared: bool) -> None:
    had = LazyI18nString({"en": "Water", "ko": "물", "fr": "Eau"})
    sent: dict[str, Any] = {f"{name}_0": "Rivers", f"{name}_1": "" if cleared else "강"}
    form = modelform_factory(model, fields=[name])(sent, instance=model(**{name: had}))
    # What else the row needs is no matter here.
    form.cleaned_data = {name: form.fields[name].clean(form[name].data)}
    saved = construct_instance(form, form.instance, [name])
    assert getattr(saved, name).data == {"fr": "Eau", "en": "Rivers", "ko": "" if cleared else "강"}
