"""Every text that people write, by every way in, has one form. Made from the models, forms, serializers and records.

A new field of text is in these tables by itself: it takes the one form, or it stands in `MADE_HERE` with a reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.http import HttpRequest
from django.urls import get_resolver
from django_filters import FilterSet
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nFormField
from rest_framework import serializers

from accounts.models import User
from schedule.solver.files.programme_file.fields import ProgrammeFields
from schedule.solver.files.reading.record import Context, Record
from schedule.solver.files.reading.values import Object, StringField, Texts, WordsField
from values.fields import KeptText
from values.forms import I18nLineFormField, TypedText
from values.serializers import SentText

BASE = Path(__file__).resolve().parents[2]
OURS = ("accounts", "api", "journal", "notifications", "organize", "registration", "schedule", "website")

TYPED = "\ufeffFirst\r\nSecond\x0bThird\u2028e\u0301\u200b "
LINE, LINES = "First Second Third é", "First\nSecond\nThird\né"
REFUSED = ["First\x00", "First\x81", "First \u202eSecond", "First \u2067Second"]

MADE_HERE = {
    "a code from a list of ours": (
        "journal.Entry.actor journal.Entry.verb notifications.Announcement.countries "
        "notifications.Announcement.languages notifications.Announcement.registration_states "
        "notifications.Announcement.signup_states notifications.Attempt.outcome notifications.MailTemplate.kind "
        "notifications.MailTemplate.language notifications.Message.calendar_method notifications.Message.kind "
        "notifications.ReceivedMail.outcome notifications.WebhookDelivery.verb notifications.WebhookSubscription.verbs "
        "registration.SignUp.stood_as schedule.DraftStep.actor schedule.SolverRun.actor "
        "schedule.SolverRun.phase schedule.SolverWeight.term"
    ),
    "a key, or the hash of one": (
        "accounts.SetupKey.digest accounts.User.password notifications.DeclinedPlace.token_hash "
        "notifications.FeedToken.token_hash notifications.Message.dedup_key notifications.ReceivedMail.key_hash "
        "journal.Press.key registration.MagicLink.token_hash registration.SignedInBrowser.session_key "
        "registration.Tally.key"
    ),
    "copied from what has its one form": (
        "notifications.Message.subject notifications.Suppression.address notifications.WebhookDelivery.body "
        "notifications.WebhookTry.url registration.MagicLink.next_path registration.Seats.online_url "
        "registration.Seats.room_name registration.Seats.title registration.Seats.venue registration.SignUp.online_url "
        "registration.SignUp.room_name registration.SignUp.title registration.SignUp.venue journal.Press.led_to"
    ),
    "what another server said": (
        "notifications.Attempt.answer notifications.Message.last_answer notifications.Suppression.answer "
        "notifications.WebhookTry.answer"
    ),
    "Latin letters, digits and hyphens alone": "schedule.Conference.accent schedule.Conference.slug",
}
DJANGOS = {"forms.CharField", "forms.EmailField", "forms.URLField", "serializers.EmailField", "serializers.URLField"}
# What is typed here has a form of its own, which its field checks.
NO_TEXT = (ReadOnlyPasswordHashField, forms.UUIDField, forms.SlugField)


def our_models() -> list[type[models.Model]]:
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]


def text_fields() -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """(name, field) of every column that holds text, but those that take one of a few words."""
    for model in our_models():
        for field in model._meta.local_fields:
            inner = field.base_field if isinstance(field, ArrayField) else field
            if isinstance(inner, models.CharField | models.TextField) and not inner.choices:
                yield f"{model._meta.label}.{field.name}", field


def test_every_column_of_text_takes_the_one_form_or_is_made_here() -> None:
    plain = {name for name, field in text_fields() if not isinstance(field, KeptText)}
    assert plain == {name for names in MADE_HERE.values() for name in names.split()}


KEPT = [pytest.param(field, id=name) for name, field in text_fields() if isinstance(field, KeptText)]


@pytest.mark.parametrize("field", KEPT)
def test_a_row_is_saved_with_the_one_form(field: Any) -> None:
    """Whoever saves it: a form, a program, an import."""
    row, one = field.model(), LINES if field.lines else LINE
    written: Any = TYPED
    kept: Any = one if field.strip else f"{one}\u200b "
    if isinstance(field, I18nCharField | I18nTextField):
        written, kept = {"en": TYPED, "ko": "\u200b"}, {"en": one, "ko": ""}
    if isinstance(field, ArrayField):
        written, kept = [TYPED, TYPED], [one, one]
    setattr(row, field.attname, written)
    assert field.pre_save(row, add=True) == kept
    assert getattr(row, field.attname) == kept
    assert field.get_db_prep_save(written, connection) == field.get_db_prep_save(kept, connection)


@pytest.mark.parametrize("field", KEPT)
@pytest.mark.parametrize("refused", REFUSED)
def test_a_row_is_not_valid_with_what_cannot_be_kept(field: Any, refused: str) -> None:
    written: Any = refused
    if isinstance(field, I18nCharField | I18nTextField):
        written = {"en": refused}
    if isinstance(field, ArrayField):
        written = [refused]
    with pytest.raises(ValidationError, match=r"cannot be shown|direction of writing"):
        field.clean(written, field.model())


def form_classes(known: type[Any] = forms.BaseForm) -> Iterator[type[Any]]:
    """Every form of ours. The addresses import the modules they are in."""
    assert get_resolver().url_patterns
    for form in known.__subclasses__():
        if form.__module__.partition(".")[0] in OURS:
            yield form
        yield from form_classes(form)


def typed_in(field: forms.Field) -> Iterator[forms.Field]:
    """The fields a person types into: this one, or those it is made of."""
    if isinstance(field, SimpleArrayField):
        yield field.base_field
    elif isinstance(field, I18nFormField):
        yield from field.fields
    elif isinstance(field, forms.CharField) and not isinstance(field, NO_TEXT) and not _is_secret(field):
        yield field


def _is_secret(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.PasswordInput)


def administration_forms() -> Iterator[tuple[str, dict[str, forms.Field]]]:
    """(name, fields) of every form of the administration of our rows, and of the rows edited with them."""
    request = HttpRequest()
    request.user = User(is_superuser=True, is_staff=True)
    for model, site in admin.site._registry.items():
        if model._meta.app_label not in OURS or not site.has_change_permission(request):
            continue
        yield type(site).__name__, site.get_form(request, None, change=False).base_fields
        yield f"{type(site).__name__}, change", site.get_form(request, model(), change=True).base_fields
        for inline in site.get_inline_instances(request):
            yield type(inline).__name__, inline.get_formset(request).form.base_fields


def filter_fields(known: type[FilterSet] = FilterSet) -> Iterator[tuple[str, dict[str, forms.Field]]]:
    for filters in known.__subclasses__():
        if filters.__module__.partition(".")[0] in OURS:
            yield filters.__name__, {name: one.field for name, one in filters.base_filters.items()}


def test_every_form_takes_the_one_form() -> None:
    plain, seen = set(), set()
    own = ((form.__name__, form.base_fields) for form in form_classes())
    for form, fields in [*own, *administration_forms(), *filter_fields()]:
        for name, field in fields.items():
            for one in typed_in(field):
                seen.add(form)
                in_languages = isinstance(field, I18nFormField)
                if not isinstance(one, TypedText) or (in_languages and not isinstance(field, I18nLineFormField)):
                    plain.add(f"{form}.{name}")
    assert plain == set()
    assert len(seen) > 25


def test_no_form_has_a_field_of_django_for_text() -> None:
    """Fields that a form makes when it is made are on no class: their names in the source are looked at instead."""
    found = set()
    for app in OURS:
        for path in (BASE / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in DJANGOS:
                    found.add(f"{path.relative_to(BASE)}:{node.lineno}")
    assert found == set()


def typed_fields() -> Iterator[tuple[str, TypedText]]:
    for form, fields in [*((form.__name__, form.base_fields) for form in form_classes()), *administration_forms()]:
        for name, field in fields.items():
            for one in typed_in(field):
                if isinstance(one, TypedText) and not isinstance(one, forms.EmailField | forms.URLField):
                    yield f"{form}.{name}", one


def test_what_is_typed_into_any_form_is_read_alike() -> None:
    wrong = {}
    for name, field in typed_fields():
        one = LINES if field.lines else LINE
        if field.to_python(TYPED) != (one if field.strip else f"{one}\u200b "):
            wrong[name] = field.to_python(TYPED)
        for refused in REFUSED:
            with pytest.raises(ValidationError, match=r"cannot be shown|direction of writing"):
                field.clean(refused)
        if field.to_python("\u200b\u3164 ") != field.empty_value:
            wrong[name] = "not empty"
    assert wrong == {}


def serializer_classes(known: type[Any] = serializers.BaseSerializer) -> Iterator[type[serializers.Serializer[Any]]]:
    for one in known.__subclasses__():
        if one.__module__.partition(".")[0] in OURS:
            yield one
        yield from serializer_classes(one)


def test_the_api_takes_the_one_form() -> None:
    sent, plain = set(), set()
    for serializer in serializer_classes():
        for name, field in serializer().get_fields().items():
            if isinstance(field, serializers.CharField) and not field.read_only and "Error" not in serializer.__name__:
                sent.add(f"{serializer.__name__}.{name}")
                if not isinstance(field, SentText):
                    plain.add(f"{serializer.__name__}.{name}")
    assert plain == set()
    assert sent == {"SignUpRequestSerializer.session"}


def record_fields(fields: Any = ProgrammeFields, seen: Any = None) -> Iterator[tuple[str, Any]]:
    """(name, kind of value) of every text of a programme file."""
    seen = set() if seen is None else seen
    if fields not in seen:
        seen.add(fields)
        for name, field in fields.declared().items():
            if isinstance(field.value, Object):
                yield from record_fields(field.value.fields, seen)
            elif isinstance(field.value, StringField | Texts | WordsField):
                yield f"{fields.__name__}.{name}", field.value


def test_a_programme_file_takes_the_one_form() -> None:
    context = Context(languages=("en",))

    def read(value: Any, text: str) -> Any:
        written = {"en": text} if isinstance(value, Texts) else [text] if isinstance(value, WordsField) else text
        found = value.read(Record({"x": written}, "", context), "x", written, required=False)
        return (found or {}).get("en") if isinstance(value, Texts) else "".join(found or "")

    fields = dict(record_fields())
    assert len(fields) > 25
    short = {name: "s1" if getattr(value, "pattern", None) else "é’" for name, value in fields.items()}
    short |= {"PersonFields.country": "KR", "PersonFields.email": "s1@example.org"}
    assert {name: read(fields[name], f"\ufeff{text}\u200b\r\n") for name, text in short.items()} == short
    assert {name: read(fields[name], "\ufeffe\u0301\x92\r") for name, text in short.items() if text == "é’"} == {
        name: text for name, text in short.items() if text == "é’"
    }
    long = {name: value for name, value in fields.items() if value.longest >= len(TYPED) and short[name] == "é’"}
    assert {name: read(value, TYPED) for name, value in long.items()} == {
        name: LINES if getattr(value, "lines", False) else LINE for name, value in long.items()
    }
    assert context.findings.problems == []
    for value in fields.values():
        for refused in REFUSED:
            read(value, refused)
        kinds = [problem.code for problem in context.findings.problems]
        context.findings.problems.clear()
        assert kinds == ["not_shown", "not_shown", "turns_direction", "turns_direction"]
