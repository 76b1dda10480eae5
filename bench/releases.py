"""A release that moves everybody, told by the workers an installation runs: how long it takes, what a sign-in link
waits meanwhile, and what a worker's memory does over four of them.

BENCH_PEOPLE is how many are affected by each (5,000).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.stages import mail_server
from notifications.delivery.delivering import deliver
from notifications.models import Message
from notifications.rules.intake import take_in
from ops.parts import WORKERS, beat_command, worker_command
from ops.processes import Process, running
from registration.domain.registrations.links import request_link
from registration.models import Participant, Registration, SignUp
from schedule.models import Conference, Room, Session
from tests.factories import at, make_conference, make_room, make_session, publish

NEEDS_DATABASE = True
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "5000"))
RELEASES = 4
COUNTED = min(500, PEOPLE)
SECONDS = 300


class Move:
    """Everybody has a place in one session, which every release moves by an hour."""

    def __init__(self) -> None:
        self.conference: Conference = make_conference(slug="moved", starts_on=timezone.now().date() + timedelta(30))
        self.room: Room = make_room(self.conference, capacity=PEOPLE)
        self.session: Session = make_session(self.conference)
        self.hour = 9
        # Who has asked for a link: each person once, as what is asked for twice in a moment is mailed once.
        self.asked = 1
        self.release()
        people = Participant.objects.bulk_create(
            Participant(
                email=f"person-{number}@example.org", language=("en", "ko")[number % 2], verified_at=timezone.now()
            )
            for number in range(PEOPLE)
        )
        registrations = Registration.objects.bulk_create(
            Registration(
                conference=self.conference,
                participant=person,
                state="accepted",
                consented_at=timezone.now(),
                language=person.language,
                display_name=f"사람 Person {person.pk}",
            )
            for person in people
        )
        SignUp.objects.bulk_create(
            (SignUp(registration=one, session=self.session, state="confirmed") for one in registrations), batch_size=500
        )

    def release(self) -> None:
        publish(self.conference, [(self.session, self.room, at(self.conference, f"{self.hour:02}:00"))])
        self.hour += 1


def told(since: int) -> int:
    """How many messages after a key have been sent."""
    return Message.objects.filter(pk__gt=since, kind="place_changed", state="sent").count()


def newest() -> int:
    last = Message.objects.order_by("-pk").first()
    return last.pk if last else 0


def tell_everybody(move: Move) -> tuple[float, float]:
    """Release, and wait until all have been told; the seconds that took, and the longest a sign-in link waited."""
    since = newest()
    move.release()
    began, asked_before = time.monotonic(), move.asked
    while told(since) < PEOPLE:
        if time.monotonic() - began > SECONDS:
            raise RuntimeError(f"{told(since)} of {PEOPLE} people were told within {SECONDS} s")
        request_link(f"person-{move.asked}@example.org", now=now())
        move.asked += 1
        time.sleep(0.5)
    seconds = time.monotonic() - began
    deadline = time.monotonic() + 30
    links = Message.objects.filter(pk__gt=since, queue="urgent")
    while links.filter(state="sent").count() < move.asked - asked_before and time.monotonic() < deadline:
        time.sleep(0.1)
    waits = [
        (link.sent_at - link.magic_link.created_at).total_seconds()
        if link.sent_at and link.magic_link
        else float(SECONDS)
        for link in links.select_related("magic_link")
    ]
    return seconds, max(waits, default=float(SECONDS))


def wait_for_workers() -> None:
    """Until a first link has gone: workers take some seconds to start."""
    request_link("person-0@example.org", now=now())
    deadline = time.monotonic() + 60
    while not Message.objects.filter(queue="urgent", state="sent").exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the workers do not start")
        time.sleep(0.2)


def now() -> Any:
    return timezone.now()


def family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from family(int(child))


def memory(pid: int) -> float:
    """Megabytes that the biggest process of a worker holds."""
    sizes = []
    for one in family(pid):
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{one}/status").read_text().splitlines())
        sizes.append(int(fields["VmRSS"].split()[0]) / 1024)
    return max(sizes)


def statements() -> float:
    """SQL statements for one mail, counted in this process over COUNTED mails."""
    counted = 0

    def count(execute: Any, sql: Any, parameters: Any, many: Any, context: Any) -> Any:
        nonlocal counted
        counted += 1
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(count):
        sent = deliver("bulk", limit=COUNTED).sent
    if sent != COUNTED:
        raise RuntimeError(f"{sent} of {COUNTED} mails were sent")
    return counted / sent


def run() -> list[dict[str, Any]]:
    move = Move()
    with mail_server() as port, tempfile.TemporaryDirectory() as folder:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        processes = [
            Process(
                name, worker_command(queues=one.queues, name=name, processes=one.processes), environment=environment
            )
            for name, one in WORKERS.items()
        ]
        processes.append(Process("beat", beat_command(), environment=environment))
        with running(processes, log_folder=Path(folder)) as children:
            wait_for_workers()
            times, waits, sizes = [], [], []
            for _ in range(RELEASES):
                seconds, wait = tell_everybody(move)
                times.append(seconds)
                waits.append(wait)
                sizes.append(memory(children.pid("worker-bulk")))
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        move.release()
        take_in()
        Message.objects.filter(state="queued").update(due_at=now())
        each = statements()
    memory_name = f"memory of a worker's process after {PEOPLE * RELEASES:,} mails"
    figures = (
        (f"{PEOPLE:,} people told after a release", round(max(times), 1), "s", 45),
        ("sign-in link during that", round(max(waits), 1), "s", 5),
        (memory_name, round(sizes[-1]), "MB", 250),
        (f"its growth from {PEOPLE:,} mails on", round(sizes[-1] - sizes[0], 1), "MB", None),
        ("SQL statements for one mail", round(each, 2), "", 4),
    )
    return [{"name": name, "value": value, "unit": unit, "budget": budget} for name, value, unit, budget in figures]
