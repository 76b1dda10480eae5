"""Waking whoever delivers. Only a wake-up: when it is lost, the periodic sweep does the same work."""

from __future__ import annotations

import logging

from celery import current_app
from kombu.exceptions import OperationalError

from notifications.models import Message

logger = logging.getLogger(__name__)
MAX_WORKERS = 4
TASKS = {
    Message.Queue.URGENT: "notifications.tasks.deliver_urgent",
    Message.Queue.BULK: "notifications.tasks.deliver_bulk",
}

COMPOSING = "notifications.tasks.compose_announcements"


def wake_announcements() -> None:
    """Ask a worker to look for announcements that are due. Never raises when the broker is away."""
    try:
        current_app.send_task(COMPOSING, queue="background", expires=60, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweep will compose.")


def wake_delivery(queue: str, *, workers: int = 1) -> None:
    """Ask `workers` workers (at most MAX_WORKERS) to deliver a queue. Never raises when the broker is away."""
    queue = Message.Queue(queue)
    try:
        for _ in range(min(workers, MAX_WORKERS)):
            current_app.send_task(TASKS[queue], queue=queue.value, expires=60, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweep will deliver.")
