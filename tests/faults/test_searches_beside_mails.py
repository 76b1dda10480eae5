"""What takes minutes holds up nothing that people wait for: the workers of an installation, with real searches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from kombu import Connection

from journal.actors import SYSTEM
from ops.parts import WORKERS, WorkerProcess
from schedule.domain.searches import searches as runs
from schedule.exchange.readers.importing import import_programme, read_programme
from schedule.models import Conference, SolverRun
from tests.conftest import SAMPLE
from tests.factories import make_participant
from tests.faults.processes import Broker, broker, mail_server, wait_until, worker
from tests.notifications.places import Stage

State = SolverRun.State
SEARCH_SECONDS = 120
INTAKE = "notifications.tasks.take_in_journal"


def needed() -> Iterator[tuple[str, WorkerProcess]]:
    """The workers that take part: those for searches, for the journal, for confirmations."""
    routes = settings.CELERY_TASK_ROUTES
    queues = {routes[task]["queue"] for task in (runs.TASK, INTAKE, "notifications.tasks.deliver_bulk")}
    return ((name, one) for name, one in WORKERS.items() if queues & set(one.queues.split(",")))


def wake(redis: Broker, name: str, *arguments: int) -> None:
    """What the web's process would send, to the broker of this test."""
    with Connection(redis.url.replace("unix://", "redis+socket://", 1)) as connection:
        current_app.send_task(name, args=arguments, connection=connection)


def forum(number: int) -> Conference:
    programme = read_programme(SAMPLE.read_bytes())
    return import_programme(
        replace(programme, conference=replace(programme.conference, slug=f"forum-{number}")), actor=SYSTEM
    )


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_confirmation_goes_in_seconds_while_two_searches_run(tmp_path: Path) -> None:
    stage = Stage()
    searches = [
        runs.ask(forum(number), seconds=SEARCH_SECONDS, seed=1, base=None, actor=SYSTEM, answers=3) for number in (1, 2)
    ]

    def states() -> set[str]:
        return set(SolverRun.objects.values_list("state", flat=True))

    with broker() as redis, mail_server() as server, ExitStack() as workers:
        for name, one in needed():
            running: dict[str, Any] = {"redis_url": redis.url, "smtp_port": server.port, "folder": tmp_path}
            workers.enter_context(worker(**running, name=name, queues=one.queues, processes=one.processes, beat=False))
        for run in searches:
            wake(redis, runs.TASK, run.pk)
        wait_until(lambda: states() == {State.RUNNING}, "both searches have begun", seconds=60)
        stage.place(participant=make_participant(email="ana@example.org"))
        wake(redis, INTAKE)
        (mail,) = server.take(1, seconds=20)
        assert states() == {State.RUNNING}
        for run in searches:
            runs.stop(run, actor=SYSTEM)
        wait_until(lambda: State.RUNNING not in states(), "both searches have ended")
        assert b"ana@example.org" in (server.folder / mail).read_bytes()
