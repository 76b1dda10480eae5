"""What the two programme formats of the frab family share (c3voc's JSON schema and XML schema, read by schedule apps).

A length is written hours:minutes, and nobody agrees how more than a day is written: c3voc's JSON schema takes "48:00"
alone, its XML schema "2:00:00" as well; some apps read hours as those of a clock, take 24:00 for nothing and fail at
48:00, others read "1:00:00" as an hour. So a session of 24 hours or more stands there in parts, each shorter than that
and under its own day, named "(1/3)"; the first has the session's own guid and id.

Both take one language per file. Neither has a place for hosts or interpretation, which matter to those who come, so
these stand in the description.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from i18nfield.strings import LazyI18nString

from schedule.domain.programme.ends import DAY_MINUTES
from schedule.domain.programme.names import interpretation_name, sign_language_name
from schedule.domain.published.programme import PublishedDay, PublishedProgramme, day_of, with_own_numbers
from schedule.domain.published.values import PublishedSession, published_text
from schedule.vocabulary.languages import language_name
from values.instants import after, midnight, minutes_between, seconds_between

GENERATOR = "Plenary"


def acronym(programme: PublishedProgramme) -> str:
    """The slug as both schemas take it: no hyphens (JSON), at least four characters."""
    return programme.slug.lower().replace("-", "").ljust(4, "_")


def slug(programme: PublishedProgramme, session: PublishedSession) -> str:
    """Unique within the file: codes may differ in their case only, and the schemas want small letters."""
    return f"{acronym(programme)}-{session.code.lower()}-{session.guid.hex[:6]}"


def days(programme: PublishedProgramme) -> list[PublishedDay]:
    """The days as both formats list them: sessions of a day or more in parts, each under the day it starts on."""
    if all(session.minutes < DAY_MINUTES for session in programme.sessions):
        return list(programme.days)
    parts = with_own_numbers([part for session in programme.sessions for part in _parts(session)])
    listed = programme.calendar.by_day(sorted(parts, key=lambda part: part.start.astimezone(UTC)))
    return [day_of(programme.starts_on, day, programme.hours.get(day), listed[day]) for day in sorted(listed)]


def _parts(session: PublishedSession) -> list[PublishedSession]:
    """The session, cut at midnights, and at noon where a piece would still be a day long."""
    if session.minutes < DAY_MINUTES:
        return [session]
    zone = session.start.tzinfo or UTC
    days_ = range((session.end.date() - session.start.date()).days + 1)
    cuts = [midnight(session.start.date() + timedelta(days=number), zone) for number in days_]
    cuts = [cut for cut in cuts if seconds_between(session.start, cut) > 0 and seconds_between(cut, session.end) > 0]
    ends = [session.start, *cuts, session.end]
    pieces = []
    for start, end in pairwise(ends):
        noon = after(start, DAY_MINUTES // 2)
        pieces += [(start, noon), (noon, end)] if minutes_between(start, end) >= DAY_MINUTES else [(start, end)]
    return [
        session if len(pieces) == 1 else _part(session, number, len(pieces), start, end)
        for number, (start, end) in enumerate(pieces, 1)
    ]


def _part(session: PublishedSession, number: int, count: int, start: datetime, end: datetime) -> PublishedSession:
    guid = session.guid if number == 1 else uuid.uuid5(session.guid, f"part {number}")
    data = session.title.source.data
    versions = data if isinstance(data, dict) else {"": data}
    named = {language: f"{text} ({number}/{count})" for language, text in versions.items() if text}
    title = published_text(LazyI18nString(named if isinstance(data, dict) else named.get("", "")))
    own = session.number if number == 1 else guid.int >> 97
    return replace(session, guid=guid, number=own, title=title, start=start, end=end)


def clock(minutes: int) -> str:
    """A length as hours:minutes."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def languages(session: PublishedSession) -> str:
    """Several languages of one session in their order: "ko, en"."""
    return ", ".join(session.languages)


def track(session: PublishedSession, language: str) -> str:
    """The session's theme; where everybody is shown none, its kind, so that apps which colour by track still can."""
    return (session.theme.name if session.theme else session.kind.name).in_language(language)


def description(session: PublishedSession, language: str) -> str:
    """Hosts and access, one line each, in words."""
    with override(language):
        return _described(session, language)


def _described(session: PublishedSession, language: str) -> str:
    values = (
        (gettext_noop("Hosts"), [host.in_language(language) for host in session.hosts]),
        (gettext_noop("Interpretation"), [interpretation_name(pair) for pair in session.interpretation_pairs]),
        (gettext_noop("Sign language"), [sign_language_name(code) for code in session.sign_languages]),
        (gettext_noop("Captions"), [language_name(code) for code in session.caption_languages]),
    )
    return "\n".join(f"{_(label)}: {', '.join(value)}" for label, value in values if value)
