"""schedule.txt: the programme for a terminal, day by day in order of time, in lines of 80 columns.

A terminal draws letters of East Asia in two columns and marks in none (UAX #11, and what wcwidth does with it), so
columns are counted, not characters. What people wrote is text: whatever a terminal would obey, or that turns the
direction of what stands behind it, is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from schedule.domain.published.programme import PublishedDay, PublishedProgramme
from schedule.domain.published.values import PublishedSession
from schedule.exchange.writers.wording import about
from schedule.exchange.writers.wording import span as span_of

WIDTH = 80
# Under a time stands what belongs to it.
INDENT = 13
# C0 and C1 control characters (ECMA-48), line separators, marks and overrides of direction, tags.
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_WIDE = frozenset("WF")
_NONE = frozenset(("Mn", "Me", "Cf"))
# Vowels and finals that join the syllable before them (UAX #11, 5.2 and Hangul syllable types).
_JOINING_JAMO = range(0x1160, 0x1200)


def schedule_txt(programme: PublishedProgramme, language: str) -> bytes:
    """The days of the programme. The same bytes for the same programme."""
    with override(language):
        lines = [*_head(programme, language)]
        for day in programme.days:
            lines += _day(day, language)
        if not programme.days:
            lines += ["", _("Nothing is on.")]
        lines += ["", *wrapped(programme.url, WIDTH)]
    return ("\n".join(lines) + "\n").encode()


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns_of(letter) for letter in text)


def shown(text: str) -> str:
    """A text on one line, of what a terminal shows and does not obey."""
    return unicodedata.normalize("NFC", " ".join(_OBEYED.sub(" ", text).split()))


def wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` columns, broken at blanks; within words only where one is longer than a line."""
    line, used = "", 0
    for word in shown(text).split(" "):
        size = columns(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            yield line
        *full, line = _cut(word, width)
        yield from full
        used = columns(line)
    if line:
        yield line


def _cut(word: str, width: int) -> list[str]:
    parts, used = [""], 0
    for letter in word:
        size = _columns_of(letter)
        if used + size > width:
            parts.append("")
            used = 0
        parts[-1] += letter
        used += size
    return parts


def _columns_of(letter: str) -> int:
    if unicodedata.category(letter) in _NONE or ord(letter) in _JOINING_JAMO:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in _WIDE else 1


def _head(programme: PublishedProgramme, language: str) -> Iterator[str]:
    yield from _underlined(programme.name.in_language(language) or programme.slug, "=")
    first, last = (date_format(day, _("j F Y")) for day in (programme.starts_on, programme.ends_on))
    facts = [first if first == last else f"{first} – {last}", programme.venue.in_language(language)]
    release = _("Release %(number)d of %(time)s") % {
        "number": programme.number,
        "time": f"{programme.published_at:%Y-%m-%d %H:%M}",
    }
    zone = _("all times in the zone %(zone)s") % {"zone": programme.timezone}
    for text in (
        programme.theme.in_language(language),
        " · ".join(filter(None, facts)),
        f"{zone} · {release}",
        programme.sample_note.in_language(language),
    ):
        yield from wrapped(text, WIDTH)


def _day(day: PublishedDay, language: str) -> Iterator[str]:
    yield ""
    yield from _underlined(date_format(day.date, _("l, j F Y")), "-")
    for session in day.sessions:
        yield ""
        yield from _session(session, language)


def _underlined(text: str, mark: str) -> Iterator[str]:
    lines = list(wrapped(text, WIDTH))
    yield from lines
    yield mark * max(map(columns, lines), default=0)


def _session(session: PublishedSession, language: str) -> Iterator[str]:
    span = shown(span_of(session))
    title = list(wrapped(session.title.in_language(language), WIDTH - INDENT)) or [session.code]
    if columns(span) < INDENT - 1:
        yield span + " " * (INDENT - columns(span)) + title.pop(0)
    else:  # the end is on another day, and says so
        yield span
    for line in title:
        yield " " * INDENT + line
    people = ", ".join(person.name.in_language(language) for person in session.people)
    hosts = ", ".join(host.in_language(language) for host in session.hosts)
    for text in (
        session.room.name.in_language(language),
        " · ".join([*about(session, language), f"[{session.code}]"]),
        people,
        hosts,
    ):
        for line in wrapped(text, WIDTH - INDENT):
            yield " " * INDENT + line
