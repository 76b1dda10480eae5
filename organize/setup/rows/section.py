"""A kind of rows that organizers keep: what its pages say and show. The pages themselves are in `pages`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from organize.setup.rows.forms import Label, RowForm
from schedule.models import Conference


@dataclass(frozen=True)
class ListColumn:
    """One column of a list besides the name and the code."""

    label: Label
    show: Callable[[Any], object]
    is_number: bool = False


def _nothing(_row: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Section:
    """`many` and `one` are the words in names of routes and in addresses; `rows` reads all that the list shows."""

    many: str
    one: str
    model: type[Any]
    form: type[RowForm]
    title: Label
    lead: Label
    new: Label
    nothing: Label
    columns: Sequence[ListColumn]
    rows: Callable[[Conference], QuerySet[Any]]
    # Where rooms are closed, and people and organisations are away.
    absences: Label = ""
    absence: Label = ""
    absence_end: Label = ""
    absence_help: Label = ""
    # The section of the frame's navigation that is marked as the current one.
    marked: str = "setup"
    template: str = "organize/setup/rows/form.html"
    # What the template shows besides, of a row that exists.
    beside: Callable[[Any], dict[str, Any]] = _nothing

    # There is one row of it in a conference, and no list.
    is_single: bool = False

    def args(self, row: Any) -> list[Any]:
        """What the addresses of a row's pages hold besides the conference."""
        return [] if self.is_single else [row.pk]

    def named(self, row: Any) -> str:
        """What the row is called."""
        return str(row)
