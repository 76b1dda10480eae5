"""Tasks are wake-ups: what they wake, and that work which remains is woken for again."""

from __future__ import annotations

import pytest
from django.conf import settings
from kombu.exceptions import OperationalError

from notifications import delivery, tasks, wakeup
from notifications.delivery import Delivered
from tests.notifications.places import Stage, outbox
from tests.smtp_sink import SmtpSink

Sent = list[tuple[str, str]]


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Sent:
    sent: Sent = []
    monkeypatch.setattr(wakeup.current_app, "send_task", lambda name, queue, **_: sent.append((name, queue)))
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
    monkeypatch.setattr(delivery, "deliver", lambda queue: done)
    tasks.deliver_bulk()
    assert woken == again


def test_number_of_woken_workers_is_bounded(woken: Sent) -> None:
    wakeup.wake_delivery("bulk", workers=100)
    assert woken == [("notifications.tasks.deliver_bulk", "bulk")] * wakeup.MAX_WORKERS


def test_wake_up_survives_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(wakeup.current_app, "send_task", away)
    wakeup.wake_delivery("urgent")


def test_names_are_those_of_routes_and_sweep() -> None:
    names = {task.name for task in (tasks.take_in_journal, tasks.deliver_urgent, tasks.deliver_bulk)}
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert names - swept == set()
    assert set(wakeup.TASKS.values()) - names == set()
