"""Times and texts as mails say them. Weekdays and dates are computed here, in the conference's zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from i18nfield.strings import LazyI18nString

_WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ko": ("월", "화", "수", "목", "금", "토", "일"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Control characters, every line break, and the marks that turn the direction of the text after them.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+")


def page_language(language: str) -> str:
    """The language of our own words for a reader of `language`: one the product speaks."""
    base = language.partition("-")[0].lower()
    return base if base in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def one_line(text: str) -> str:
    """People's text as inert text of one line: it can neither end a header nor imitate a paragraph of ours."""
    return _NOT_IN_A_LINE.sub(" ", text).strip()


def text_in(value: LazyI18nString | str, language: str) -> str:
    """A text that exists in several languages, in the reader's, as one line."""
    return one_line(text_of(value, language))


def text_of(value: LazyI18nString | str, language: str) -> str:
    """A text that exists in several languages, in the reader's."""
    if isinstance(value, str):
        return value
    # It would switch languages for a text that is the same in all of them, and looks for others first.
    if isinstance(value.data, str):
        return value.data
    found = value.data.get(language) if isinstance(value.data, dict) else None
    return found or str(value.localize(language))


def day(moment: date, language: str) -> str:
    """A local date with its weekday: "Fri 15 September 2017", "2017년 9월 15일 (금)"."""
    if page_language(language) == "ko":
        return f"{moment.year}년 {moment.month}월 {moment.day}일 ({_WEEKDAYS['ko'][moment.weekday()]})"
    return f"{_WEEKDAYS['en'][moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant on the conference's clocks: "Fri 15 September 2017, 13:00 (Asia/Seoul)"."""
    local = instant.astimezone(zone)
    return f"{day(local, language)}{_between(language)}{local:%H:%M} ({zone.key})"


@lru_cache(maxsize=1024)  # what a session's mails say is the same for all who have a place in it
def span(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """From when to when: "Fri 15 September 2017, 13:00–15:30 (Asia/Seoul)"; past midnight the end has its date."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M}"
    if last.date() != first.date():
        until = f"{day(last, language)}{_between(language)}{until}"
    return f"{day(first, language)}{_between(language)}{first:%H:%M}–{until} ({zone.key})"


def clocks(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From when to when where the day is known: "13:00–15:30"."""
    return f"{start.astimezone(zone):%H:%M}–{end.astimezone(zone):%H:%M}"


def _between(language: str) -> str:
    return " " if page_language(language) == "ko" else ", "
