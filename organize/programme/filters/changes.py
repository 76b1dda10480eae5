"""What differs between two timetables as a list: how many of each kind, narrowed and by pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organize.programme.filters.placed import PlacedForm
from schedule.domain.programme.days import programme_days
from schedule.domain.timetables.changes import PlacementChange
from schedule.models import Conference

PER_PAGE = 25
DIFFERENCES: dict[str, str | Promise] = {
    "time": gettext_lazy("At another time"),
    "room": gettext_lazy("In another room"),
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Taken out"),
}
"""What is different of a session, as `PlacementChange.kinds` has it."""


class MovedForm(PlacedForm):
    """What narrows the list. A day or room is that of the session before or after."""

    differs = forms.ChoiceField(label=gettext_lazy("Differs in"), required=False)

    field_order = ("differs", "day", "room")

    def __init__(self, asked: Any, changes: Sequence[PlacementChange], days: Sequence[date]) -> None:
        rooms = {row.room.code: str(row.room.name) for one in changes for row in (one.old, one.new) if row}
        super().__init__(asked, days=days, rooms=sorted(rooms.items(), key=lambda pair: pair[1]))
        self.choose("differs", _("Anything"), DIFFERENCES.items())
        self.read()


class ChangeList:
    """Sessions of a conference that are elsewhere, as an address narrows them. Placements must come with their rooms.
    A query where it narrows them to a day.
    """

    def __init__(self, conference: Conference, changes: Sequence[PlacementChange], asked: Any) -> None:
        self._changes, self._asked = changes, asked
        self.form = MovedForm(asked, changes, conference.dates)
        differs = self.form.chosen.get("differs")
        self._shown = [one for one in changes if differs is None or differs in one.kinds]
        if self.form.chosen.keys() & {"day", "room"}:
            days = programme_days(conference)
            placed = [(one, [row for row in (one.old, one.new) if row]) for one in self._shown]
            self._shown = [
                one
                for one, rows in placed
                if self.form.keeps({days.day_of(row.start) for row in rows}, {row.room.code for row in rows})
            ]

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Of all of them: (what differs, its name, how often), without what does not occur."""
        found = Counter(kind for one in self._changes for kind in one.kinds)
        return [(kind, str(name), found[kind]) for kind, name in DIFFERENCES.items() if found[kind]]

    def context(self, **kept: str) -> dict[str, Any]:
        """The context of organize/programme/lists/changes.html; `kept` is what else the address says."""
        page = Paginator(self._shown, PER_PAGE).get_page(self._asked.get("page"))
        kept_query = urlencode(kept) + "&" if kept else ""
        return {
            "change_form": self.form,
            "change_counts": self.counts,
            "changes": self._changes,
            "shown_changes": list(page),
            "page_obj": page,
            "query": kept_query + self.form.query,
            "kept": kept,
            "kept_query": kept_query,
        }
