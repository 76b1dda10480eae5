"""What people get from one timetable or several, as the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class AttendanceRow:
    """One figure of each timetable: (head of the column, text)."""

    name: str
    labelled: list[tuple[str, str]]


@dataclass(frozen=True)
class AttendanceTable:
    """`most` is a sentence: what no timetable can give."""

    people: int
    most: str
    heads: list[str]
    rows: list[AttendanceRow]


def attendance_table(columns: Sequence[tuple[str, Figures | None]], *, most_first_wishes: int) -> AttendanceTable:
    """Columns are (head, figures as `Experience.as_json` has them); those without figures are left out.

    `most_first_wishes` is the bound of `schedule.solver.attendance.bound`. The last column has figures.
    """
    there = [(head, figures) for head, figures in columns if figures is not None]
    people = there[-1][1]["people"]
    return AttendanceTable(
        people=people,
        most=_("No timetable can give more than %(share)s all of their first three wishes.")
        % {"share": _percent(most_first_wishes, people)},
        heads=[head for head, _figures in there],
        rows=[AttendanceRow(str(name), [(head, say(figures)) for head, figures in there]) for name, say in _ROWS],
    )


def _percent(part: int, whole: int) -> str:
    return f"{number_format(100 * part / (whole or 1), 1)} %"


def first_wishes(figures: Figures) -> str:
    """How many can attend all of their first wishes, and their share."""
    share = _percent(figures["first_wishes"], figures["people"])
    return f"{number_format(figures['first_wishes'], 0, force_grouping=True)} ({share})"


def _worst(figures: Figures) -> str:
    number = figures["worst_people"]
    return ngettext(
        "%(got)d of %(of)d wishes (%(number)d person)", "%(got)d of %(of)d wishes (%(number)d people)", number
    ) % {"got": figures["worst_attended"], "of": figures["worst_wished"], "number": number}


def _figure(name: str, places: int = 1) -> Callable[[Figures], str]:
    return lambda figures: number_format(figures[name], places, force_grouping=True)


_ROWS: tuple[tuple[Any, Callable[[Figures], str]], ...] = (
    (gettext_lazy("Can attend all of their first three wishes"), first_wishes),
    (gettext_lazy("Place on their own list of what they attend, on average"), _figure("mean_rank", 2)),
    (gettext_lazy("The worst off can attend"), _worst),
    (gettext_lazy("Come and find no seat"), _figure("unseated", 0)),
    (gettext_lazy("Ways to another group of rooms, per person"), _figure("mean_walks", 2)),
    (gettext_lazy("Minutes of walking, per person"), _figure("mean_walk_minutes")),
    (gettext_lazy("Minutes between sessions, per person"), _figure("mean_idle")),
)
