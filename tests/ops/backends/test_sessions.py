from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ops.backends.sessions import SessionStore


@pytest.fixture
def key(db: None) -> str:
    """A session that somebody else's stands beside."""
    for name in ("Bob", "Alice"):
        store = SessionStore()
        store["name"] = name
        store.create()
    return str(store.session_key)


def test_a_session_is_read_once_and_by_its_key_alone(
    key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store = SessionStore(key)
    with django_assert_num_queries(1):
        assert (store["name"], store.get("more"), store.session_key) == ("Alice", None, key)


@pytest.mark.parametrize("age", [-1, 0])
def test_what_has_expired_is_nothing(key: str, age: int) -> None:
    Session.objects.filter(pk=key).update(expire_date=timezone.now() + timedelta(seconds=age))
    store = SessionStore(key)
    assert (store.get("name"), store.session_key) == (None, None)


def test_a_key_of_nobody_is_nothing_and_is_never_taken_over(key: str) -> None:
    wanted = "a" * 32
    store = SessionStore(wanted)
    store["name"] = "Mallory"
    store.save()
    assert store.session_key not in (None, wanted)
    assert not Session.objects.filter(pk=wanted).exists()
    assert SessionStore(key)["name"] == "Alice"


def test_pages_use_it(db: None) -> None:
    client = Client()
    assert isinstance(client.session, SessionStore)


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_session_that_was_deleted() -> None:
    def away(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("UPDATE"):
            raise OperationalError("the connection is closed")
        return execute(sql, *rest)

    store = SessionStore()
    store.create()
    store["typed"] = "Dana"
    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        store.save()
    store.delete()
    with pytest.raises(UpdateError):
        store.save()
