"""A worker with one import: all of it or nothing, and it lets go at once, whatever it waits for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connections, transaction
from django.utils import timezone

from journal.actors import SYSTEM
from schedule.domain.programme.sessions import lock_conference
from schedule.exchange.imports import uploads
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.runs.progress import Progress
from schedule.exchange.imports.worker import bring_in, carry_out
from schedule.models import Conference, ImportRun, ProgrammeUpload, Session
from tests.factories import make_conference, make_session, make_user
from tests.present import present

TABLE = b"code,title,minutes,speakers\nA1,One,30,Ada\nA2,Two,45,Bo\n"


def asked(conference: Conference, content: bytes = TABLE) -> ImportRun:
    upload = uploads.keep(conference, name="t.csv", content=content, user=make_user(), actor=SYSTEM)
    return runs.ask(upload, version=uploads.look_at(upload).preview.version, actor=SYSTEM)


@contextmanager
def locked(conference: Conference) -> Iterator[None]:
    """Somebody else changes the conference."""
    holds, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_conference(conference.pk)
            holds.set()
            over.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(10)
    try:
        yield
    finally:
        over.set()
        holder.join()


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_import_lets_go_of_what_it_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "wake", lambda run_id: None)
    conference = make_conference()
    run = asked(conference)

    def work() -> None:
        carry_out(run.pk)
        connections.close_all()

    worker = threading.Thread(target=work)
    with locked(conference):
        worker.start()
        while not ImportRun.objects.filter(pk=run.pk, phase="compare").exists():
            assert worker.is_alive()
        assert runs.cancel(run, actor=SYSTEM)
        worker.join(5)
        assert not worker.is_alive()
    run.refresh_from_db()
    assert (run.state, Session.objects.count(), runs.cancel(run, actor=SYSTEM)) == ("stopped", 0, False)


@pytest.mark.django_db(transaction=True)
def test_a_run_is_carried_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(runs, "wake", woken.append)
    run = asked(make_conference())
    with pytest.raises(runs.AlreadyImporting):
        runs.ask(run.upload, version=run.version, actor=SYSTEM)
    carry_out(run.pk)
    carry_out(run.pk)
    run.refresh_from_db()
    assert (run.state, Session.objects.count(), woken) == ("done", 2, [run.pk])
    assert present(ProgrammeUpload.objects.get().outcome)["made"] == {"kind": 1, "person": 2, "session": 2}


@pytest.mark.django_db
def test_an_import_that_nobody_took_on_wakes_a_worker_again(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(runs, "wake", woken.append)
    run = asked(make_conference())
    runs.find_lost(now=timezone.now() + runs.UNHEARD / 2)
    assert woken == []
    runs.find_lost(now=timezone.now() + runs.UNHEARD * 2)
    assert woken == [run.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [ValueError("secret"), MemoryError()])
def test_whatever_goes_wrong_is_told_and_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, broken: BaseException
) -> None:
    run = present(runs.begin(asked(make_conference()).pk, now=timezone.now()))

    def refuse(*_args: object, **_more: object) -> None:
        raise broken

    monkeypatch.setattr("schedule.exchange.imports.uploads.finish", refuse)  # everything is written by then
    with pytest.raises(type(broken)):
        bring_in(run, Progress())
    run.refresh_from_db()
    assert (run.state, run.refusal, Session.objects.count()) == ("failed", "", 0)


@pytest.mark.django_db
def test_a_rule_of_the_database_is_said_in_words() -> None:
    """What no file says alone: it begins after what is kept of its end."""
    conference = make_conference()
    kept = make_session(conference, code="A")
    Session.objects.filter(pk=kept.pk).update(not_after=datetime(2037, 6, 1, 10, tzinfo=UTC))
    session = {"key": "code:A", "code": "A", "title": {"en": "A"}, "kind": "code:t", "duration_minutes": 30}
    kind = {"key": "code:t", "code": "t", "name": {"en": "Talk"}}
    archive = {"format": "plenary-archive", "version": 1, "timezone": "Asia/Seoul"}
    sessions = [session | {"not_before": "2037-06-01T12:00:00+00:00"}]
    data = json.dumps(archive | {"kind": [kind], "session": sessions}).encode()
    run = present(runs.begin(asked(conference, data).pk, now=timezone.now()))
    bring_in(run, Progress())
    run.refresh_from_db()
    assert (run.state, run.refusal) == ("refused", "The end must be after the start.")
