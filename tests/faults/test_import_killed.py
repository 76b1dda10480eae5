"""All of a file is imported or nothing, whatever dies: the worker is killed in the middle of its transaction."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from journal.actors import SYSTEM
from journal.models import Entry
from schedule.domain.programme.sessions import lock_conference
from schedule.exchange.imports import uploads
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.models import ImportRun, Person, Role, Session
from tests.factories import make_conference, make_user
from tests.faults.processes import broker, end, mail_server, wait_until, worker

ROWS = 200


def is_waited_for() -> bool:
    """Whether somebody waits for the table of roles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [Role._meta.db_table])
        return bool(cursor.rowcount)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_has_imported_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    conference = make_conference()
    lines = (f"A{n},Talk {n},45,Ada {n}" for n in range(ROWS))
    table = "\n".join(["code,title,minutes,speakers", *lines]).encode()
    upload = uploads.keep(conference, name="t.csv", content=table, user=make_user(), actor=SYSTEM)
    version = uploads.look_at(upload).preview.version
    with broker() as redis, mail_server() as server:
        running: dict[str, Any] = {"redis_url": redis.url, "smtp_port": server.port, "folder": tmp_path}
        monkeypatch.setattr(runs, "wake", lambda run_id: None)  # the sweep wakes the worker
        run = runs.ask(upload, version=version, actor=SYSTEM)
        ImportRun.objects.update(asked_at=timezone.now() - runs.SILENT)
        # Who speaks where is written behind sessions and people: there the import waits, however fast the machine is.
        with worker(**running) as first, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Role._meta.db_table} IN EXCLUSIVE MODE")
            wait_until(lambda: ImportRun.objects.filter(phase="write").exists(), "the import writes", seconds=90)
            wait_until(is_waited_for, "the import has written", seconds=90)
            end(first, signal.SIGKILL)
        with transaction.atomic():
            lock_conference(conference.pk)  # once the database has taken back what the dead worker wrote
        assert (Session.objects.count(), Person.objects.count()) == (0, 0)
        ImportRun.objects.update(beat_at=timezone.now() - runs.SILENT * 2)
        assert runs.find_lost(now=timezone.now()) == 1
        run.refresh_from_db()
        assert run.state == "lost"
        runs.ask(upload, version=version, actor=SYSTEM)
        ImportRun.objects.filter(state="queued").update(asked_at=timezone.now() - runs.SILENT)
        with worker(**running):
            wait_until(lambda: ImportRun.objects.filter(state="done").exists(), "the import ends", seconds=60)
    assert (Session.objects.count(), Person.objects.count()) == (ROWS, ROWS)
    verbs = Entry.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["import.uploaded", "import.asked", "import.broken_off", "import.asked", "import.applied"]
