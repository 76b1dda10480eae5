"""A time, a room, a title and a venue: what mails and calendars say of one session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from i18nfield.strings import LazyI18nString


@dataclass(frozen=True)
class Place:
    """A time, a room, a title and a venue, as they are or were. `room` and `venue` may be unknown.

    `online` is where a place that holds now is joined online; of one that was, only `online_mark` is known.
    """

    start: datetime
    end: datetime
    room: LazyI18nString | str
    title: LazyI18nString | str
    room_id: int | None = None
    online: str = ""
    online_mark: str = ""
    venue: LazyI18nString | str = ""

    @property
    def state(self) -> tuple[object, ...]:
        """All that a calendar entry says of it, in every language: equal where nothing has changed."""
        words = (_words(self.room), _words(self.venue), _words(self.title))
        return (self.start, self.end, self.room_id, self.online_mark, *words)


def _words(text: LazyI18nString | str) -> object:
    return text.data if isinstance(text, LazyI18nString) else text
