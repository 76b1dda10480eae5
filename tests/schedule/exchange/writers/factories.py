"""A published programme made without a database."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from i18nfield.strings import LazyI18nString

from schedule.domain.programme.days import ProgrammeDays
from schedule.domain.published.disclosure import Standing
from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import (
    PublishedKind,
    PublishedPerson,
    PublishedRole,
    PublishedRoom,
    PublishedSession,
    PublishedText,
)

ZONE = ZoneInfo("Asia/Seoul")


def text(value: str) -> PublishedText:
    return PublishedText(LazyI18nString({"en": value}))


def session(
    code: str,
    title: str,
    start: str = "10:00",
    minutes: int = 60,
    room: PublishedRoom | None = None,
    abstract: str = "",
) -> PublishedSession:
    begins = datetime.fromisoformat(f"2027-03-27T{start}").replace(tzinfo=ZONE)
    person = PublishedPerson(uuid.uuid5(uuid.NAMESPACE_URL, f"{code}-person"), text(title), "")
    return PublishedSession(
        key=1,
        guid=uuid.uuid5(uuid.NAMESPACE_URL, code),
        number=uuid.uuid5(uuid.NAMESPACE_URL, code).int >> 97,
        code=code,
        url=f"https://plenary.example/forum/sessions/{code}/",
        standing=Standing.OPEN,
        signup="open",
        kind=PublishedKind("talk", text(title), is_break=False),
        title=text(title),
        abstract=text(abstract or title),
        start=begins,
        end=begins + timedelta(minutes=minutes),
        room=room or hall(),
        languages=("en",),
        interpretation_pairs=("ko-en",),
        sign_languages=(),
        caption_languages=(),
        hosts=(text(title),),
        roles=(PublishedRole(person, "speaker", "in-person"),),
    )


def hall(name: str = "Hall") -> PublishedRoom:
    return PublishedRoom(name.upper(), uuid.uuid5(uuid.NAMESPACE_URL, name), text(name), 100, (), 0)


def programme(sessions: Sequence[PublishedSession], name: str = "Forum") -> PublishedProgramme:
    rooms = {one.room.code: one.room for one in sessions}
    day = PublishedDay(
        1, date(2027, 3, 27), min(one.start for one in sessions), max(one.end for one in sessions), tuple(sessions)
    )
    return PublishedProgramme(
        slug="forum",
        name=text(name),
        theme=text(name),
        venue=text(name),
        sample_note=text(""),
        url="https://plenary.example/forum/",
        timezone="Asia/Seoul",
        languages=("en",),
        starts_on=date(2027, 3, 27),
        ends_on=date(2027, 3, 28),
        slot_minutes=15,
        number=1,
        published_at=datetime(2027, 1, 1, 12, tzinfo=ZONE),
        rooms=tuple(rooms.values()),
        days=(day,),
        hours={},
        calendar=ProgrammeDays(ZONE, date(2027, 3, 27), date(2027, 3, 28), ()),
    )
