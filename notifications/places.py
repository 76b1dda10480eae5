"""A time, a room and a title: what mails and calendars say of one session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from i18nfield.strings import LazyI18nString


@dataclass(frozen=True)
class Place:
    """A time, a room and a title, as they are or were. `room` may be unknown.

    `online` is where a place that holds now is joined online; of one that was, only `online_mark` is known.
    """

    start: datetime
    end: datetime
    room: LazyI18nString | str
    title: LazyI18nString | str
    room_id: int | None = None
    online: str = ""
    online_mark: str = ""
