"""Keeping written public feeds until the programme changes, and their events while they say the same.

A feed stays valid while the conference has no newer release and its journal no newer entry about the programme. Only
entries since the last look are read, so a busy hour of sign-ups costs nothing. MAX_AGE bounds how long an edit
without a journal entry (in the administration pages) stays unseen. A feed that is written again joins the events that
are kept with the few that have changed. Without its cache everything works, slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db import connection
from redis.exceptions import RedisError

from notifications.calendars.events import Keep
from notifications.calendars.files import etag
from notifications.mails.calendar_entries import Subscribed, Tag
from schedule.models import Conference

Kind = TypeVar("Kind")
logger = logging.getLogger(__name__)
MAX_AGE = 60
# After an update of the product, which may write the same state in other words, readers see it within this time.
KEEP_EVENTS = 3600
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


class Store:
    """The cache during one request: once it does not answer, it is not waited for a second time."""

    def __init__(self) -> None:
        self.is_away = False

    def get(self, key: str, kind: type[Kind]) -> Kind | None:
        """What is kept under a key, if it is of this kind."""
        found = self._got([key]).get(key)
        return found if isinstance(found, kind) else None

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the events that are kept."""
        found = self._got([_event_key(key) for key in keys])
        events = ((key, found.get(_event_key(key))) for key in keys)
        return {key: event for key, event in events if isinstance(event, bytes)}

    def set_many(self, events: Mapping[str, bytes]) -> None:
        """Keep events for KEEP_EVENTS seconds."""
        self.put({_event_key(key): event for key, event in events.items()}, KEEP_EVENTS)

    def put(self, values: Mapping[str, object], seconds: int) -> None:
        """Keep values for a time."""
        if self.is_away:
            return
        try:
            cache.set_many(dict(values), seconds)
        except RedisError:
            self._note()

    def _got(self, keys: list[str]) -> dict[str, object]:
        if self.is_away:
            return {}
        try:
            return cache.get_many(keys)
        except RedisError:
            self._note()
            return {}

    def _note(self) -> None:
        self.is_away = True
        logger.warning("The cache is away; feeds are written for every reader.")


def written_feed(conference: Conference, key: str, write: Callable[[Keep], Subscribed]) -> Written:
    """The feed kept under `key`, written anew when the programme has changed. One query when it is kept.

    `write` is given where its events are kept.
    """
    key = f"feed:{conference.pk}:{key}"
    store = Store()
    known = store.get(key, Known)
    release_id, seen, changed = _news(conference, known.seen if known else None)
    if known is not None and known.release_id == release_id and not changed:
        return Written(known.tag, partial(_body, store, key, known.tag, write))
    new = write(store)
    tag = Tag(etag(new.feed.body), new.modified)
    store.put({_body_key(key, tag): new.feed.body, key: Known(tag, release_id, seen)}, MAX_AGE)
    return Written(tag, lambda: new.feed.body)


def _body(store: Store, key: str, tag: Tag, write: Callable[[Keep], Subscribed]) -> bytes:
    """The kept body; written once more where the cache has dropped it, which gives the same bytes."""
    kept = store.get(_body_key(key, tag), bytes)
    return write(store).feed.body if kept is None else kept


def _body_key(key: str, tag: Tag) -> str:
    return f"{key}:{tag.etag}"


def _event_key(key: str) -> str:
    return f"event:{key}"


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
