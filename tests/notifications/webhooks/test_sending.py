"""Sending: each delivery arrives signed, is tried again by the ladder, and a receiver that fails for days is let be."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from standardwebhooks import Webhook

from journal.actors import SYSTEM, Actor
from journal.models import Entry
from journal.recording import record
from notifications import tasks, wakeup
from notifications.delivery.retry_schedule import BACK_OFF
from notifications.models import WebhookDelivery, WebhookSubscription, WebhookTry
from notifications.webhooks import posting, sending
from notifications.webhooks.editing import delete, pause, rotate_secret, send_again, send_test, subscribe
from notifications.webhooks.forgetting import KEEP_DELIVERIES, forget_deliveries
from notifications.webhooks.making import make_deliveries
from notifications.webhooks.posting import ReceiverResponse, post
from notifications.webhooks.sending import DISABLE_AFTER, LEASE, PER_SUBSCRIPTION, send_due
from notifications.webhooks.signing import message_id, secret_of
from schedule.models import Conference
from tests.at_once import at_once
from tests.facts import a_fact
from tests.notifications.webhooks.conftest import Receiver, Subscribe

pytestmark = pytest.mark.django_db
ACTOR = Actor.organizer(1)


def due(subscription: WebhookSubscription, count: int = 1) -> list[WebhookDelivery]:
    """Deliveries made from the journal."""
    with transaction.atomic():
        for _ in range(count):
            record(a_fact("room.closed", conference_id=subscription.conference_id), actor=SYSTEM)
    make_deliveries()
    return list(WebhookDelivery.objects.filter(subscription=subscription).order_by("-pk")[:count])


def states() -> list[tuple[str, int]]:
    return list(WebhookDelivery.objects.order_by("pk").values_list("state", "attempts"))


def health(subscription: WebhookSubscription) -> tuple[str, bool]:
    subscription.refresh_from_db()
    return subscription.state, subscription.failing_since is not None


def make_due() -> None:
    """As if the time to wait were over."""
    WebhookDelivery.objects.filter(state="queued").update(due_at=timezone.now())


def test_delivery_arrives_signed(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    [delivery] = due(subscription)
    assert send_due().delivered == 1
    [got] = receiver.got
    assert (got.body, got.headers["webhook-id"]) == (delivery.body, message_id(delivery))
    timestamp = int(got.headers["webhook-timestamp"])
    assert abs(timestamp - timezone.now().timestamp()) < 60
    clock = datetime.fromtimestamp(timestamp, UTC)
    expected = Webhook(secret_of(subscription.uid, 1)).sign(message_id(delivery), clock, delivery.body)
    assert got.headers["webhook-signature"] == expected
    assert states() == [("delivered", 1)]
    [tried] = WebhookTry.objects.all()
    assert (tried.status, tried.answer, tried.url) == (200, "thanks", subscription.url)


def test_both_secrets_sign_after_a_rotation(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = rotate_secret(subscribed(), actor=ACTOR, now=timezone.now())
    due(subscription)
    send_due()
    assert [one[:3] for one in receiver.got[0].headers["webhook-signature"].split(" ")] == ["v1,", "v1,"]


def test_refusal_is_tried_again_with_the_same_id(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    due(subscription)
    receiver.answer = 503
    for attempts in range(1, len(BACK_OFF) + 1):
        before = timezone.now()
        send_due()
        assert states() == [("queued", attempts)]
        wait = (WebhookDelivery.objects.get().due_at - before).total_seconds()
        assert BACK_OFF[attempts - 1] <= wait <= BACK_OFF[attempts - 1] * 1.2 + 5
        assert send_due().failed == 0  # not before its time
        make_due()
    send_due()
    assert (states(), health(subscription)) == ([("failed", 6)], ("active", True))
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    receiver.answer = 200
    due(subscription)
    send_due()
    assert (states(), health(subscription)) == ([("failed", 6), ("delivered", 1)], ("active", False))


def test_one_that_fails_does_not_hold_up_others(subscribed: Subscribe, receiver: Receiver) -> None:
    bad, good = subscribed(url="http://127.0.0.1:1/"), subscribed()
    due(bad, 20)
    send_due()
    assert WebhookDelivery.objects.filter(subscription=good, state="delivered").count() == 20
    # The first few went side by side; since then it is tried one at a time.
    assert WebhookTry.objects.filter(delivery__subscription=bad).count() == 20
    make_due()
    _, claimed = sending._claim(timezone.now())
    assert [one.subscription_id for one in claimed] == [bad.pk]


def test_slow_receiver_gets_its_share_only(subscribed: Subscribe, receiver: Receiver) -> None:
    first, second = subscribed(), subscribed()
    due(first, 20)
    _, claimed = sending._claim(timezone.now())
    shares = [[one.subscription_id for one in claimed].count(pk) for pk in (first.pk, second.pk)]
    assert shares == [PER_SUBSCRIPTION, PER_SUBSCRIPTION]


def test_webhook_that_fails_for_days_is_switched_off(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    due(subscription, 2)
    receiver.answer = 500
    send_due()
    assert health(subscription) == ("active", True)
    WebhookSubscription.objects.update(failing_since=timezone.now() - DISABLE_AFTER)
    make_due()
    send_due()
    assert health(subscription) == ("disabled", True)
    entry = Entry.objects.get(verb="webhook.disabled")
    assert (entry.subject_id, entry.data) == (subscription.pk, {"reason": "failing"})
    make_due()
    asked = len(receiver.got)
    assert (send_due(), len(receiver.got)) == (sending.Sent(), asked)


def test_receiver_that_is_gone_is_let_be_at_once(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    due(subscription)
    receiver.answer = 410
    send_due()
    assert health(subscription) == ("disabled", True)
    assert Entry.objects.get(verb="webhook.disabled").data == {"reason": "gone"}


def test_paused_webhook_is_not_sent_to(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    due(subscription)
    pause(subscription, actor=ACTOR)
    send_due()
    assert (receiver.got, states()) == ([], [("queued", 0)])


def test_address_that_became_forbidden_is_not_sent_to(
    conference: Conference, receiver: Receiver, settings: object
) -> None:
    subscription = subscribe(
        conference, name="x", url=receiver.url, verbs=["room.closed"], actor=ACTOR, now=timezone.now()
    )
    settings.WEBHOOKS_LOCAL = False  # type: ignore[attr-defined]  # the fixture of pytest-django
    due(subscription)
    send_due()
    assert (receiver.got, states()) == ([], [("queued", 1)])
    assert WebhookTry.objects.get().answer == "The address must start with https://."


def test_sent_again_with_the_same_id_and_text(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    other = subscribed()
    due(subscription, 2)
    send_due()
    pending = due(subscription)[0]
    receiver.got.clear()
    now = timezone.now()
    assert send_again(WebhookDelivery.objects.all(), subscription, actor=ACTOR, now=now) == 2
    assert Entry.objects.get(verb="webhook.replayed").data == {"deliveries": 2}
    assert send_again(WebhookDelivery.objects.none(), subscription, actor=ACTOR, now=now) == 0
    send_due()
    ids = [got.headers["webhook-id"] for got in receiver.got]
    expected = WebhookDelivery.objects.filter(subscription=subscription)
    again = [message_id(one) for one in expected]
    assert sorted(set(ids) & set(again)) == sorted(again)
    assert pending.attempts == 0
    assert WebhookDelivery.objects.filter(subscription=other, attempts=1).count() == 3


def test_test_event_arrives(subscribed: Subscribe, receiver: Receiver) -> None:
    delivery = send_test(subscribed(), actor=ACTOR, now=timezone.now())
    send_due()
    assert receiver.got[0].body == delivery.body
    assert states() == [("delivered", 1)]


def test_webhook_deleted_under_way_is_survived(
    subscribed: Subscribe, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = subscribed()
    due(subscription)

    def deleting(*args: object, **options: object) -> object:
        return post(*args, **options)  # type: ignore[arg-type]  # as they came

    settle = sending._settle

    def settling(*args: object) -> bool:
        delete(subscription, actor=ACTOR)
        return settle(*args)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(sending, "post", deleting)
    monkeypatch.setattr(sending, "_settle", settling)
    assert send_due().delivered == 1
    assert (WebhookDelivery.objects.count(), WebhookTry.objects.count()) == (0, 0)


def test_lease_of_a_dead_worker_runs_out(subscribed: Subscribe, receiver: Receiver) -> None:
    due(subscribed())
    until, claimed = sending._claim(timezone.now())
    assert (len(claimed), send_due()) == (1, sending.Sent())
    WebhookDelivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert send_due().delivered == 1
    # The dead one comes back: its claim is over, so what it notes changes nothing.
    sending._settle(claimed[0], ReceiverResponse(500, "late", 1), until, timezone.now())
    assert states() == [("delivered", 1)]
    assert timedelta(seconds=30) < LEASE


@pytest.mark.django_db(transaction=True)
def test_at_once_each_is_sent_once(subscribed: Subscribe, receiver: Receiver) -> None:
    due(subscribed(), 24)
    sent = at_once([partial(send_due, seconds=60)] * 4)
    assert (sum(one.delivered for one in sent), len(receiver.got)) == (24, 24)
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 24


def test_old_deliveries_are_forgotten_but_none_twice(subscribed: Subscribe, receiver: Receiver) -> None:
    subscription = subscribed()
    [told, above] = due(subscription, 2)[::-1]
    send_due()
    late = timezone.now() + KEEP_DELIVERIES
    WebhookSubscription.objects.update(position=told.journal_entry_id)
    assert forget_deliveries(now=late) == 1
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [above.pk]
    assert make_deliveries() == 0


def test_tasks_carry_a_change_to_the_receiver(
    subscribed: Subscribe, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, str]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, queue, **_: woken.append((name, queue)))
    subscription = subscribed()
    with transaction.atomic():
        record(a_fact("room.closed", conference_id=subscription.conference_id), actor=SYSTEM)
    assert (tasks.make_webhooks(), tasks.send_webhooks()) == (1, 1)
    assert ("notifications.tasks.send_webhooks", "outside") in woken
    assert states() == [("delivered", 1)]
    tasks.forget()


def test_one_sends_at_a_time(subscribed: Subscribe, receiver: Receiver) -> None:
    due(subscribed())
    with wakeup.alone("webhooks.sending", seconds=5) as first:
        assert (first, tasks.send_webhooks()) == (True, 0)
    assert tasks.send_webhooks() == 1


def test_wake_up_survives_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(current_app, "send_task", away)
    wakeup.wake_webhooks()


def test_sweep_knows_the_tasks() -> None:
    swept = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    names = {task.name for task in (tasks.make_webhooks, tasks.send_webhooks, tasks.forget, tasks.read_mailbox)}
    assert names - swept == set()


def test_hanging_receiver_ends_with_the_round(
    subscribed: Subscribe, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.2)
    receiver.hold = threading.Event()
    due(subscribed(), 3)
    done = send_due(seconds=0.1)
    assert (done.failed, done.more) == (3, True)
