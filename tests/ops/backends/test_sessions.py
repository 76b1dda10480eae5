from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
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
