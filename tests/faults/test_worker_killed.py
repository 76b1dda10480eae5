"""Nobody is mailed twice or never, whatever dies: the worker is killed and Redis emptied in the middle of the work."""

from __future__ import annotations

import email
import email.policy
import signal
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from notifications.models import Message
from schedule.domain.programme.rooms import resize_room
from tests.factories import make_participant
from tests.faults.processes import broker, end, mail_server, wait_until, worker
from tests.notifications.places import Stage

PEOPLE = 200
WORKERS = 2
State = Message.State


def unsent() -> int:
    return Message.objects.exclude(state=State.SENT).count()


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_confirmation_arrives_once_though_the_worker_is_killed_and_redis_emptied(tmp_path: Path) -> None:
    stage = Stage()
    stage.move("10:00", stage.other_room)
    stage.other_room.capacity = PEOPLE

    resize_room(stage.other_room, capacity=PEOPLE, actor=SYSTEM)
    addresses = [f"person-{number}@example.org" for number in range(PEOPLE)]
    for address in addresses:
        stage.place(participant=make_participant(email=address))

    with broker() as redis, mail_server() as server:
        running: dict[str, Any] = {"redis_url": redis.url, "smtp_port": server.port, "folder": tmp_path}
        with worker(**running) as first:
            arrived = server.take(PEOPLE // 3, seconds=60)
            end(first, signal.SIGKILL)
        in_flight = set(Message.objects.filter(state=State.SENDING).values_list("uid", flat=True))
        assert 0 < Message.objects.filter(state=State.SENT).count() < PEOPLE
        assert len(in_flight) <= WORKERS
        redis.client.flushall()
        # The lease of what the dead worker held runs out.
        held = Message.objects.filter(state__in=[State.CLAIMED, State.SENDING])
        held.update(claimed_until=timezone.now() - timedelta(seconds=1))

        with worker(**running):
            arrived += server.take(PEOPLE - len(arrived), seconds=60)
            wait_until(lambda: Entry.objects.filter(handled_at=None).count() == 0 and unsent() == 0, "all are sent")
        mails = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(server.folder.iterdir())
        ]

    copies = Counter((str(mail["To"].addresses[0].addr_spec), str(mail["Message-ID"])) for mail in mails)
    ids: dict[str, set[str]] = defaultdict(set)
    for recipient, message_id in copies:
        ids[recipient].add(message_id)
    assert sorted(ids) == sorted(addresses)
    assert {len(known) for known in ids.values()} == {1}
    doubled = {message_id for (_, message_id), count in copies.items() if count > 1}
    assert max(copies.values()) <= 2
    assert doubled <= {f"<{uid}@forum.example.org>" for uid in in_flight}
    assert set(Message.objects.values_list("kind", "state")) == {("place_confirmed", "sent")}
    assert Message.objects.count() == PEOPLE
