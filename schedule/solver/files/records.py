"""Checked access to JSON records: every refusal names the record and the field."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schedule.solver.errors import FormatError

Source = Path | str

LONGEST = 366 * 24 * 60
"""The most minutes of anything, and the farthest from the origin that a time may lie. Lists of minutes are made."""

MOST = 1_000_000
"""The most of anything that is counted, such as seats."""

HEAVIEST = 100_000
HEAVIEST_WISH = 1_000
"""The most that one unit of a goal may cost, and that one wish may weigh.

With these the objective stays below 2 ** 63, which is as far as CP-SAT and the compiled loops can count. Its largest
sum is that of the clashes: 100,000 times 1,000 for each two wishes of one person, of which there would have to be 92
thousand million. That is a million people with 430 wishes each, whom no machine that this runs on can hold. A million
seats at 100,000 each leave room for 92 million choices of a room, and 366 days of one person's idle minutes for 170
million days of people.
"""

YEARS = range(1900, 3000)
"""Of an origin: at the ends of the calendar no time can be told in another zone."""


def load_json(source: Source) -> Any:
    """Read JSON from a path, or from text that starts like JSON. Raises FormatError, OSError for a missing file."""
    if isinstance(source, str) and source.lstrip()[:1] in {"{", "["}:
        text = source
    else:
        try:
            text = Path(source).read_text(encoding="utf-8-sig")  # some editors write a mark in front
        except UnicodeDecodeError as error:
            raise FormatError("file", "", f"is not UTF-8 text (byte {error.start})") from error
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError("file", "", f"is not JSON: {error.msg} at line {error.lineno}") from error
    except RecursionError as error:
        raise FormatError("file", "", "is nested too deeply") from error
    except ValueError as error:  # Python refuses to read thousands of digits
        raise FormatError("file", "", "has a number with too many digits") from error


class Record:
    """One JSON object with a name for messages. Methods return a checked value or raise FormatError."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise FormatError(where, "", "must be an object")
        self.value: dict[str, Any] = value
        self.where = where

    def fail(self, key: str, message: str) -> FormatError:
        return FormatError(self.where, key, message)

    def get(self, key: str) -> Any:
        if key not in self.value:
            raise self.fail(key, "is missing")
        return self.value[key]

    def only(self, known: Collection[str]) -> None:
        """Refuse fields that are not known here, such as misspelt ones."""
        for key in self.value:
            if key not in known:
                raise self.fail(key, "is not a field of this format version")

    def text(self, key: str, *, default: str | None = None) -> str:
        if default is not None and self.value.get(key) is None:
            return default
        value = self.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "must be text")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key)

    def integer(self, key: str, *, minimum: int = 0, maximum: int = MOST, default: int | None = None) -> int:
        if default is not None and key not in self.value:
            return default
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, f"must be a whole number, not {value!r}")
        if value < minimum:
            raise self.fail(key, f"must be at least {minimum}, not {shown(value)}")
        if value > maximum:
            raise self.fail(key, f"must be at most {maximum}, not {shown(value)}")
        return value

    def optional_integer(self, key: str, *, minimum: int = 0, maximum: int = MOST) -> int | None:
        return None if self.value.get(key) is None else self.integer(key, minimum=minimum, maximum=maximum)

    def minutes(self, key: str, *, minimum: int = 0, default: int | None = None) -> int:
        """A length, or a time after the origin."""
        return self.integer(key, minimum=minimum, maximum=LONGEST, default=default)

    def optional_minutes(self, key: str) -> int | None:
        return self.optional_integer(key, maximum=LONGEST)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        if default is not None and key not in self.value:
            return default
        value = self.get(key)
        if not isinstance(value, bool):
            raise self.fail(key, f"must be true or false, not {value!r}")
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.fail(key, f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def items(self, key: str, *, optional: bool = False) -> list[Any]:
        if optional and self.value.get(key) is None:
            return []
        value = self.get(key)
        if not isinstance(value, list):
            raise self.fail(key, "must be a list")
        return value

    def codes(self, key: str, *, known: Iterable[str] | None = None, what: str = "code") -> list[str]:
        """A list of different texts; with `known`, each must be one of them."""
        values = self.items(key, optional=True)
        allowed = None if known is None else set(known)
        for value in values:
            if not isinstance(value, str) or not value:
                raise self.fail(key, f"must be a list of texts, found {value!r}")
            if allowed is not None and value not in allowed:
                raise self.fail(key, f"unknown {what} {value!r}")
        if len(set(values)) != len(values):
            raise self.fail(key, "names the same entry twice")
        return values

    def record(self, key: str) -> Record:
        return Record(self.get(key), f"{self.where}: {key}")

    def texts(self, key: str, languages: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """(language, text) pairs of a {language: text} object; every one of `languages` must be there."""
        value = self.get(key)
        if not isinstance(value, dict):
            raise self.fail(key, "must be an object of texts by language")
        for language in languages:
            if not isinstance(value.get(language), str) or not value[language].strip():
                raise self.fail(f"{key}.{language}", "text is missing")
        return tuple((language, value[language]) for language in languages)

    def day(self, key: str) -> date:
        value = self.text(key)
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise self.fail(key, f"is not a date: {value!r}") from error


def shown(value: int) -> str:
    """A number as in a message, which thousands of digits would flood."""
    text = str(value)
    return text if len(text) <= 20 else f"{text[:8]}... ({len(text)} characters)"


def records(parent: Record, key: str, label: str, *, optional: bool = False) -> list[Record]:
    """The objects of a list, each named by its position and, once known, its code."""
    found = []
    for index, value in enumerate(parent.items(key, optional=optional)):
        code = value.get("code") if isinstance(value, dict) else None
        found.append(Record(value, f"{label} {code}" if isinstance(code, str) else f"{label} number {index + 1}"))
    return found


def groups(top: Record, key: str, sessions: Collection[str]) -> tuple[frozenset[str], ...]:
    """Lists of session codes; none where there is no such field."""
    found = []
    for index, codes in enumerate(top.items(key, optional=True)):
        holder = Record({"sessions": codes}, f"{key} number {index + 1}")
        found.append(frozenset(holder.codes("sessions", known=sessions, what="session")))
    return tuple(found)


def unique_codes(found: Iterable[Record]) -> list[str]:
    """The `code` of each record; refuses a code used twice."""
    seen: list[str] = []
    for record in found:
        code = record.text("code")
        if code in seen:
            raise record.fail("code", f"{code!r} is used twice")
        seen.append(code)
    return seen


class LocalClock:
    """Turns local dates and times of one zone into whole minutes from `origin` (elapsed time, safe across DST)."""

    def __init__(self, origin: datetime) -> None:
        self.origin = origin
        self.zone = origin.tzinfo

    def minute_of(self, moment: datetime) -> int:
        # Not moment - origin: between two times of one zone Python subtracts wall clocks, not elapsed time.
        return round(moment.timestamp() - self.origin.timestamp()) // 60

    def parse(self, record: Record, key: str) -> int:
        """A local date and time ("2017-09-14T13:00", an offset is allowed) as minutes from origin."""
        value = record.text(key)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise record.fail(key, f"is not a date and time: {value!r}") from error
        if "T" not in value:
            raise record.fail(key, f"lacks the time of day: {value!r}")
        self._near(record, key, moment)
        return self._minute(record, key, moment if moment.tzinfo else moment.replace(tzinfo=self.zone))

    def parse_optional(self, record: Record, key: str) -> int | None:
        return None if record.value.get(key) is None else self.parse(record, key)

    def parse_time(self, record: Record, key: str, day: date) -> int:
        """A time of day ("09:00", or "24:00" for the end of the day) on `day` as minutes from origin."""
        value = record.text(key)
        self._near(record, key, day)
        if value == "24:00":
            return self._minute(record, key, datetime.combine(day + timedelta(days=1), time(), self.zone))
        try:
            moment = time.fromisoformat(value)
        except ValueError as error:
            raise record.fail(key, f"is not a time of day: {value!r}") from error
        if moment.tzinfo is not None:
            raise record.fail(key, "must be a local time without an offset")
        return self._minute(record, key, datetime.combine(day, moment, self.zone))

    def _near(self, record: Record, key: str, day: date) -> None:
        """Refuse a year so far away that nothing needs to be worked out, nor can be at the ends of the calendar."""
        if abs(day.year - self.origin.year) > 1:
            raise self._far(record, key)

    def _far(self, record: Record, key: str) -> FormatError:
        return record.fail(key, f"is more than {LONGEST // (24 * 60)} days from the beginning, {self.origin.date()}")

    def _minute(self, record: Record, key: str, moment: datetime) -> int:
        if moment.second or moment.microsecond:
            raise record.fail(key, "must be a whole minute")
        there_and_back = datetime.fromtimestamp(moment.timestamp(), moment.tzinfo)
        if there_and_back.replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise record.fail(key, "does not exist: the clock is put forward over it")
        minute = self.minute_of(moment)
        if abs(minute) > LONGEST:
            raise self._far(record, key)
        return minute

    def local(self, minute: int) -> datetime:
        """The aware local time `minute` minutes after the origin."""
        return datetime.fromtimestamp(self.origin.timestamp() + 60 * minute, self.zone)


def check_year(record: Record, key: str, day: date) -> None:
    """Refuse the year of an origin that cannot be told in every zone."""
    if day.year not in YEARS:
        raise record.fail(key, f"must be in the years {YEARS[0]} to {YEARS[-1]}, not {day.year}")


def zone(record: Record, key: str) -> ZoneInfo:
    """An IANA zone by name."""
    name = record.text(key)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise record.fail(key, f"is not a known time zone: {name!r}") from error
