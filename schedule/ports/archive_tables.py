"""What an archive of everything holds: tables, those of the programme and those that other apps keep.

`settings.SCHEDULE_ARCHIVE_TABLES` names callables that take a conference and return their tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from schedule.models import Conference

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What opens something, or holds a file; it is in no archive.
NEVER = frozenset({"token_hash", "content", "dedup_key", "claimed_until"})


@dataclass(frozen=True)
class ArchiveTable:
    """One table: its name in the archive, what it is, and which rows of it belong to the conference.

    Every column is written but those in `NEVER` and in `without`; `more` are columns reached from there, by the name
    they get.
    """

    name: str
    about: _StrPromise
    rows: QuerySet[Any]
    more: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, str]:
        """What is read, by the name of its column."""
        left_out = NEVER | self.without
        own = [one.attname for one in self.rows.model._meta.concrete_fields if one.name not in left_out]
        return {name: name for name in own} | dict(self.more)


def further_tables(conference: Conference) -> list[ArchiveTable]:
    """Ask the declared callables."""
    found: list[ArchiveTable] = []
    for name in settings.SCHEDULE_ARCHIVE_TABLES:
        ask = cast("Callable[[Conference], Sequence[ArchiveTable]]", import_string(name))
        found += ask(conference)
    return found
