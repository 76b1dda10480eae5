"""When a connection is asked whether it works, and what it keeps in the server."""

from __future__ import annotations

import select
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection
from psycopg import ServerCursor

from ops.backends.postgresql import base
from ops.backends.postgresql.base import DatabaseWrapper

PATIENCE = 10_000  # milliseconds


@pytest.fixture
def kept(db: None) -> Iterator[DatabaseWrapper]:
    """A connection beside that of the test, which a request has used."""
    wrapper = connection.copy()
    assert isinstance(wrapper, DatabaseWrapper)
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 'a request'")
    yield wrapper
    wrapper.close()


def next_request(kept: DatabaseWrapper) -> tuple[bool, str]:
    """Whether the connection was kept, and the last statement that it was sent."""
    kept.close_if_unusable_or_obsolete()
    before = kept.connection
    kept.close_if_health_check_failed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees what it saw before
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [before.info.backend_pid])
        row = cursor.fetchone()
    return kept.connection is before, row[0] if row else ""


def test_connection_that_answered_just_now_is_not_asked_again(kept: DatabaseWrapper) -> None:
    assert next_request(kept) == (True, "SELECT 1")
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the next'")
    assert next_request(kept) == (True, "SELECT 'the next'")


def test_connection_is_asked_again_after_a_while(kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    assert next_request(kept) == (True, "SELECT 1")
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the next'")
    monkeypatch.setattr(base, "TRUSTED_SECONDS", 0.0)
    assert next_request(kept) == (True, "SELECT 1")


def test_connection_that_failed_is_asked_at_once(kept: DatabaseWrapper) -> None:
    assert next_request(kept) == (True, "SELECT 1")
    with pytest.raises(DatabaseError), kept.cursor() as cursor:
        cursor.execute("SELECT wrong")
    assert next_request(kept) == (True, "SELECT 1")


def test_connection_that_the_server_ended_is_noticed_without_asking(kept: DatabaseWrapper) -> None:
    assert next_request(kept) == (True, "SELECT 1")
    socket = kept.connection.pgconn.socket
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
    watched = select.poll()
    watched.register(socket, select.POLLIN)
    assert watched.poll(PATIENCE) != []
    assert next_request(kept)[0] is False
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'served'")
        assert cursor.fetchone() == ("served",)


def test_cursors_stay_in_the_server_within_transactions_alone(kept: DatabaseWrapper) -> None:
    """The connection of the test is in one, as what reads a whole table is; a request is in none."""
    named = []
    for one in (connection, kept):
        with one.chunked_cursor() as cursor:
            cursor.execute("SELECT 1")
            with connection.cursor() as other:
                other.execute("SELECT count(*) FROM pg_cursors WHERE name LIKE '_django_curs%%'")
                named.append((isinstance(cursor.cursor, ServerCursor), other.fetchone()))
    assert named == [(True, (1,)), (False, (0,))]
