"""Waking whoever handles the journal. Only a wake-up: when it is lost, the periodic sweep does the same work."""

from __future__ import annotations

import logging

from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
TASK = "notifications.tasks.take_in_journal"
# One wake-up on its way is enough for any number of changes. `awake` takes the note down before the journal is read,
# so a change committed later wakes again; the time-out is for a worker that died between the two.
ON_ITS_WAY = "journal.wake-up"
ON_ITS_WAY_SECONDS = 5
# A wake-up takes its time: what a crowd changes meanwhile is then read, written and mailed in one batch, at a fraction
# of the cost. Nobody notices half a second before a mail.
GATHER_SECONDS = 0.5


def wake() -> None:
    """Ask a worker to look at the journal, unless one was asked and has not begun. Never raises when Redis is away."""
    try:
        if cache.add(ON_ITS_WAY, 1, timeout=ON_ITS_WAY_SECONDS):
            current_app.send_task(TASK, queue="urgent", countdown=GATHER_SECONDS, expires=60, ignore_result=True)
    except (OperationalError, RedisError):
        logger.warning("Redis is away; the sweep will take in the journal.")


def awake() -> None:
    """Say that the journal is about to be read: changes from now on need a wake-up of their own."""
    try:
        cache.delete(ON_ITS_WAY)
    except RedisError:
        logger.warning("Redis is away; wake-ups are taken up again within %s s.", ON_ITS_WAY_SECONDS)


def wake_after_commit() -> None:
    """Wake once per transaction, however many entries it writes."""
    # Django keeps (savepoints, function, robust) for each hook; a second one for the same transaction adds nothing.
    if any(hook[1] is wake for hook in connection.run_on_commit):
        return
    transaction.on_commit(wake)
