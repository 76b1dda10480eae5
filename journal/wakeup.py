"""Waking whoever handles the journal. Only a wake-up: when it is lost, the periodic sweep does the same work."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
TASK = "notifications.tasks.take_in_journal"


def wake() -> None:
    """Ask a worker to look at the journal. Never raises when the broker is away."""
    try:
        current_app.send_task(TASK, queue="background", expires=60, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweep will take in the journal.")


def wake_after_commit() -> None:
    """Wake once per transaction, however many entries it writes."""
    # Django keeps (savepoints, function, robust) for each hook; a second one for the same transaction adds nothing.
    if any(hook[1] is wake for hook in connection.run_on_commit):
        return
    transaction.on_commit(wake)
