"""Keeping written public feeds until the programme changes.

A feed stays valid while the conference has no newer release and its journal no newer entry about the programme. Only
entries since the last look are read, so a busy hour of sign-ups costs nothing. MAX_AGE bounds how long an edit
without a journal entry (in the administration pages) stays unseen. Without its cache everything works, slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from notifications.calendars.files import etag
from notifications.mails.calendar_entries import Subscribed, Tag
from schedule.models import Conference

Kind = TypeVar("Kind")
logger = logging.getLogger(__name__)
MAX_AGE = 60
_NEWS = """
SELECT (SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s),
       coalesce(max(id), %(seen)s),
       coalesce(bool_or(verb ~ '^(session|room|release|conference|programme)\\.'), false)
FROM journal_entry WHERE conference_id = %(conference)s AND id > %(seen)s
"""


@dataclass(frozen=True)
class Known:
    """What is kept of a feed beside its body: up to which release and journal entry it is known to be right."""

    tag: Tag
    release_id: int | None
    seen: int


@dataclass(frozen=True)
class Written:
    """A feed as it is sent. Its body is fetched only when it is asked for: most readers have it already."""

    tag: Tag
    body: Callable[[], bytes]


def written_feed(conference: Conference, key: str, write: Callable[[], Subscribed]) -> Written:
    """The feed kept under `key`, written anew when the programme has changed. One query when it is kept."""
    key = f"feed:{conference.pk}:{key}"
    known = _kept(key, Known)
    release_id, seen, changed = _news(conference, known.seen if known else None)
    if known is not None and known.release_id == release_id and not changed:
        return Written(known.tag, partial(_body, key, known.tag, write))
    new = write()
    tag = Tag(etag(new.feed.body), new.modified)
    try:
        cache.set(_body_key(key, tag), new.feed.body, MAX_AGE)
        cache.set(key, Known(tag, release_id, seen), MAX_AGE)
    except RedisError:
        logger.warning("The cache is away; feeds are written for every reader.")
    return Written(tag, lambda: new.feed.body)


def _body(key: str, tag: Tag, write: Callable[[], Subscribed]) -> bytes:
    """The kept body; written once more where the cache has dropped it, which gives the same bytes."""
    kept = _kept(_body_key(key, tag), bytes)
    return write().feed.body if kept is None else kept


def _body_key(key: str, tag: Tag) -> str:
    return f"{key}:{tag.etag}"


def _kept(key: str, kind: type[Kind]) -> Kind | None:
    try:
        found = cache.get(key)
    except RedisError:
        return None
    return found if isinstance(found, kind) else None


def _news(conference: Conference, seen: int | None) -> tuple[int | None, int, bool]:
    """The newest release, the newest journal entry, and whether one since `seen` concerns the programme."""
    with connection.cursor() as cursor:
        if seen is None:
            cursor.execute(
                "SELECT (SELECT max(id) FROM schedule_release WHERE conference_id = %(conference)s), "
                "coalesce((SELECT max(id) FROM journal_entry WHERE conference_id = %(conference)s), 0), true",
                {"conference": conference.pk},
            )
        else:
            cursor.execute(_NEWS, {"conference": conference.pk, "seen": seen})
        release_id, newest, changed = cursor.fetchone()
    return release_id, newest, changed
