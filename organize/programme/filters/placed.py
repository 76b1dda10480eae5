"""Narrowing a list of things that are somewhere in the programme: to a day of it, and to a room."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organize.filter_forms import ListForm


class PlacedForm(ListForm):
    """A day and a room. Those who inherit it put fields before these and call `read` once they have their choices."""

    day = forms.ChoiceField(label=gettext_lazy("Day"), required=False)
    room = forms.ChoiceField(label=gettext_lazy("Room"), required=False)

    def __init__(self, asked: Any, *, days: Iterable[date], rooms: Iterable[tuple[str, str]]) -> None:
        super().__init__(asked)
        self.choose("day", _("All days"), [(day.isoformat(), date_format(day, str(_("D j F")))) for day in days])
        self.choose("room", _("All rooms"), rooms)

    def keeps(self, days: Collection[date], rooms: Collection[str]) -> bool:
        """Whether something on these days, in the rooms with these codes, is in the list."""
        day, room = self.chosen.get("day"), self.chosen.get("room")
        return (day is None or any(one.isoformat() == day for one in days)) and (room is None or room in rooms)
