"""What hangs on a row, counted before somebody deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import CASCADE, PROTECT, Count, ForeignObjectRel, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce

from schedule.models import RoomUse, StepMove

# Written by the database for each released placement, and by every change of a draft: what they are about is counted
# itself.
_DERIVED = (RoomUse, StepMove)


class Fate(StrEnum):
    """What becomes of rows when the one they hang on is deleted."""

    GOES = "goes"
    STANDS_IN_THE_WAY = "stands-in-the-way"
    LETS_GO = "lets-go"


@dataclass(frozen=True)
class Hanging:
    """So many rows of one kind, and what becomes of them."""

    what: str
    count: int
    fate: Fate


def hanging_on(row: Model) -> list[Hanging]:
    """The rows that point to this one, by kind; what stands in the way first. One query, no empty kinds."""
    links: list[Any] = [one for one in row._meta.get_fields(include_hidden=True) if _points_here(one)]
    counts = {f"n{number}": _counted(link) for number, link in enumerate(links)}
    found = type(row)._default_manager.filter(pk=row.pk).values(**counts).first() or {}
    totals: dict[tuple[str, Fate], int] = {}
    for number, link in enumerate(links):
        key = (str(link.related_model._meta.verbose_name_plural), _fate(link))
        totals[key] = totals.get(key, 0) + found.get(f"n{number}", 0)
    hanging = [Hanging(what, count, fate) for (what, fate), count in totals.items() if count]
    order = [Fate.STANDS_IN_THE_WAY, Fate.GOES, Fate.LETS_GO]
    return sorted(hanging, key=lambda one: (order.index(one.fate), one.what))


def _points_here(field: Any) -> bool:
    is_link = isinstance(field, ForeignObjectRel) and not field.many_to_many
    return is_link and field.related_model not in _DERIVED


def _counted(link: Any) -> Coalesce:
    column = link.field.attname
    rows = link.related_model._base_manager.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(rows.annotate(many=Count("pk")).values("many")), 0)


def _fate(link: Any) -> Fate:
    return {CASCADE: Fate.GOES, PROTECT: Fate.STANDS_IN_THE_WAY}.get(link.on_delete, Fate.LETS_GO)
