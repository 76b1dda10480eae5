"""How often a calendar may be fetched. Counted in the cache; when that is away, everybody is let in."""

from __future__ import annotations

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
FETCHES = 60
WINDOW_SECONDS = 300


def may_fetch(key: str) -> bool:
    """Count one fetch; False once there have been more than FETCHES within WINDOW_SECONDS."""
    name = f"fetches:{key}"
    try:
        return int(cache.incr(name)) <= FETCHES
    except ValueError:  # the first in its window
        return _begin(name)
    except RedisError:
        return _unlimited()


def _begin(name: str) -> bool:
    try:
        cache.add(name, 1, WINDOW_SECONDS)
    except RedisError:
        return _unlimited()
    return True


def _unlimited() -> bool:
    logger.warning("The cache is away; calendars are served without a limit.")
    return True
