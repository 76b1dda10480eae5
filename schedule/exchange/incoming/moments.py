"""Days, clocks and lengths as other programs and people write them. Each refuses what can be read in two ways."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from schedule.exchange.incoming.records import Gathering, HowToRead, Unreadable
from schedule.vocabulary.limits import LONGEST_SESSION
from values import instants

# Days of the week beside a date: "Fri 2027-07-02", "2.7.2027 (금)".
_WEEKDAYS: tuple[str, ...] = (
    "monday|mon|montag|mo|월요일|월",
    "tuesday|tue|tues|dienstag|di|화요일|화",
    "wednesday|wed|mittwoch|mi|수요일|수",
    "thursday|thu|thur|thurs|donnerstag|do|목요일|목",
    "friday|fri|freitag|fr|금요일|금",
    "saturday|sat|samstag|sonnabend|sa|토요일|토",
    "sunday|sun|sonntag|so|일요일|일",
)
_WEEKDAY = "|".join(sorted("|".join(_WEEKDAYS).split("|"), key=len, reverse=True))
_WEEKDAY_FIRST = re.compile(rf"({_WEEKDAY})\b[.,]?\s*(.*)\Z", re.IGNORECASE)
_WEEKDAY_LAST = re.compile(rf"(.*\d[.일]?)(?:,?\s+|\s*[(\[]\s*)({_WEEKDAY})\.?\s*[)\]]?\Z", re.IGNORECASE)
_STAMP = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*([+-]\d{2}:?\d{2})?)?\Z")
_MONTH_ALONE = re.compile(r"\d{4}[-./]\d{1,2}\Z|\d{1,2}[-./]\d{4}\Z|\d{4}년\s*\d{1,2}월\Z")
_DAY_OF_NO_YEAR = re.compile(r"\d{1,2}[-./]\s*\d{1,2}[-./]?\Z|\d{1,2}월\s*\d{1,2}일\Z")
_SHORT_YEAR = re.compile(r"\d{1,2}[-./]\s*\d{1,2}[-./]\s*\d{2}\Z")
_SPAN = re.compile(r"\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]m\s*)?(?:[-–—~]|to|bis|until)\s*\d{1,2}(?:[:.h]\d{2})?", re.I)
_HOUR_ALONE = re.compile(r"(\d{1,2})(?:\s*(?:h|uhr|시|[ap]m))?\Z", re.IGNORECASE)
_DAY_ALONE = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}(?:-?\d)?", re.ASCII)
_FRACTION = re.compile(r"\d{1,6}[.,]\d+\Z")
_ZONED = re.compile(
    r"\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]m\s*)?(?:Z|[A-Z]{3,5}|[+-]\d{2}:?\d{2}|(?:UTC|GMT)[+-]\d{1,2})\Z"
)
# As spreadsheets in Korean write a clock of twelve hours.
_KOREAN_HALVES = {"오전": "am", "오후": "pm"}
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m|uhr)?\Z", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})\.?\Z")
_KOREAN_DAY = re.compile(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일\Z")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\Z")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_LENGTH = re.compile(r"(?:(\d{1,6}):)?(\d{1,3}):(\d{2})(:00)?\Z")
_ISO_LENGTH = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:\d{1,6}S)?)?\Z")
_WORDED_LENGTH = re.compile(
    r"(?:(\d{1,6})\s*(?:h|hours?|시간))?\s*(?:(\d{1,6})\s*(?:m|min|mins|minutes?|minuten|분)?\.?)?\Z", re.I
)


def day_of(said: str) -> date:
    """A day. Day and month are told apart by the form (2027-07-02, 2.7.2027) or by a number above twelve; a day of the
    week beside them has to be that of the day."""
    written, weekday = _without_weekday(said.strip())
    found = _numbered_day(written, said)
    if weekday is not None and found.weekday() != weekday:
        raise Unreadable("other_weekday", said=said, day=f"{found:%Y-%m-%d}")
    return found


def _without_weekday(written: str) -> tuple[str, int | None]:
    """What is beside the name of a day of the week, and its number from Monday, which is 0."""
    first = _WEEKDAY_FIRST.match(written)
    if first:
        return first[2], _weekday(first[1])
    last = _WEEKDAY_LAST.match(written)
    return (last[1].strip(), _weekday(last[2])) if last else (written, None)


def _weekday(name: str) -> int:
    return next(number for number, names in enumerate(_WEEKDAYS) if name.casefold() in names.split("|"))


def _numbered_day(written: str, said: str) -> date:
    for form, order in ((_ISO_DAY, (1, 2, 3)), (_KOREAN_DAY, (1, 2, 3)), (_DOTTED_DAY, (3, 2, 1))):
        found = form.match(written)
        if found:
            return _day(said, *(int(found[n]) for n in order))
    slashed = _SLASHED_DAY.match(written)
    if slashed is None:
        raise Unreadable(_no_day(written), said=said)
    first, second, year = (int(one) for one in slashed.groups())
    if first <= 12 and second <= 12 and first != second:
        raise Unreadable("day_or_month", said=said)
    return _day(said, year, *((second, first) if first > 12 else (first, second)))


def _no_day(written: str) -> str:
    """Why something is no day, as a code."""
    if not written:
        return "weekday_alone"
    told = ((_MONTH_ALONE, "month_alone"), (_SHORT_YEAR, "short_year"), (_DAY_OF_NO_YEAR, "no_year"))
    return next((code for form, code in told if form.match(written)), "no_day")


def _day(said: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise Unreadable("no_such_day", said=said) from error
    if not instants.is_near(found):
        raise Unreadable("far_day", said=said)
    return found


def clock_of(said: str) -> time | timedelta:
    """A time of day; what is past 24:00 is told from midnight on."""
    written = said.strip()
    korean = next((half for word, half in _KOREAN_HALVES.items() if written.startswith(word)), "")
    found = _CLOCK.match(written[2:].strip() if korean else written)
    if found is None:
        raise Unreadable(_no_clock(written), said=said)
    hours, minutes, half = int(found[1]), int(found[2]), korean or (found[4] or "").lower().removesuffix("uhr")
    if minutes > 59 or int(found[3] or 0) > 59:
        raise Unreadable("minutes_past_59", said=said)
    if half and not 1 <= hours <= 12:
        raise Unreadable("half_of_no_clock", said=said)
    if hours > 47:
        raise Unreadable("clock_past_next_day", said=said)
    if half:
        hours = hours % 12 + (12 if half == "pm" else 0)
    return time(hours, minutes) if hours < 24 else timedelta(hours=hours, minutes=minutes)


def _no_clock(written: str) -> str:
    """Why something is no time of day, as a code."""
    if _SPAN.match(written):
        return "clock_span"
    if _ZONED.match(written):
        return "clock_with_zone"
    return "hour_alone" if _HOUR_ALONE.match(written) else "no_clock"


def minutes_of(said: str) -> int:
    """A length in minutes: 45, 0:45, 00:45:00, 1:00:00:00 (days first), PT45M, "45 min", "1 h 30"."""
    written = said.strip()
    minutes = _minutes(written)
    if minutes is None:
        raise Unreadable(_no_length(written), said=said)
    if not 1 <= minutes <= LONGEST_SESSION:
        raise Unreadable("length_out_of_range", said=said, most=LONGEST_SESSION)
    return minutes


def _no_length(written: str) -> str:
    """Why something is no length, as a code."""
    if re.match(r"[-−–]\s*\d", written):
        return "negative_length"
    if _FRACTION.match(written):
        return "part_of_a_minute"
    if _SPAN.match(written) and not _LENGTH.match(written):
        return "length_span"
    return "minutes_past_59" if _LENGTH.match(written) else "no_length"


def _minutes(written: str) -> int | None:
    if re.fullmatch(r"\d{1,6}(?:\.0+)?", written):
        return int(float(written))
    found = _LENGTH.match(written)
    if found:
        days, hours, minutes, seconds = found.groups()
        if days is not None and seconds is None and minutes == "00":  # 00:45:00 has no days, but seconds
            return int(days) * 60 + int(hours)
        return None if int(minutes) > 59 else (int(days or 0) * 24 + int(hours)) * 60 + int(minutes)
    found = _ISO_LENGTH.match(written)
    if found and any(found.groups()):
        days, hours, minutes = (int(one or 0) for one in found.groups())
        return (days * 24 + hours) * 60 + minutes
    found = _WORDED_LENGTH.match(written)
    if found and any(found.groups()):
        return int(found[1] or 0) * 60 + int(found[2] or 0)
    return None


def on_clocks(day: date, clock: time | timedelta, zone: tzinfo) -> datetime:
    """The instant of a day and a time on the conference's clocks. Refuses what the clocks jump over."""
    return _at(instants.naive(day, clock), zone)


def _at(shown: datetime, zone: tzinfo) -> datetime:
    try:
        return instants.at(shown, zone)
    except instants.SkippedByClocks as skipped:
        raise Unreadable("skipped", said=f"{shown:%Y-%m-%d %H:%M}", next=f"{skipped.next:%H:%M}") from skipped


def stamp_of(said: str) -> datetime:
    """A day and a time with or without an offset, as ISO 8601 writes them."""
    written = said.strip().replace(" ", "T", 1)
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable(_no_moment(said.strip()), said=said) from error
    if not instants.is_near(found):
        raise Unreadable("far_day", said=said)
    if _DAY_ALONE.fullmatch(written):
        raise Unreadable("day_alone", said=said)
    return found


def _no_moment(written: str) -> str:
    """Why something is no day and time, as a code."""
    found = _STAMP.match(written)
    if found is None:
        return "no_moment"
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return "no_such_day"
    if found[4] and int(found[4]) > 23:
        return "clock_past_its_day"
    if found[5] and int(found[5]) > 59:
        return "minutes_past_59"
    return "no_offset" if found[6] else "no_moment"


class Stamps:
    """Reads the stamps of one file. Where every one carries +00:00 though the clocks of the conference are elsewhere,
    they are probably local times; organizers are asked, and until they answer that is what is assumed."""

    def __init__(self, gathered: Gathering, written: list[str]) -> None:
        self._asked: HowToRead = gathered.asked
        self.zone = gathered.asked.zone
        found = [stamp for one in written if (stamp := _or_none(one)) is not None]
        self.are_suspect = bool(found) and all(
            stamp.tzinfo is not None
            and instants.offset_of(stamp) == timedelta()
            and instants.offset_of(stamp.astimezone(self._asked.zone)) != timedelta()
            for stamp in found
        )
        self.are_local = self.are_suspect and self._asked.stamps != "utc"
        if self.are_suspect:
            first = found[0]
            gathered.note(
                "stamps_local" if self.are_local else "stamps_utc",
                said=f"{first:%H:%M}",
                shown=f"{first.astimezone(self._asked.zone):%H:%M}",
            )

    def read(self, said: str) -> datetime:
        """The instant, on the conference's clocks."""
        found = stamp_of(said)
        if found.tzinfo is None or self.are_local:
            return _at(found.replace(tzinfo=None), self._asked.zone)
        return found.astimezone(UTC).astimezone(self._asked.zone)


def _or_none(said: str) -> datetime | None:
    try:
        return stamp_of(said)
    except Unreadable:
        return None
