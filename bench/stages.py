"""What several benchmarks are measured against: a full programme, a web server, a mail server, a stop-watch."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from ops import embedded
from ops.demo.alone import free_port
from ops.parts import page_answers, web_command
from registration.models import Participant, Registration
from schedule.models import Conference, Session
from tests.factories import at, make_conference, make_room, make_session, publish


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def statements(work: Callable[[], object]) -> int:
    """How many it sends to the database."""
    said: list[str] = []

    def noting(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(noting):
        work()
    return len(said)


def programme(slug: str, days: int, rooms: int, slots: int, releases: int) -> Conference:
    """A public conference full of sessions; every release after the first exchanges the times of two of them."""
    conference = make_conference(slug=slug, days=days)
    halls = [make_room(conference, capacity=500) for _ in range(rooms)]
    sessions: list[Session] = [make_session(conference) for _ in range(days * rooms * slots)]
    for session in sessions:
        session.abstract = "도시는 모두의 것입니다. Cities belong to everybody; dignity is not for sale. " * 4
    Session.objects.bulk_update(sessions, ["abstract"], batch_size=500)
    for number in range(releases):
        order = [*sessions]
        order[number], order[-number - 1] = order[-number - 1], order[number]
        placed = []
        for place, session in enumerate(order):
            day, rest = divmod(place, rooms * slots)
            slot, room = divmod(rest, rooms)
            placed.append((session, halls[room], at(conference, f"{9 + slot:02}:00", day=day)))
        publish(conference, placed)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute of so many new rows
    return conference


def registered(conference: Conference, count: int) -> list[Registration]:
    """So many people who may take places, every other one in Korean."""
    now = timezone.now()
    people = Participant.objects.bulk_create(
        Participant(email=f"person-{number}@example.org", language=("en", "ko")[number % 2], verified_at=now)
        for number in range(count)
    )
    return Registration.objects.bulk_create(
        Registration(
            conference=conference,
            participant=one,
            state="accepted",
            consented_at=now,
            language=one.language,
            display_name=f"사람 Person {one.pk}",
        )
        for one in people
    )


@contextmanager
def web_server() -> Iterator[int]:
    """The pages in two processes, which share the cores with whoever asks; gives their port."""
    port = free_port()
    os.environ |= {"SITE_URL": f"http://127.0.0.1:{port}", "WEB_WORKERS": "2"}
    server = subprocess.Popen(web_command(host="127.0.0.1", port=port), cwd=embedded.BASE_DIR, stdout=sys.stderr)
    try:
        deadline = time.monotonic() + 60
        while not page_answers(port, "/healthz"):
            if time.monotonic() > deadline:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def mail_server(*, expecting: int | None = None) -> Iterator[int]:
    """A fast one in a process of its own; gives its port, and checks at the end that as many mails arrived."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.mails.fast_sink"], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        taken, _ = process.communicate(timeout=10)
        if expecting is not None and int(taken) != expecting:
            raise RuntimeError(f"{taken} of {expecting} mails arrived")
    finally:
        process.kill()
        process.wait()
