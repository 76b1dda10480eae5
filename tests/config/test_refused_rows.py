"""Every field of the administration's forms with what the database would refuse: an answer, and nothing written.

Made from the registry of the administration: a new form is tried by itself. Each field is tried alone, with one of the
values; the others of its form stay as they stand, and beside them stands a new row of each kind that is edited there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from journal.models import Entry
from schedule.models import NotParallel
from tests.config.test_refused_values import VALUES, Forms, undrawn
from tests.factories import make_body, make_person, make_session, make_theme, make_user
from tests.organize.account.people import prove
from tests.organize.conftest import Desk, signed_in
from tests.organize.test_access import absence

EMPTY = "__prefix__"
# What no column holds: Django counts the rows of a form by these, finds them by their key, and is told what to do.
NO_COLUMN = re.compile(r".*(_FORMS|-id|-DELETE)|_save|initial-.*")


@pytest.fixture
def client(db: None) -> Client:
    """A superuser's, beside a row of each kind that can be edited."""
    desk = Desk()
    other = make_session(desk.conference)
    make_body(desk.conference)
    make_theme(desk.conference)
    absence(desk)
    desk.talk.roles.create(person=make_person(desk.conference), role="speaker")
    desk.conference.session_groups.create(same="time").sessions.set([desk.talk, other])
    first, second = sorted([desk.talk, other], key=lambda one: one.pk)
    NotParallel.objects.create(first=first, second=second)
    made = signed_in(make_user(is_superuser=True))
    prove(made)
    made.raise_request_exception = False
    return made


def form_of(client: Client, path: str) -> dict[str, list[str]]:
    """What a row's form sends as it stands, with a new row of each kind edited there; {} where it is read only."""
    found = [one.values for one in Forms(client.get(path).content.decode()).found if "_save" in one.values]
    stands = dict(found[0]) if found else {}
    for name in [name for name in stands if EMPTY in name]:
        prefix = name.partition(f"-{EMPTY}")[0]
        number = stands[f"{prefix}-INITIAL_FORMS"][0]
        stands[name.replace(EMPTY, number)] = stands.pop(name)
        stands[f"{prefix}-TOTAL_FORMS"] = [str(int(number) + 1)]
    return {name: values for name, values in stands.items() if name not in ("_addanother", "_continue")}


def answers(client: Client) -> Iterator[tuple[str, int, bool]]:
    """What was sent, the status of its answer, and whether something was written all the same."""
    values = itertools.cycle(VALUES)
    for model in admin.site._registry:
        row: Model | None = model._default_manager.first()
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        path = reverse(f"admin:{label}_change", args=[row.pk]) if row else reverse(f"admin:{label}_add")
        stands = form_of(client, path)
        columns = [(name, kept) for name, kept in stands.items() if not NO_COLUMN.fullmatch(name)]
        for (name, kept), value in zip(columns, values, strict=False):
            with transaction.atomic(), undrawn():
                before = Entry.objects.count()
                status = client.post(path, stands | {name: [*kept[1:], value]}).status_code
                wrote = status >= HTTPStatus.BAD_REQUEST and Entry.objects.count() != before
                transaction.set_rollback(True)
            yield f"{label} {name}={value[:20]}", status, wrote


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_each_field_refuses_what_the_database_refuses(client: Client) -> None:
    found = list(answers(client))
    assert [
        (said, status) for said, status, wrote in found if status >= HTTPStatus.INTERNAL_SERVER_ERROR or wrote
    ] == []
    assert len(found) > 150
