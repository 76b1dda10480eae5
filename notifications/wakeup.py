"""Waking whoever delivers. Only a wake-up: when it is lost, the periodic sweep does the same work."""

from __future__ import annotations

import logging

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.models import Message

logger = logging.getLogger(__name__)
MAX_WORKERS = 4
TASKS = {
    Message.Queue.URGENT: "notifications.tasks.deliver_urgent",
    Message.Queue.BULK: "notifications.tasks.deliver_bulk",
    Message.Queue.BACKGROUND: "notifications.tasks.deliver_background",
}
# A provider's limit is looked at again this often at most, and not later than the sweep would.
SHORTEST_WAIT, LONGEST_WAIT = 0.5, 5.0

COMPOSING = "notifications.tasks.compose_announcements"


def wake_announcements() -> None:
    """Ask a worker to look for announcements that are due. Never raises when the broker is away."""
    try:
        current_app.send_task(COMPOSING, queue="background", expires=60, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweep will compose.")


def wake_delivery(queue: str, *, workers: int = 1) -> None:
    """Ask `workers` workers (at most MAX_WORKERS) to deliver a queue. Never raises when the broker is away or full."""
    queue = Message.Queue(queue)
    try:
        for _ in range(min(workers, MAX_WORKERS)):
            current_app.send_task(TASKS[queue], queue=queue.value, expires=60, ignore_result=True)
    except (OperationalError, RedisError):
        logger.warning("The broker is away; the sweep will deliver.")


def wake_later(queue: str, seconds: float) -> None:
    """Ask one worker to deliver a queue in a while, unless one was asked already. Never raises, as above."""
    queue = Message.Queue(queue)
    seconds = min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
    try:
        if cache.add(f"delivery.wake-up.{queue.value}", 1, timeout=seconds):
            current_app.send_task(
                TASKS[queue], queue=queue.value, countdown=seconds, expires=seconds + 60, ignore_result=True
            )
    except (OperationalError, RedisError):
        logger.warning("The broker is away; the sweep will deliver.")
