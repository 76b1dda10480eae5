"""Keeping written public feeds until the programme changes.

A feed stays valid while the programme does (`schedule.domain.timetables.revision`): a busy hour of sign-ups costs nothing. MAX_AGE bounds
how long it is kept for nobody. Without its cache everything works, slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from redis.exceptions import RedisError

from notifications.calendars.files import etag
from notifications.mails.calendar_entries import Subscribed, Tag
from schedule.domain.timetables.revision import revision_of
from schedule.models import Conference

Kind = TypeVar("Kind")
logger = logging.getLogger(__name__)
MAX_AGE = 60


@dataclass(frozen=True)
class Known:
    """What is kept of a feed beside its body: in which state of the programme it is known to be right."""

    tag: Tag
    programme: str


@dataclass(frozen=True)
class Written:
    """A feed as it is sent. Its body, with its tag, is fetched only when asked for: most readers have it already."""

    tag: Tag
    body: Callable[[], tuple[bytes, Tag]]


def written_feed(conference: Conference, key: str, write: Callable[[], Subscribed]) -> Written:
    """The feed kept under `key`, written anew when the programme has changed. One query when it is kept."""
    key = f"feed:{conference.pk}:{key}"
    known = _kept(key, Known)
    # Asked before anything is read: what is committed meanwhile has the feed written once more.
    programme = revision_of(conference).of_programme
    if known is not None and known.programme == programme:
        return Written(known.tag, partial(_body, key, known.tag, write))
    body, tag = _written(write)
    try:
        cache.set(_body_key(key, tag), body, MAX_AGE)
        cache.set(key, Known(tag, programme), MAX_AGE)
    except RedisError:
        logger.warning("The cache is away; feeds are written for every reader.")
    return Written(tag, lambda: (body, tag))


def _body(key: str, tag: Tag, write: Callable[[], Subscribed]) -> tuple[bytes, Tag]:
    """The kept body; written once more where the cache has dropped it, with the tag that it then has."""
    kept = _kept(_body_key(key, tag), bytes)
    return _written(write) if kept is None else (kept, tag)


def _written(write: Callable[[], Subscribed]) -> tuple[bytes, Tag]:
    new = write()
    return new.feed.body, Tag(etag(new.feed.body), new.modified)


def _body_key(key: str, tag: Tag) -> str:
    return f"{key}:{tag.etag}"


def _kept(key: str, kind: type[Kind]) -> Kind | None:
    try:
        found = cache.get(key)
    except RedisError:
        return None
    return found if isinstance(found, kind) else None
