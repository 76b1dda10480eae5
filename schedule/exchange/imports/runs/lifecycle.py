"""Imports that a worker carries out: asking for one, cancelling it, and how each ends.

The row is the truth. Everything that an import changes is one transaction, whose last statement makes the run "done"
(`finish`), and only while it is still running: so whoever cancels it, or gives it up for lost, has decided at once
that nothing of it will be kept, whatever the worker is still doing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from journal.actors import SYSTEM, Actor
from journal.recording import record
from journal.retrying import retried
from schedule.facts.imports import ImportAsked, ImportBrokenOff, ImportCancelled
from schedule.models import ImportRun, ProgrammeUpload

logger = logging.getLogger(__name__)
State = ImportRun.State
TASK = "schedule.tasks.bring_in"
SILENT = timedelta(seconds=20)
UNHEARD = timedelta(seconds=15)


class AlreadyImporting(Exception):
    """One import of a file at a time."""

    def __init__(self) -> None:
        super().__init__(_("This file is being imported already."))


class NoLongerWanted(Exception):
    """The import was cancelled or given up for lost, or its file was deleted: nothing of it may be kept."""


@retried
@transaction.atomic
def ask(upload: ProgrammeUpload, *, version: str, chosen: Sequence[str] | None = None, actor: Actor) -> ImportRun:
    """Have an upload imported by a worker: what is chosen of it, or all that is not wrong (`applying.apply`).

    `version` is that of the preview that was agreed to, in the language that is active. Raises `AlreadyImporting`.
    """
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                upload=upload,
                version=version[:64],
                chosen=None if chosen is None else list(chosen),
                actor=str(actor),
                language=translation.get_language() or "en",
            )
    except IntegrityError as error:
        raise AlreadyImporting from error
    fact = ImportAsked(conference_id=upload.conference_id, subject_id=run.pk, file=upload.file_name)
    record(fact, actor=actor)
    transaction.on_commit(partial(wake, run.pk))
    return run


def wake(run_id: int) -> None:
    """Send a worker. Only a wake-up: while Redis is away the sweep sends one."""
    try:
        current_app.send_task(TASK, args=[run_id], queue="background", expires=60, ignore_result=True)
    except (OperationalError, RedisError):
        logger.warning("Redis is away; the import begins when the sweep has found it.")


@retried
@transaction.atomic
def cancel(run: ImportRun, *, actor: Actor) -> bool:
    """Cancel an import: from now on nothing of it will be kept. False where it had ended before."""
    cancelled = _end(run, State.STOPPED, now=timezone.now())
    if cancelled:
        file = run.upload.file_name
        record(ImportCancelled(conference_id=run.upload.conference_id, subject_id=run.pk, file=file), actor=actor)
    return cancelled


def _end(run: ImportRun, state: str, *, now: datetime, refusal: str = "") -> bool:
    """Waits for an import that is about to commit."""
    mine = ImportRun.objects.busy().filter(pk=run.pk)
    return bool(mine.update(state=state, ended_at=now, refusal=refusal))


def begin(run_id: int, *, now: datetime) -> ImportRun | None:
    """Take a waiting import on; None when another worker has, or it was cancelled. One query more than the claim."""
    waiting = ImportRun.objects.filter(pk=run_id, state=State.QUEUED)
    if not waiting.update(state=State.RUNNING, started_at=now, beat_at=now):
        return None
    return ImportRun.objects.select_related("upload__conference").get(pk=run_id)


def beat(run_id: int, *, phase: str, dealt: int, total: int, now: datetime) -> bool:
    """Write down how far an import is; False when it should end. One query."""
    mine = ImportRun.objects.filter(pk=run_id, state=State.RUNNING)
    return bool(mine.update(beat_at=now, phase=phase, dealt=dealt, total=total))


def finish(run: ImportRun, *, now: datetime) -> None:
    """The last statement of the transaction that imported. Raises `NoLongerWanted`, which takes all of it back."""
    if not ImportRun.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.DONE, ended_at=now):
        raise NoLongerWanted


@retried
@transaction.atomic
def break_off(run: ImportRun, state: str, *, refusal: str = "", now: datetime) -> None:
    """An import came to an end and imported nothing: "old", "refused" (and why, in words), "failed" or "lost"."""
    if _end(run, state, now=now, refusal=refusal):
        about = {"conference_id": run.upload.conference_id, "subject_id": run.pk}
        record(ImportBrokenOff(**about, file=run.upload.file_name, state=state), actor=SYSTEM)


def find_lost(*, now: datetime) -> int:
    """Give up imports whose worker has fallen silent, and wake workers for those nobody took on. Returns how many."""
    silent = ImportRun.objects.filter(state=State.RUNNING, beat_at__lt=now - SILENT)
    lost = list(silent.select_related("upload").defer("upload__content"))
    for run in lost:
        break_off(run, State.LOST, now=now)
    for pk in ImportRun.objects.filter(state=State.QUEUED, asked_at__lt=now - UNHEARD).values_list("pk", flat=True):
        wake(pk)
    return len(lost)
