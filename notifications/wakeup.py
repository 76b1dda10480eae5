"""Waking whoever delivers. Only a wake-up: when it is lost, the periodic sweep does the same work."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

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
WEBHOOKS = "notifications.tasks.send_webhooks"


def wake_announcements() -> None:
    """Ask a worker to look for announcements that are due. Never raises when the broker is away."""
    try:
        current_app.send_task(COMPOSING, queue="background", expires=60, ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweep will compose.")


def wake_webhooks() -> None:
    """Ask a worker to send webhooks that are due. Never raises when the broker is away."""
    try:
        current_app.send_task(WEBHOOKS, queue="outside", expires=60, ignore_result=True)
    except (OperationalError, RedisError):
        logger.warning("The broker is away; the sweep will send webhooks.")


@contextmanager
def alone(name: str, *, seconds: int) -> Iterator[bool]:
    """Whether nobody else is at this work; if so, others are told until the block ends, or for `seconds`.

    Saves workers, not correctness: when the cache is away, everybody may be at it.
    """
    try:
        first = cache.add(name, 1, timeout=seconds)
    except RedisError:
        yield True
        return
    try:
        yield first
    finally:
        if first:
            _forget(name)


def _forget(name: str) -> None:
    try:
        cache.delete(name)
    except RedisError:
        logger.warning("The cache is away; %s is free again when its time is over.", name)


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
