"""Whether the mail server takes addresses with letters of any script before the @ (SMTPUTF8, RFC 6531).

The server says so each time it is greeted. What it said last is kept in Redis, for a while: registering asks for it and
must not wait for the server. While nobody knows, such an address is refused, as a mail to it could not be sent.
"""

from __future__ import annotations

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
KEY = "notifications.mail_server.smtputf8"
# Seconds. What was said is asked for again after the first, and means nothing any more after the second.
ASK_AFTER, KNOWN_FOR = 600, 3600


def note(*, utf8: bool) -> None:
    """Keep whether the server offered it just now. Without Redis nothing is kept, and sending goes on."""
    try:
        cache.set(KEY, (utf8, time.time()), KNOWN_FOR)
    except RedisError as error:
        logger.warning("What the mail server offers cannot be kept: %s", error)


def takes_any_letters() -> bool:
    """Whether a mail to an address with other letters than ASCII before the @ can be sent, as far as is known."""
    known = _known()
    return known is not None and known[0]


def is_due() -> bool:
    """Whether the server should be asked: nobody knows, or what is known is getting old."""
    known = _known()
    return known is None or time.time() - known[1] > ASK_AFTER


def _known() -> tuple[bool, float] | None:
    try:
        found: tuple[bool, float] | None = cache.get(KEY)
    except RedisError as error:
        logger.warning("What the mail server offers cannot be looked up: %s", error)
        return None
    return found
