"""Tasks are wake-ups: what they wake, and that work which remains is woken for again."""

from __future__ import annotations

from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import ResponseError

from notifications import tasks, wakeup
from notifications.delivery import delivering
from notifications.delivery.delivering import Delivered
from notifications.delivery.leases import LEASE
from notifications.delivery.smtp.carrier import MAIL_SECONDS
from tests.notifications.places import Stage, outbox
from tests.smtp_sink import SmtpSink

TASKS = (tasks.take_in_journal, tasks.deliver_urgent, tasks.deliver_bulk, tasks.deliver_background)
Sent = list[tuple[str, str]]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Sent:
    sent: Sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, queue, **_: sent.append((name, queue)))
    return sent


@pytest.mark.django_db
def test_tasks_carry_a_change_to_its_reader(sink: SmtpSink, woken: Sent) -> None:
    stage = Stage()
    stage.place()
    tasks.take_in_journal()
    assert tasks.deliver_urgent() == 0
    assert tasks.deliver_bulk() == 1
    assert outbox() == [("place_confirmed", "sent")]
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("done", "again"),
    [
        (Delivered(sent=5, more=True), [("notifications.tasks.deliver_bulk", "bulk")]),
        (Delivered(sent=5), []),
        (Delivered(deferred=1, more=True, away=True), []),  # the sweep comes back when the server may have
    ],
)
def test_remaining_work_is_woken_for_unless_the_server_is_away(
    done: Delivered, again: Sent, woken: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "deliver", lambda queue: done)
    tasks.deliver_bulk()
    assert woken == again


def test_work_that_a_provider_postponed_is_woken_for_once_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    sent: list[float] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, queue, countdown, **_: sent.append(countdown))
    monkeypatch.setattr(delivering, "deliver", lambda queue: Delivered(postponed=9, wait=1.5))
    tasks.deliver_bulk()
    tasks.deliver_bulk()
    tasks.deliver_background()
    assert sent == [1.5, 1.5]


def test_number_of_woken_workers_is_bounded(woken: Sent) -> None:
    wakeup.wake_delivery("bulk", workers=100)
    assert woken == [("notifications.tasks.deliver_bulk", "bulk")] * wakeup.MAX_WORKERS


@pytest.mark.parametrize("error", [OperationalError("no broker"), ResponseError("OOM command not allowed")])
def test_wake_up_survives_a_broker_that_is_away_or_full(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise error

    cache.clear()
    monkeypatch.setattr(current_app, "send_task", away)
    wakeup.wake_delivery("urgent")
    wakeup.wake_later("urgent", 1)


def test_time_limits_end_a_task_before_the_broker_gives_it_to_another() -> None:
    limits = [settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT]
    assert limits == sorted(limits)
    assert limits[-1] < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert limits[0] > delivering.ROUND_SECONDS + MAIL_SECONDS
    assert LEASE.total_seconds() > MAIL_SECONDS


def test_no_task_waits_at_the_broker_or_is_acknowledged_late() -> None:
    """What waits there longer than the visibility time-out, or is not acknowledged until then, is run again."""
    ours = [task for name, task in current_app.tasks.items() if not name.startswith("celery.")]
    assert len(ours) > len(TASKS)
    assert {task.acks_late for task in ours} == {False}
    assert wakeup.LONGEST_WAIT < 60 < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_dead_workers_messages_go_within_a_minute() -> None:
    schedule: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE
    sweeps = [entry["schedule"] for entry in schedule.values() if "urgent" in entry["task"]]
    assert LEASE.total_seconds() + max(sweeps) < 60


def test_names_are_those_of_routes_and_sweep() -> None:
    names = {task.name for task in TASKS}
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert names - swept == set()
    assert set(wakeup.TASKS.values()) - names == set()
