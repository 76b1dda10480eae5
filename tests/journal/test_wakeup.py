"""Wake-ups through the real Redis. Each test has a task and a note of its own, since test runs share the server."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from journal import wakeup
from journal.actors import SYSTEM
from journal.recording import record
from notifications.tasks import take_in_journal
from tests.facts import a_fact

QUEUE = "urgent"


class Broker:
    """The queue that workers listen to, as far as it holds this test's task."""

    def __init__(self) -> None:
        self.task = f"tests.{uuid.uuid4().hex}"
        self.note = f"note-{uuid.uuid4().hex}"
        self.client = redis.Redis.from_url(settings.REDIS_URL)

    def _messages(self) -> list[bytes]:
        rows: Any = self.client.lrange(QUEUE, 0, -1)
        return [raw for raw in rows if json.loads(raw)["headers"]["task"] == self.task]

    def tasks(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for raw in self._messages()]

    def clear(self) -> None:
        for raw in self._messages():
            self.client.lrem(QUEUE, 0, raw.decode())
        cache.delete(self.note)
        self.client.close()


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    made = Broker()
    monkeypatch.setattr(wakeup, "TASK", made.task)
    monkeypatch.setattr(wakeup, "ON_ITS_WAY", made.note)
    yield made
    made.clear()


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged, although the tests' settings let errors through only."""
    caplog.set_level("WARNING", logger="journal.wakeup")
    return caplog


@pytest.fixture
def nobody_listens() -> Iterator[str]:
    """The address of a Redis that is away: a port held by us, on which nothing listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{holder.getsockname()[1]}/0"


def test_waking_puts_one_task_into_the_background_queue(broker: Broker) -> None:
    wakeup.wake()
    (task,) = broker.tasks()
    assert task["properties"]["delivery_info"]["routing_key"] == QUEUE
    assert task["headers"]["expires"] is not None
    assert task["headers"]["ignore_result"] is True


def test_the_task_is_the_one_that_takes_in_the_journal() -> None:
    assert take_in_journal.name == wakeup.TASK


def test_many_changes_before_the_worker_looks_are_one_wake_up(broker: Broker) -> None:
    for _ in range(5):
        wakeup.wake()
    assert len(broker.tasks()) == 1


def test_a_change_after_the_worker_has_begun_wakes_again(broker: Broker) -> None:
    wakeup.wake()
    wakeup.awake()
    wakeup.wake()
    wakeup.wake()
    assert len(broker.tasks()) == 2


def test_a_note_of_a_worker_that_died_runs_out(broker: Broker) -> None:
    wakeup.wake()
    with redis.Redis.from_url(str(settings.CACHES["default"]["LOCATION"])) as client:
        left: Any = client.ttl(cache.make_key(broker.note))
    assert 0 < left <= wakeup.ON_ITS_WAY_SECONDS


@pytest.mark.django_db(transaction=True)
def test_the_wake_up_goes_out_after_the_commit_and_not_after_a_rollback(broker: Broker) -> None:
    with transaction.atomic():
        record(a_fact("room.resized"), actor=SYSTEM)
        transaction.set_rollback(True)
    assert broker.tasks() == []
    with transaction.atomic():
        record(a_fact("room.resized"), actor=SYSTEM)
        record(a_fact("room.closed"), actor=SYSTEM)
        assert broker.tasks() == []
    assert len(broker.tasks()) == 1


def test_a_cache_that_is_away_stops_nothing(
    broker: Broker, nobody_listens: str, warnings: pytest.LogCaptureFixture
) -> None:
    caches = {"default": {**settings.CACHES["default"], "LOCATION": nobody_listens}}
    with override_settings(CACHES=caches):
        wakeup.wake()
        wakeup.awake()
    assert [one.getMessage() for one in warnings.records] == [
        "Redis is away; the sweep will take in the journal.",
        "Redis is away; wake-ups are taken up again within 5 s.",
    ]
    assert broker.tasks() == []
    wakeup.wake()
    assert len(broker.tasks()) == 1


def test_a_broker_that_is_away_stops_nothing(
    broker: Broker, nobody_listens: str, warnings: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Celery("away", set_as_current=False)
    away.config_from_object("django.conf:settings", namespace="CELERY")
    away.conf.update(broker_url=nobody_listens)
    monkeypatch.setattr(wakeup, "current_app", away)
    wakeup.wake()
    assert [one.getMessage() for one in warnings.records] == ["Redis is away; the sweep will take in the journal."]
    assert broker.tasks() == []
