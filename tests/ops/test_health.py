"""The health pages, each part lost in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from ops import health

pytestmark = pytest.mark.django_db


def test_healthz_asks_nothing_of_anybody(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.cookies == {}
    assert "no-store" in response["Cache-Control"]


def test_readyz_is_ready_when_all_parts_answer(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/readyz")
    with django_assert_num_queries(2):  # does the table of migrations exist, and what is in it
        response = client.get("/readyz")
    assert response.json() == {"status": "ready", "database": "ok", "migrations": "ok", "redis": "ok"}
    assert response.status_code == 200
    assert response.cookies == {}


def test_readyz_says_that_migrations_are_missing(client: Client) -> None:
    newest = MigrationRecorder.Migration.objects.filter(app="schedule").latest("id")
    newest.delete()
    assert health.missing_migrations() == [f"schedule.{newest.name}"]
    response = client.get("/readyz")
    assert response.json() == {"status": "not ready", "database": "ok", "migrations": "missing", "redis": "ok"}
    assert response.status_code == 503


def test_readyz_says_that_redis_is_lost(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.json() == {"status": "not ready", "database": "ok", "migrations": "ok", "redis": "unreachable"}
    assert response.status_code == 503
    assert b"hunter2" not in response.content


@pytest.fixture
def lost_database() -> Iterator[None]:
    def refuse(*_: object) -> None:
        raise OperationalError("connection to server at db.internal failed")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.usefixtures("lost_database")
def test_readyz_says_that_the_database_is_lost_and_healthz_does_not_care(client: Client) -> None:
    response = client.get("/readyz")
    assert response.json() == {
        "status": "not ready",
        "database": "unreachable",
        "migrations": "unknown",
        "redis": "ok",
    }
    assert response.status_code == 503
    assert b"db.internal" not in response.content
    assert client.get("/healthz").status_code == 200


def test_only_reading_is_allowed(client: Client) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz")] == [405, 405]
