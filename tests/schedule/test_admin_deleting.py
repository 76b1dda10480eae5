"""Deleting many rows at once in the administration: all of them or none, and what is kept says why."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client

from journal.models import Entry
from schedule.admin import BodyAdmin
from schedule.models import Body, Conference, Kind, Role, Room, Session
from tests.factories import (
    at,
    make_body,
    make_conference,
    make_kind,
    make_person,
    make_room,
    make_session,
    make_user,
    publish,
)

TRULY = pytest.mark.django_db(transaction=True)


@pytest.fixture
def root(client: Client) -> Client:
    client.raise_request_exception = False
    client.force_login(
        make_user(password=None, is_staff=True, is_superuser=True),
        "allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@pytest.fixture
def conference() -> Conference:
    made = make_conference(slug="forum")
    talk = make_session(made, code="A", kind=make_kind(made, code="talk"))
    publish(made, [(talk, make_room(made, code="HALL"), at(made, "09:00"))])
    make_session(made, code="DRAFT")
    talk.hosts.add(make_body(made))
    Role.objects.create(session=talk, person=make_person(made), role="speaker")
    return made


def delete(client: Client, model: type[Model], rows: Any) -> Any:
    path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    chosen = [row.pk for row in rows]
    return client.post(path, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}, follow=True)


@TRULY
def test_what_nothing_depends_on_goes_with_a_fact_each(root: Client, conference: Conference) -> None:
    rows = [make_body(conference) for _ in range(2)]
    answer = delete(root, Body, rows)
    assert (answer.status_code, Body.objects.filter(pk__in=[row.pk for row in rows]).count()) == (200, 0)
    assert "Successfully deleted 2" in answer.content.decode()
    told = Entry.objects.filter(subject_id__in=[row.pk for row in rows], data__done="deleted")
    assert told.count() == 2


@pytest.mark.django_db
def test_what_must_stay_stays_with_all_that_was_chosen(root: Client, conference: Conference) -> None:
    """Of every kind of rows that the administration shows: all are deleted or none, and no answer is a fault."""
    found = {}
    for model in admin.site._registry:
        with transaction.atomic():
            rows = model._default_manager.all()
            before = rows.count()
            status = delete(root, model, rows).status_code
            found[model._meta.label] = (status in (200, 403, 409), rows.count() in (0, before))
            transaction.set_rollback(True)
    assert {label for label, held in found.items() if held != (True, True)} == set()
    assert len(found) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Room, Session, Kind])
def test_a_row_that_is_needed_is_named(root: Client, conference: Conference, model: type[Model]) -> None:
    answer = delete(root, model, model._default_manager.all())
    assert "Cannot delete" in answer.content.decode()
    assert not LogEntry.objects.exists()


@TRULY
def test_what_the_database_refuses_is_said_and_nothing_is_kept_of_it(
    root: Client, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else made a row depend on one of them after the page had looked."""
    make_body(conference)
    bodies = list(Body.objects.all())
    monkeypatch.setattr(BodyAdmin, "get_deleted_objects", lambda *_: ([], {}, set(), []))
    deleted: list[int] = []

    def refused(self: BodyAdmin, request: HttpRequest, row: Body) -> None:
        if deleted:
            raise IntegrityError("protected")
        deleted.append(row.pk)
        row.delete()

    monkeypatch.setattr(BodyAdmin, "delete_model", refused)
    answer = delete(root, Body, bodies)
    assert (answer.status_code, "Nothing was changed." in answer.content.decode()) == (409, True)
    assert len(deleted) == 1
    assert Body.objects.count() == len(bodies)
    assert not LogEntry.objects.exists()
