"""A room lost in the middle of a full programme: from the press that says so to the last mail, by the workers an
installation runs.

420 sessions in 20 rooms, and one more that is free; 5,000 people (BENCH_PEOPLE) have a place in one of those that the
lost room has on its day.
"""

from __future__ import annotations

import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.releases import PEOPLE, SECONDS, newest, told, wait_for_workers
from bench.stages import mail_server, programme, registered
from journal.actors import SYSTEM
from ops.parts import WORKERS, beat_command, worker_command
from ops.processes import Process, running
from organize.emergencies.proposal import fates, proposal
from registration.models import SignUp
from schedule.domain.emergencies.asking import ask_for_repair
from schedule.domain.emergencies.settling import settle
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, ReleasedPlacement, SolverRun
from schedule.ports.follow import follow
from tests.factories import at, make_room

NEEDS_DATABASE = True
DAYS, ROOMS, SLOTS = 3, 20, 7


def full_programme() -> tuple[Conference, list[ReleasedPlacement]]:
    """The conference, and what is in its first room on the first day, with PEOPLE people in it."""
    conference = programme("lost", DAYS, ROOMS, SLOTS, 1)
    make_room(conference)
    with transaction.atomic():
        conference.rooms.update(capacity=PEOPLE)
        follow(conference, actor=SYSTEM, now=timezone.now())
    release = newest_release(conference)
    if release is None:
        raise RuntimeError("nothing is published")
    room = conference.rooms.earliest("pk")
    lost = list(release.placements.filter(room=room, start__lt=at(conference, "18:00")).order_by("start"))
    registrations = registered(conference, PEOPLE)
    SignUp.objects.bulk_create(
        (
            SignUp(registration=one, session_id=lost[number % len(lost)].session_id, state="confirmed")
            for number, one in enumerate(registrations)
        ),
        batch_size=500,
    )
    return conference, lost


def seconds_until(done: Any) -> float:
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > SECONDS:
            raise RuntimeError("it takes too long")
        time.sleep(0.2)
    return time.monotonic() - began


def run() -> list[dict[str, Any]]:
    conference, lost = full_programme()
    with mail_server() as port, tempfile.TemporaryDirectory() as folder:
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        processes = [
            Process(
                name, worker_command(queues=one.queues, name=name, processes=one.processes), environment=environment
            )
            for name, one in WORKERS.items()
        ]
        processes.append(Process("beat", beat_command(), environment=environment))
        with running(processes, log_folder=Path(folder)):
            wait_for_workers()
            since, began = newest(), time.monotonic()
            step = {
                "do": "room_lost",
                "whom": lost[0].room.code,
                "starts_at": at(conference, "00:00").isoformat(),
                "ends_at": (at(conference, "00:00") + timedelta(days=1)).isoformat(),
            }
            asked = ask_for_repair(conference, [step], actor=SYSTEM, now=timezone.now())
            runs = SolverRun.objects.filter(pk=asked.pk)
            repaired = seconds_until(lambda: not runs.get().is_busy)
            found = runs.select_related("conference", "release").get()
            if not (found.state == SolverRun.State.DONE and found.minimal):
                raise RuntimeError(f"the repair is {found.state}, minimal: {found.minimal}")
            looked_at = time.monotonic()
            proposal(found)
            fates(found, actor=SYSTEM, names=True)
            looked = time.monotonic() - looked_at
            pressed = time.monotonic()
            settle(found, actor=SYSTEM)
            published = time.monotonic() - pressed
            seconds_until(lambda: told(since) >= PEOPLE)
            everything = time.monotonic() - began
    figures = (
        ("a room lost among 420 sessions: its repair, proved minimal", repaired, 20),
        (f"what it does to {PEOPLE:,} people", looked, 10),
        ("published", published, 10),
        (f"from the press to the last of {PEOPLE:,} people", everything, 60),
    )
    return [{"name": name, "value": round(value, 1), "unit": "s", "budget": budget} for name, value, budget in figures]
