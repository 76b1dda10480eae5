"""Checked reading of JSON records.

A field that is wrong adds a problem and gives a harmless value of the right type, so that reading goes on and finds
all problems; whoever reads must look at `Findings.problems` before using anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from schedule.exchange.readers.refusals import Problem

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
# Above this, a count of seats, people or minutes is a slip of the hand.
MAX_COUNT = 1_000_000
# What PostgreSQL keeps in a smallint.
MAX_SMALL = 32_767
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:00)?\Z")


@dataclass
class Findings:
    """What was found so far. Problems stop the import, warnings do not."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class Record:
    """One JSON object of the file and its place there, for messages."""

    def __init__(self, value: Any, where: str, findings: Findings) -> None:
        self.where = where
        self.findings = findings
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self._is_object = True
        if not isinstance(value, dict):
            self.wrong("", _("This must be an object."), _("Write {…} with its fields."))
            self._is_object = False

    def wrong(self, key: str, what: str, mend: str) -> None:
        """Add a problem. What is no object at all has said so; that its fields are missing is no news."""
        if self._is_object:
            self.findings.problems.append(Problem(self.where, key, what, mend))

    def warn(self, key: str, what: str, mend: str) -> None:
        self.findings.warnings.append(Problem(self.where, key, what, mend))

    def has(self, key: str) -> bool:
        return self.value.get(key) is not None

    def _get(self, key: str) -> Any:
        if not self.has(key):
            self.wrong(key, _("This is missing."), _("Add it."))
            return None
        return self.value[key]

    def only(self, known: Collection[str]) -> None:
        """Warn of fields nobody reads; one may be a known field misspelt."""
        for key in self.value:
            if key not in known:
                self.warn(key[:60], _("This field is not known and was left out."), _("Check its spelling."))

    def record(self, key: str) -> Record:
        """The object under `key`; an empty one when it is missing."""
        return Record({} if self.value.get(key) is None else self.value[key], self._sub(key), self.findings)

    def _sub(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def records(self, key: str, *, required: bool = True) -> list[Record]:
        """The objects of the list under `key`, each named by its position and, if it has one, its code."""
        found = []
        for index, value in enumerate(self.items(key, required=required)):
            code = value.get("code") if isinstance(value, dict) else None
            label = f" ({code})" if isinstance(code, str) and CODE.match(code) else ""
            found.append(Record(value, f"{self._sub(key)}[{index}]{label}", self.findings))
        return found

    def items(self, key: str, *, required: bool = False) -> list[Any]:
        if not required and not self.has(key):
            return []
        value = self._get(key)
        if value is None or isinstance(value, list):
            return value or []
        self.wrong(key, _("This must be a list."), _("Write […]."))
        return []

    def text(self, key: str, *, longest: int, required: bool = True) -> str:
        value = self._get(key) if required else self.value.get(key)
        if value is None:
            return ""
        return self._clean(key, value, longest=longest, required=required)

    def _clean(self, key: str, value: Any, *, longest: int, required: bool, lines: bool = False) -> str:
        if not isinstance(value, str):
            self.wrong(key, _("This must be text, not %(value)s.") % {"value": _shown(value)}, _("Put it in quotes."))
            return ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and not (lines and c in "\n\t") for c in value):
            self.wrong(
                key, _("This has characters that cannot be shown."), _("Remove line breaks and control characters.")
            )
            return ""
        text = value.strip()
        if required and not text:
            self.wrong(key, _("This is empty."), _("Write the text."))
        if len(text) > longest:
            self.wrong(
                key,
                _("This has %(length)d characters; there is room for %(longest)d.")
                % {"length": len(text), "longest": longest},
                _("Shorten it."),
            )
        return text

    def texts(
        self, key: str, languages: Sequence[str], *, longest: int, required: bool = True, lines: bool = False
    ) -> dict[str, str]:
        """{language: text}. With `required` each of `languages` must have one; otherwise a gap is a warning."""
        if not required and not self.has(key):
            return {}
        value = self._get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(
                key,
                _("This must be an object with one text per language, not %(value)s.") % {"value": _shown(value)},
                _("Write {“%(language)s”: “…”}.") % {"language": languages[0] if languages else "en"},
            )
            return {}
        found = {}
        for language, text in value.items():
            if language not in languages:
                self.warn(
                    f"{key}.{language[:20]}",
                    _("“%(language)s” is not a language of this conference; the text was left out.")
                    % {"language": language[:20]},
                    _("Add it to the languages of the conference."),
                )
            elif text is not None:
                found[language] = self._clean(
                    f"{key}.{language}", text, longest=longest, required=required, lines=lines
                )
        for language in languages:
            if language not in found:
                say = self.wrong if required else self.warn
                say(
                    f"{key}.{language}",
                    _("The text in the language “%(language)s” is missing.") % {"language": language},
                    _("Add it, or take the language from the conference."),
                )
        return {language: text for language, text in found.items() if text}

    def integer(self, key: str, *, least: int = 0, most: int = MAX_COUNT, default: int | None = None) -> int:
        if default is not None and not self.has(key):
            return default
        found = self.optional_integer(key, least=least, most=most, required=True)
        return least if found is None else found

    def optional_integer(
        self, key: str, *, least: int = 0, most: int = MAX_COUNT, required: bool = False
    ) -> int | None:
        value = self._get(key) if required else self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(
                key, _("This must be a whole number, not %(value)s.") % {"value": _shown(value)}, _("Correct it.")
            )
            return None
        if not least <= value <= most:
            self.wrong(
                key,
                _("This is %(value)s; it must be from %(least)d to %(most)d.")
                % {"value": _shown(value), "least": least, "most": most},
                _("Correct the number."),
            )
            return None
        return value

    def flag(self, key: str) -> bool:
        value = self.value.get(key, False)
        if not isinstance(value, bool):
            self.wrong(
                key,
                _("This must be true or false, not %(value)s.") % {"value": _shown(value)},
                _("Write true or false."),
            )
            return False
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        """One of `allowed`; the first of them when the field is wrong."""
        value = self._get(key)
        if value is None:
            return allowed[0]
        if not isinstance(value, str) or value not in allowed:
            self.wrong(
                key,
                _("%(value)s is not known.") % {"value": _shown(value)},
                _("Choose one of: %(allowed)s.") % {"allowed": ", ".join(allowed)},
            )
            return allowed[0]
        return value

    def code(self, key: str = "code", *, longest: int = 40) -> str:
        value = self.text(key, longest=longest)
        if value and not CODE.match(value):
            self.wrong(
                key,
                _("%(value)s is not a code.") % {"value": _shown(value)},
                _("Use letters, digits, hyphens and underscores, beginning with a letter or digit."),
            )
        return value

    def one_of(self, key: str, known: Collection[str], *, required: bool = True) -> str | None:
        """A code that names another record of the file."""
        if not required and not self.has(key):
            return None
        value = self._get(key)
        if value is None or (isinstance(value, str) and value in known):
            return value
        self._unknown(key, value, known)
        return None

    def codes(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """Codes that name other records, each once."""
        found: list[str] = []
        for value in self.items(key):
            if not isinstance(value, str) or value not in known:
                self._unknown(key, value, known)
            elif value in found:
                self.wrong(key, _("%(value)s is named twice.") % {"value": _shown(value)}, _("Remove one of the two."))
            else:
                found.append(value)
        return tuple(found)

    def groups(self, key: str, known: Collection[str]) -> tuple[tuple[str, ...], ...]:
        """Lists of two codes or more; none where the file has no records to name, which is said of those."""
        found = []
        for index, value in enumerate(self.items(key) if known else []):
            place, before = f"{key}[{index}]", len(self.findings.problems)
            group = Record({place: value}, self.where, self.findings).codes(place, known)
            if len(group) < 2 and len(self.findings.problems) == before:
                self.wrong(place, _("A group has two sessions or more."), _("Add a session, or remove the group."))
            found.append(group)
        return tuple(found)

    def _unknown(self, key: str, value: Any, known: Collection[str]) -> None:
        mend = _("Correct the code, or add the missing record.")
        if known and len(known) <= 12:
            mend = _("Choose one of: %(allowed)s.") % {"allowed": ", ".join(sorted(known))}
        self.wrong(key, _("There is nothing with the code %(value)s.") % {"value": _shown(value)}, mend)

    def words(self, key: str, *, longest: int) -> tuple[str, ...]:
        """A list of different short texts."""
        found: list[str] = []
        for value in self.items(key):
            word = self._clean(key, value, longest=longest, required=True)
            if word and word not in found:
                found.append(word)
        return tuple(found)

    def day(self, key: str) -> date | None:
        value = self._get(key)
        if value is None:
            return None
        try:
            # fromisoformat alone would also take 20170914 and 2017-W37-4, which nobody means.
            if isinstance(value, str) and _DATE.match(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # a day such as 30 February; said below, in the same words
        self.wrong(
            key,
            _("%(value)s is not a date.") % {"value": _shown(value)},
            _("Write year-month-day, such as 2017-09-14."),
        )
        return None

    def clock(self, key: str) -> timedelta | None:
        """A time of day as what has passed since midnight on the clock; 24:00 is the end of the day."""
        value = self._get(key)
        if value is None:
            return None
        if value == "24:00":
            return timedelta(days=1)
        if isinstance(value, str) and (match := _CLOCK.match(value)):
            return timedelta(hours=int(match[1]), minutes=int(match[2]))
        self.wrong(
            key,
            _("%(value)s is not a time of day.") % {"value": _shown(value)},
            _("Write hours:minutes, such as 09:30."),
        )
        return None

    def moment(self, key: str, zone: ZoneInfo, *, required: bool = False) -> datetime | None:
        """A local date and time in `zone`. An offset is refused: the conference's zone decides."""
        value = self._get(key) if required else self.value.get(key)
        if value is None:
            return None
        try:
            if isinstance(value, str) and (match := _MOMENT.match(value)):
                naive = datetime.combine(date.fromisoformat(match[1]), time.fromisoformat(match[2]))
                return self.local(key, naive, zone)
        except ValueError:
            pass  # 25:00 or 30 February; said below, in the same words
        self.wrong(
            key,
            _("%(value)s is not a local date and time.") % {"value": _shown(value)},
            _("Write it without a zone, such as 2017-09-14T13:00."),
        )
        return None

    def local(self, key: str, naive: datetime, zone: ZoneInfo) -> datetime | None:
        """`naive` on the clocks of `zone`; refused when they skip it (a change to summer time)."""
        moment = naive.replace(tzinfo=zone)
        if datetime.fromtimestamp(moment.timestamp(), zone).replace(tzinfo=None) != naive:
            self.wrong(
                key,
                _("%(value)s does not exist: the clocks are put forward over it.")
                % {"value": naive.isoformat(" ", "minutes")},
                _("Choose another time."),
            )
            return None
        return moment


def _shown(value: Any) -> str:
    """A value from the file for a message: short, on one line, in quotes."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "�" for c in text)
    return f"“{text[:57]}…”" if len(text) > 60 else f"“{text}”"
