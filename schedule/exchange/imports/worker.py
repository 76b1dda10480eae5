"""What a worker does with one import: all of it in one transaction, watched from a thread beside it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections
from django.utils import timezone, translation

from schedule.exchange.imports import uploads
from schedule.exchange.imports.applying import PreviewIsOld
from schedule.exchange.imports.runs import lifecycle as runs
from schedule.exchange.imports.runs.progress import Progress
from schedule.exchange.imports.runs.refused import words_of
from schedule.exchange.incoming.records import Unreadable
from schedule.exchange.incoming.words import refusal_in_words
from schedule.models import ImportRun

logger = logging.getLogger(__name__)
State = ImportRun.State
BEAT_SECONDS = 0.25


def carry_out(run_id: int) -> None:
    """Carry one import out from beginning to end. Does nothing for one that another worker has."""
    run = runs.begin(run_id, now=timezone.now())
    if run is None:
        return
    with translation.override(run.language):
        progress = Progress()
        with _watched(run.pk, progress):
            bring_in(run, progress)


def bring_in(run: ImportRun, progress: Progress) -> None:
    """Import, and say how it ended. Whatever goes wrong, nothing was imported; faults of ours are raised."""
    state, refusal = str(State.FAILED), ""
    try:
        uploads.apply(run, progress)
        state = ""
    except runs.NoLongerWanted:
        state = ""
    except PreviewIsOld:
        state = State.OLD
    except Unreadable as refused:
        state, refusal = State.REFUSED, refusal_in_words(refused)
    except ValidationError as refused:
        state, refusal = State.REFUSED, " ".join(refused.messages)
    except DatabaseError as refused:
        refusal = words_of(refused)
        if progress.is_stopped:  # its statement was cancelled
            state = ""
        elif refusal:
            state = State.REFUSED
        else:
            raise
    finally:
        if state:
            runs.break_off(run, state, refusal=refusal, now=timezone.now())


@contextmanager
def _watched(run_id: int, progress: Progress) -> Iterator[None]:
    """Write down how far it is about four times a second; end it when it is no longer wanted, whatever it waits for."""
    is_over = threading.Event()
    cancel = connection.connection.cancel_safe if connection.connection is not None else None

    def watch() -> None:
        try:
            while not is_over.wait(BEAT_SECONDS):
                wanted = runs.beat(run_id, **progress.as_said(), now=timezone.now())
                if not wanted and not is_over.is_set():
                    progress.stop()
                    if cancel is not None:
                        cancel()
        except (DatabaseError, psycopg.Error):
            logger.exception("The import %s is not watched any more.", run_id)
        finally:
            connections.close_all()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
