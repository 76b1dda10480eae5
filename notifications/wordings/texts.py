"""Times and texts as mails say them. Weekdays and dates are computed here, in the conference's zone."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.conf import settings
from django.utils.translation import override, pgettext
from i18nfield.strings import LazyI18nString

from schedule.domain.programme.ends import end_in_words
from schedule.vocabulary.languages import locale_of

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
    spoken = page_language(language)
    with override(spoken):
        # A pattern of CLDR (UTS 35, date format patterns).
        pattern = pgettext("day in a mail", "EEE d MMMM y")
    return format_date(moment, pattern, locale=locale_of(spoken))


def days(first: date, last: date, language: str) -> str:
    """The days from the first to the last, in words."""
    return day(first, language) if first == last else f"{day(first, language)} – {day(last, language)}"


def moment(instant: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant on the conference's clocks: "Fri 15 September 2017, 13:00 (Asia/Seoul)"."""
    return f"{_on_clocks(instant.astimezone(zone), language)} ({zone.key})"


@lru_cache(maxsize=1024)  # what a session's mails say is the same for all who have a place in it
def span(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """From when to when: "Fri 15 September 2017, 13:00–15:30 (Asia/Seoul)"; past midnight the end has its date."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = f"{last:%H:%M}" if last.date() == first.date() else _on_clocks(last, language)
    return f"{_on_clocks(first, language)}–{until} ({zone.key})"


def clocks(start: datetime, end: datetime, zone: ZoneInfo, language: str) -> str:
    """From when to when where the day is known: "13:00–15:30"; the end of what lasts a day or more has its own."""
    with override(page_language(language)):
        return f"{start.astimezone(zone):%H:%M}–{end_in_words(start, end.astimezone(zone))}"


def _on_clocks(local: datetime, language: str) -> str:
    with override(page_language(language)):
        pattern = pgettext("moment in a mail", "{day}, {time}")
    return pattern.format(day=day(local, language), time=f"{local:%H:%M}")
