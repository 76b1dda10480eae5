"""What is written of a programme and kept in the cache, for pages, files and feeds alike. Losing it loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

Kind = TypeVar("Kind")
logger = logging.getLogger(__name__)
# How long it is known since when something is what it is, in seconds.
REMEMBER = 7 * 24 * 3600


class Kept:
    """The cache during one request: once it does not answer, it is not waited for a second time."""

    def __init__(self) -> None:
        self.is_away = False

    def get(self, key: str, kind: type[Kind]) -> Kind | None:
        """What is kept under a key, if it is of this kind."""
        found = self.get_many([key]).get(key)
        return found if isinstance(found, kind) else None

    def get_many(self, keys: Collection[str]) -> dict[str, object]:
        """What is kept under these keys. One trip."""
        if self.is_away:
            return {}
        try:
            return cache.get_many(list(keys))
        except RedisError:
            self._note()
            return {}

    def put(self, values: Mapping[str, object], seconds: int) -> None:
        """Keep values for a time."""
        if self.is_away:
            return
        try:
            cache.set_many(dict(values), seconds)
        except RedisError:
            self._note()

    def _note(self) -> None:
        self.is_away = True
        logger.warning("The cache is away; what is shown of the programme is written for every reader.")


def unchanged_since(kept: Kept, key: str, state: str) -> datetime | None:
    """Since when what is sent under a key is what it is now, in whole seconds; None while the cache is away.

    No two states share a moment, so that whoever asks by the clock alone misses none: not the one before the last when
    it comes back, and not the second of two within a second, whose moment is then the next one. It is remembered for
    REMEMBER seconds.
    """
    now, name = timezone.now(), f"since:{key}"
    known = kept.get(name, tuple)
    if known is None or known[0] != state:
        second = now.replace(microsecond=0)
        known = (state, second if known is None else max(second, known[1] + timedelta(seconds=1)))
        kept.put({name: known}, REMEMBER)
    moment: datetime = known[1]
    return None if kept.is_away else moment


def kept_name(conference_id: int, *parts: object) -> str:
    """The key of something that is written of a conference. What is kept under no such key is never forgotten early."""
    return ":".join(map(str, (*_of(conference_id), *parts)))


def forget_after_commit(conference_id: int) -> None:
    """Take out of the cache all that was written of a conference, once something of it is hidden.

    No address leads to it any more, as the state it was written from is over; but it would lie there until its time is
    up. Where the cache is away, it does; none of it is kept for more than an hour. A process may
    remember entries of calendars that it has written lately; nobody is led to them either.
    """
    transaction.on_commit(lambda: _forget(conference_id))


def _forget(conference_id: int) -> None:
    try:
        cache.delete_beginning(":".join((*_of(conference_id), "")))  # type: ignore[attr-defined]  # our own backend
    except RedisError:
        logger.warning("The cache is away; what it keeps of the programme goes when its time is up.")


def _of(conference_id: int) -> tuple[str, str]:
    return "kept", str(conference_id)


def digest(*parts: object) -> str:
    """A name for what these parts decide; keyed, because keys and counts are nobody's business."""
    key = settings.SECRET_KEY.encode()[:64]
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16, key=key).hexdigest()
