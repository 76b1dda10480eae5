"""One row of a table, made a room or a person. Every cell that is wrong is told, with its row and column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from schedule.exchange.incoming.records import OWN, Gathering, Unreadable, What, text
from schedule.exchange.readers.tables.values import code_of, count_of, country_of, language_of, mailbox_of, parts_of

Cells = Mapping[str, str]
T = TypeVar("T")


class Rows(ABC):
    """A base. `headings` are what the columns are called, by what they hold."""

    about: What

    def __init__(self, gathered: Gathering, headings: Mapping[str, str]) -> None:
        self.gathered = gathered
        self.headings = {column.partition(".")[2]: heading for column, heading in headings.items()}
        self._is_wrong = False
        self._codes: dict[str, tuple[str, str]] = {}

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

    def note(self, code: str, column: str, **values: Any) -> None:
        """Tell something of a cell that is taken all the same."""
        headed = (heading for held, heading in self.headings.items() if held.partition(":")[0] == column)
        self.gathered.note(code, self.place, next(headed, ""), **values)

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
        """The code of the row, "" for none. Those of two rows differ by more than capital and small letters."""
        code = self.value(cells, "code", lambda said: code_of(said, longest)) or ""
        known, place = self._codes.setdefault(code.casefold(), (code, self.place))
        if known != code:
            self.wrong("code_by_case_alone", "code", said=code, known=known, other=place)
        return code


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

    def __init__(self, gathered: Gathering, headings: Mapping[str, str]) -> None:
        super().__init__(gathered, headings)
        self._emails: dict[str, tuple[str, str]] = {}

    def _read(self, cells: Cells) -> tuple[str, dict[str, Any]]:
        name, code = self.texts(cells, "name"), self.code(cells, 60)
        if not name:
            self.wrong("no_name", "name")
            return "", {}
        email = self.value(cells, "email", mailbox_of)
        country = self.value(cells, "country", country_of)
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
        known, place = self._emails.setdefault((email or "").casefold(), (own, self.place))
        if email and known != own:
            self.gathered.note("mailbox_shared", self.place, self.headings["email"], said=email, other=place)
        if self.gathered.has(What.PERSON, f"name:{own}"):
            self.wrong("person_twice", "name", said=next(iter(name.values())))
        return f"name:{own}", said
