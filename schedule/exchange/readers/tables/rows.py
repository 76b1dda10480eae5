"""One row of a table, made a room or a person. Every cell that is wrong is told, with its row and column."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError

from schedule.exchange.incoming.records import OWN, Gathering, Unreadable, What, text
from schedule.exchange.readers.tables.columns import language_named
from schedule.validators import CODE
from values.validators import validate_mailbox

Cells = Mapping[str, str]
T = TypeVar("T")
_COUNT = re.compile(r"\d{1,9}(?:\.0+)?\Z")


class Rows(ABC):
    """A base. `headings` are what the columns are called, by what they hold."""

    about: What

    def __init__(self, gathered: Gathering, headings: Mapping[str, str]) -> None:
        self.gathered = gathered
        self.headings = {column.partition(".")[2]: heading for column, heading in headings.items()}
        self._is_wrong = False

    def take(self, cells: Cells, place: str) -> None:
        """Gather the row; where anything is wrong with it, tell that and take nothing."""
        self._is_wrong, self.place = False, place
        key, said = self._read(cells)
        if not self._is_wrong:
            self.gathered.add(self.about, key[:200], place, said)

    def refuse(self, faults: Sequence[tuple[str, str, str]], place: str) -> None:
        """Take nothing of a row some of whose cells (column, code of the sentence, what is said) have no value."""
        self.place = place
        for column, code, said in faults:
            self.wrong(code, column.partition(":")[0], said=said)

    @abstractmethod
    def _read(self, cells: Cells) -> tuple[str, dict[str, Any]]:
        """The key of the row, and what it says."""

    def wrong(self, code: str, column: str, **values: Any) -> None:
        self._is_wrong = True
        headed = (heading for held, heading in self.headings.items() if held.partition(":")[0] == column)
        self.gathered.wrong(code, self.place, next(headed, ""), **values)

    def value(self, cells: Cells, column: str, read: Callable[[str], T]) -> T | None:
        """What a cell says; None where it is empty, or wrong, which is told."""
        if column not in cells:
            return None
        try:
            return read(cells[column])
        except Unreadable as refused:
            self.wrong(refused.code, column, **refused.values)
            return None

    def texts(self, cells: Cells, column: str, *, lines: bool = False) -> dict[str, str]:
        """A text in every language that has a column."""
        found: dict[str, str] = {}
        for name, cell in cells.items():
            target, _colon, language = name.partition(":")
            if target == column:
                found |= text(cell, lines=lines, language=language or OWN)
        return found

    def code(self, cells: Cells, longest: int) -> str:
        code = cells.get("code", "")
        if code and (not CODE.match(code) or len(code) > longest):
            self.wrong("no_code", "code", said=code)
        return code


def count_of(said: str) -> int:
    """A whole number, zero or more."""
    plain = said.replace(",", "").replace(" ", "")
    if not _COUNT.match(plain):
        raise Unreadable("no_count", said=said)
    return int(float(plain))


def mailbox_of(said: str) -> str:
    """A mail address; "Ada <ada@example.org>" is the one within."""
    inner = re.search(r"<([^<>]+)>\s*\Z", said)
    address = (inner[1] if inner else said).strip().removeprefix("mailto:")
    try:
        validate_mailbox(address)
    except ValidationError as refused:
        raise Unreadable("no_mailbox", said=said) from refused
    return address


class RoomRows(Rows):
    about = What.ROOM

    def _read(self, cells: Cells) -> tuple[str, dict[str, Any]]:
        name, code = self.texts(cells, "name"), self.code(cells, 40)
        if not name and not code:
            self.wrong("no_name", "name")
        name = name or {OWN: code}
        seats = self.value(cells, "seats", count_of)
        said: dict[str, Any] = {"name": name, "code": code or None, "capacity": seats}
        said["features"] = tuple(parts_of(cells.get("features", "")))
        said["distance_group"] = cells.get("floor")
        own = next(iter(name.values())).casefold()
        if self.gathered.has(What.ROOM, f"name:{own}"):
            self.wrong("room_twice", "name", said=own)
        return f"name:{own}", said


class PersonRows(Rows):
    about = What.PERSON

    def _read(self, cells: Cells) -> tuple[str, dict[str, Any]]:
        name, code = self.texts(cells, "name"), self.code(cells, 60)
        if not name:
            self.wrong("no_name", "name")
            return "", {}
        email = self.value(cells, "email", mailbox_of)
        country = self.value(cells, "country", _country)
        language = self.value(cells, "language", lambda said: language_of(said, self.gathered.asked.languages))
        own = next(iter(name.values())).casefold()
        said = {
            "name": name,
            "code": code or None,
            "email": email,
            "affiliation": cells.get("affiliation"),
            "country": country,
            "language": language,
            "biography": self.texts(cells, "biography", lines=True),
        }
        if self.gathered.has(What.PERSON, f"name:{own}"):
            self.wrong("person_twice", "name", said=next(iter(name.values())))
        return f"name:{own}", said


def _country(said: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", said):
        raise Unreadable("no_country", said=said)
    return said.upper()


def language_of(said: str, languages: tuple[str, ...]) -> str:
    found = language_named(said, languages)
    if found:
        return found
    if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", said):
        return said
    raise Unreadable("no_language", said=said)


def parts_of(said: str) -> list[str]:
    """Several values of one cell."""
    return [part.strip() for part in re.split(r"[;\n,、]", said) if part.strip()]
