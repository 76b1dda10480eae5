"""Keeping written public feeds until the programme changes, and their events while they say the same.

A feed stays valid while the programme does (`schedule.domain.timetables.revision`): a busy hour of sign-ups costs
nothing. MAX_AGE bounds how long it is kept for nobody. A feed that is written again joins the events that are kept with
the few that have changed. Without its cache everything works, slower.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from notifications.calendars.events import Keep
from notifications.calendars.files import etag
from notifications.mails.calendar_entries import Subscribed, Tag
from schedule.domain.timetables.kept import Kept, digest, kept_name, unchanged_since
from schedule.domain.timetables.revision import programme_state
from schedule.models import Conference

MAX_AGE = 60
# After an update of the product, which may write the same state in other words, readers see it within this time.
KEEP_EVENTS = 3600


@dataclass(frozen=True)
class Known:
    """What is kept of a feed beside its body: in which state of the programme it is known to be right."""

    tag: Tag
    programme: str


@dataclass(frozen=True)
class Written:
    """A feed as it is sent. Its body, with its tag, is fetched only when asked for: most readers have it already.

    `packed` is the body in another coding, which the given function makes of it once for all readers.
    """

    tag: Tag
    body: Callable[[], tuple[bytes, Tag]]
    packed: Callable[[Callable[[bytes], bytes]], tuple[bytes, Tag]]


class KeptEvents:
    """Events that were written before, by what they say."""

    def __init__(self, kept: Kept, conference: Conference) -> None:
        self._kept, self._conference_id = kept, conference.pk

    def get_many(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those of the events that are kept."""
        found = self._kept.get_many([self._name(key) for key in keys])
        events = ((key, found.get(self._name(key))) for key in keys)
        return {key: event for key, event in events if isinstance(event, bytes)}

    def set_many(self, events: Mapping[str, bytes]) -> None:
        """Keep events for KEEP_EVENTS seconds."""
        self._kept.put({self._name(key): event for key, event in events.items()}, KEEP_EVENTS)

    def _name(self, key: str) -> str:
        return kept_name(self._conference_id, "event", key)


def written_feed(conference: Conference, key: str, write: Callable[[Keep], Subscribed]) -> Written:
    """The feed kept under `key`, written anew when the programme has changed. One query when it is kept.

    `write` is given where its events are kept.
    """
    key = kept_name(conference.pk, "feed", digest(key))  # of one length, whatever a reader asks for
    kept = Kept()
    written = partial(_written, kept, key, KeptEvents(kept, conference), write)
    known = kept.get(key, Known)
    # Asked before anything is read: what is committed meanwhile has the feed written once more.
    programme = programme_state(conference)
    if known is not None and known.programme == programme:
        whole = partial(_body, kept, key, known.tag, written)
        return Written(known.tag, whole, partial(_packed, kept, key, known.tag, whole))
    body, tag = written()
    kept.put({_body_key(key, tag): body, key: Known(tag, programme)}, MAX_AGE)
    return Written(tag, lambda: (body, tag), partial(_packed, kept, key, tag, lambda: (body, tag)))


def _body(kept: Kept, key: str, tag: Tag, written: Callable[[], tuple[bytes, Tag]]) -> tuple[bytes, Tag]:
    """The kept body; written once more where the cache has dropped it, with the tag that it then has."""
    body = kept.get(_body_key(key, tag), bytes)
    return written() if body is None else (body, tag)


def _packed(
    kept: Kept, key: str, tag: Tag, whole: Callable[[], tuple[bytes, Tag]], pack: Callable[[bytes], bytes]
) -> tuple[bytes, Tag]:
    """The kept packed body; packed, and kept, where nobody has asked for it yet."""
    known = kept.get(_packed_key(key, tag), bytes)
    if known is not None:
        return known, tag
    body, tag = whole()
    small = pack(body)
    kept.put({_packed_key(key, tag): small}, MAX_AGE)
    return small, tag


def _written(kept: Kept, key: str, events: KeptEvents, write: Callable[[Keep], Subscribed]) -> tuple[bytes, Tag]:
    body = write(events).feed.body
    name = etag(body)
    return body, Tag(name, unchanged_since(kept, key, name))


def _body_key(key: str, tag: Tag) -> str:
    return f"{key}:{tag.etag}"


def _packed_key(key: str, tag: Tag) -> str:
    return f"{_body_key(key, tag)}:packed"
