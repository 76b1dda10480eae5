"""An entry of a preview: one record of the file beside the row it means, and what would be done with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from schedule.exchange.imports.stored import KeptProgramme
from schedule.exchange.incoming.records import SaidRecord, What
from schedule.models import Session


class State(StrEnum):
    """What would be done with a record."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class FieldChange:
    """One field: what it is called, what is there, and what the file says; empty where there is nothing."""

    name: str
    label: str
    old: str
    new: str


@dataclass
class ImportEntry:
    """One record. `found` is the row it means; `row` is what would be saved: a copy of that, or a new one."""

    record: SaidRecord
    row: Any
    state: State
    found: Any | None = None
    differences: list[FieldChange] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    links: dict[str, Any] = field(default_factory=dict)
    place: tuple[str, datetime, datetime] | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def names(self) -> Iterator[tuple[What, str]]:
        """The other records that this one needs: they are made before it."""
        for link in self.links.values():
            if isinstance(link, ImportEntry):
                yield link.record.what, link.record.key
                continue
            for value in (value for line in link.lines for value in line.values()):
                yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, tuple))
        if self.place is not None:
            yield What.ROOM, self.place[0]

    @property
    def id(self) -> str:
        """Names it in forms, short and without blanks."""
        return blake2b(f"{self.record.what}|{self.record.key}".encode(), digest_size=9).hexdigest()

    @property
    def name(self) -> str:
        said = self.row.title if isinstance(self.row, Session) else self.row.name
        return str(said)


@dataclass(frozen=True)
class ImportPreview:
    """All entries; `missing` are rows of the conference that the file does not have."""

    stored: KeptProgramme
    entries: list[ImportEntry]
    missing: list[tuple[What, Any]]

    @property
    def ready(self) -> list[ImportEntry]:
        """What can be imported: all that is new or changed."""
        return [one for one in self.entries if one.state in (State.NEW, State.CHANGED)]

    @property
    def version(self) -> str:
        """Changes whenever the import would do something else, as when somebody has edited meanwhile."""
        said = [
            [one.id, one.state, [[d.name, d.old, d.new] for d in one.differences], one.row.pk]
            for one in self.entries
            if one.state is not State.SAME
        ]
        return blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()
