"""Records that readers gather from a file, by the keys they have there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from typing import Any

from values.text import one_form

OWN = ""
"""The language of a text whose file does not say it: the conference's own."""

MOST_RECORDS = 15_000
"""Sessions, people, rooms and all else of one file: many times the largest conference, and a few seconds' work."""


class What(StrEnum):
    """What a record is about, in the order in which records are made: those that others name come first."""

    CONFERENCE = "conference"
    KIND = "kind"
    THEME = "theme"
    ROOM = "room"
    PERSON = "person"
    BODY = "body"
    SESSION = "session"


@dataclass(frozen=True)
class SaidRecord:
    """One thing of a file. `key` names it there, `place` tells people where it stands.

    `said` has its fields by name, and none of which the file says nothing. Texts are {language: text}; other records
    are named by their keys; times are aware.
    """

    what: What
    key: str
    place: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Oddity:
    """Something worth telling: a code and values, in no language (`words`). What is wrong is not taken."""

    code: str
    place: str = ""
    column: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_wrong: bool = False


@dataclass(frozen=True)
class HowToRead:
    """How a file is to be read: the conference's clocks and languages, and what organizers said to it.

    `minutes` and `kind` are for sessions of which the file does not say them; `stamps` is what offsets of +00:00 mean
    ("local" or "utc"), empty where nobody was asked. `columns` say what each column of a sheet holds, by its name.
    """

    zone: tzinfo
    languages: tuple[str, ...]
    minutes: int | None = None
    kind: str = ""
    stamps: str = ""
    encoding: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Unreadable(ValueError):  # a word of the product: the file is at fault, not the program
    """A value, a record or the whole file cannot be read. `code` and `values` say why (`words`)."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def at(kind: str, number: object, sheet: str = "") -> str:
    """Where something stands in a file: kind is "row", "event", "session", "person" or "record"."""
    return f"{sheet}|{kind}|{number}"


class Gathering:
    """Takes what a reader finds, in any order: at most `MOST_RECORDS`. `heed` is called with every record."""

    def __init__(self, asked: HowToRead, heed: Callable[[], object] | None = None) -> None:
        self.asked, self._heed = asked, heed
        self.oddities: list[Oddity] = []
        self._records: dict[tuple[What, str], SaidRecord] = {}
        # Of sessions that programs name: each code and its place, by what it is without capital letters.
        self._codes: dict[str, tuple[str, str]] = {}

    @property
    def records(self) -> list[SaidRecord]:
        order = list(What)
        return sorted(self._records.values(), key=lambda record: order.index(record.what))

    def note(self, code: str, place: str = "", column: str = "", **values: Any) -> None:
        """Tell something. `place` is made by `at`, or the name of a sheet."""
        self.oddities.append(Oddity(code, place, column, values))

    def wrong(self, code: str, place: str, column: str = "", **values: Any) -> None:
        self.oddities.append(Oddity(code, place, column, values, is_wrong=True))

    def has(self, what: What, key: str) -> bool:
        return (what, key) in self._records

    def code_like(self, code: str, place: str) -> tuple[str, str] | None:
        """An earlier code, and its place, that differs from this one by capital letters alone."""
        known = self._codes.setdefault(code.casefold(), (code, place))
        return known if known[0] != code else None

    def add(self, what: What, key: str, place: str, said: Mapping[str, Any], *, is_whole: bool = False) -> bool:
        """Whether it is taken. What was said of the same thing before stays; other words for it are told.

        Empty values say nothing, unless `is_whole`: then the file says everything of the thing, and nothing is nothing.
        """
        if self._heed is not None:
            self._heed()
        known = self._records.get((what, key))
        if known is None and len(self._records) >= MOST_RECORDS:
            raise Unreadable("too_many_records", most=MOST_RECORDS)
        given = {
            name: value
            for name, value in said.items()
            if is_whole or name in _MAY_BE_EMPTY or value not in (None, "", {}, ())
        }
        if known is not None and what is What.SESSION:
            code = "twice" if known.said == given else "twice_differing"
            self.wrong(code, place, said=key.partition(":")[2], other=known.place)
            return False
        merged = dict(known.said) if known else {}
        for name, value in given.items():
            both = _together(merged[name], value) if name in merged else value
            if both is not None or name not in merged:
                merged[name] = both
            elif name == "name" and key.startswith("mail:"):
                names = {"known": _name_of(merged), "name": _name_of(given)}
                self.note("mailbox_of_another", place, said=key.partition(":")[2], **names)
            elif merged[name] != value:
                self.note("said_otherwise", place, said=_name_of(merged) or key.partition(":")[2])
        self._records[what, key] = SaidRecord(what, key, known.place if known else place, merged)
        return True

    def named(self, what: What, name: str, place: str, **said: Any) -> str | None:
        """The key of a kind, theme, room or organisation that is known by its name; None where there is no name."""
        text = one_form(name)
        if not text:
            return None
        key = f"name:{text.casefold()}"[:200]
        if not self.has(what, key):
            self.add(what, key, place, {"name": {OWN: text}} | said)
        return key

    def person(self, key: str, name: str, place: str, **said: Any) -> str | None:
        """The key of a person; None where they have no name."""
        text = one_form(name)
        if not text:
            return None
        self.add(What.PERSON, key[:200], place, {"name": {OWN: text}} | said)
        return key[:200]


def _together(known: Any, said: Any) -> Any:
    """What both say, None where they contradict each other.

    A text without a language, such as a name in a list of speakers, is that of any language it has elsewhere.
    """
    if known == said:
        return known
    if not (isinstance(known, Mapping) and isinstance(said, Mapping)) or (OWN in known) == (OWN in said):
        return None
    plain, told = (known, said) if OWN in known else (said, known)
    rest = {language: words for language, words in plain.items() if language != OWN}
    if plain[OWN] not in told.values() or any(told.get(one, words) != words for one, words in rest.items()):
        return None
    return rest | dict(told)


def _name_of(said: Mapping[str, Any]) -> str:
    return next(iter(said.get("name", {}).values()), "")


_MAY_BE_EMPTY = frozenset({"people", "hosts"})


def text(said: str | None, *, lines: bool = False, language: str = OWN) -> dict[str, str]:
    """A text in one language; empty where nothing can be seen of it."""
    kept = one_form(said or "", lines=lines)
    return {language: kept} if kept else {}
