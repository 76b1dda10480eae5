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
        cache.add(name, 0, WINDOW_SECONDS)
        return int(cache.incr(name)) <= FETCHES
    except ValueError:  # ran out between the two calls: a new window has begun
        return True
    except RedisError:
        logger.warning("The cache is away; calendars are served without a limit.")
        return True
