"""A process that dies while it sends a webhook: the delivery goes out again, with the id and text it had."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from notifications.models import WebhookDelivery, WebhookTry
from notifications.webhooks.editing import send_test, subscribe
from notifications.webhooks.sending import send_due
from schedule.models import Conference
from tests.faults.processes import ROOT, database_url, end, wait_until
from tests.notifications.webhooks.conftest import Receiver, conference, receiver  # noqa: F401  # fixtures

SEND = "import django; django.setup(); from notifications.webhooks.sending import send_due; send_due()"


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_delivery_of_a_killed_sender_goes_out_again(
    conference: Conference,  # noqa: F811  # the fixture
    receiver: Receiver,  # noqa: F811  # the fixture
) -> None:
    now = timezone.now()
    webhook = subscribe(conference, name="x", url=receiver.url, verbs=["room.closed"], actor=SYSTEM, now=now)
    send_test(webhook, actor=SYSTEM, now=now)
    receiver.hold = threading.Event()
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": "only for tests, and long enough to be a key",
        "WEBHOOKS_LOCAL": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    sender = subprocess.Popen(
        [sys.executable, "-c", SEND], cwd=ROOT, env=environment, text=True, start_new_session=True
    )
    try:
        wait_until(lambda: len(receiver.got) == 1, "the first request")
    finally:
        end(sender, signal.SIGKILL)
    assert list(WebhookDelivery.objects.values_list("state", "attempts")) == [("claimed", 0)]
    assert (send_due().delivered, WebhookTry.objects.count()) == (0, 0)  # its lease still runs
    receiver.hold.set()
    WebhookDelivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert send_due().delivered == 1
    first, second = receiver.got
    assert (second.headers["webhook-id"], second.body) == (first.headers["webhook-id"], first.body)
    assert list(WebhookDelivery.objects.values_list("state", "attempts")) == [("delivered", 1)]
