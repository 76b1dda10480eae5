"""A time, a room, a title and a venue: what mails and calendars say of one session."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from i18nfield.strings import LazyI18nString

from registration.domain.signups.steps.on_offer import online_mark
from registration.models import SignUp
from schedule.models import ReleasedPlacement

Text: TypeAlias = "LazyI18nString | str"


@dataclass(frozen=True)
class CalendarPlace:
    """A time, a room, a title and a venue, as they are or were. `room` and `venue` may be unknown.

    `online` is where a place that holds now is joined online; of one that was, only what the journal kept of it is
    known, `old_mark`.
    """

    start: datetime
    end: datetime
    room: Text
    title: Text
    room_id: int | None = None
    online: str = ""
    old_mark: str = ""
    venue: Text = ""

    @property
    def online_mark(self) -> str:
        """What the journal keeps of the address to join online: enough to see that it changed."""
        return online_mark(self.online) or self.old_mark

    @property
    def state(self) -> tuple[object, ...]:
        """All that a calendar entry says of it, in every language: equal where nothing has changed."""
        texts = (self.room, self.venue, self.title)
        words = (text.data if isinstance(text, LazyI18nString) else text for text in texts)
        return (self.start, self.end, self.room_id, self.online_mark, *words)


def place_of(signup: SignUp, published: Mapping[int, ReleasedPlacement]) -> CalendarPlace | None:
    """Where and when a sign-up's place is or, if it is nowhere now, was last published. Reads `session`."""
    title, venue = signup.session.title, LazyI18nString(signup.venue)
    if signup.during is not None and signup.during.lower and signup.during.upper:
        room = LazyI18nString(signup.room_name)
        start, end = signup.during.lower, signup.during.upper
        return CalendarPlace(start, end, room, title, signup.room_id, online=signup.online_url, venue=venue)
    if last := published.get(signup.session_id):
        return CalendarPlace(last.start, last.end, last.room_name, title, last.room_id, venue=venue)
    return None


def place_before(
    old: Mapping[str, Any], now: CalendarPlace | None, title: Text, rooms: Mapping[int, Text]
) -> CalendarPlace:
    """What a changed place was, from what the journal entry about the change kept.

    `title` is the session's, and `rooms` the names of rooms by key: entries of programmes, and those from before
    names were kept, know only keys.
    """
    room = LazyI18nString(old["room_name"]) if "room_name" in old else rooms.get(old["room"], "")
    venue = LazyI18nString(old["venue"]) if "venue" in old else now.venue if now else ""
    return CalendarPlace(
        datetime.fromisoformat(old["start"]),
        datetime.fromisoformat(old["end"]),
        room,
        LazyI18nString(old["title"]) if old["title"] else title,
        old["room"],
        old_mark=old.get("online", ""),
        venue=venue,
    )


def last_published(sessions: Collection[int]) -> dict[int, ReleasedPlacement]:
    """For each of these sessions the placement of the newest release that had it. One query, or none."""
    if not sessions:
        return {}
    rows = ReleasedPlacement.objects.filter(session_id__in=sessions).order_by("session_id", "-release__number")
    return {row.session_id: row for row in rows.distinct("session_id")}
