"""Filters of the programme. Choices come from the release alone, so nothing unpublished shows in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.names import feature_name
from schedule.domain.published.entries import SessionEntry, matches
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name

# What sessions offer; what rooms have comes after it.
ACCESS = {
    "interpretation": _("Interpretation"),
    "sign": _("Sign language"),
    "captions": _("Captions"),
}
FILTERS = ("q", "kind", "theme", "language", "room", "access")
LONGEST_SEARCH = 100


class FilterForm(forms.Form):
    """Search and filters. A value that is not on offer filters nothing."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST_SEARCH,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    room = forms.ChoiceField(label=_("Room"), required=False)
    access = forms.ChoiceField(label=_("Accessibility"), required=False)
    day = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, entries: Sequence[SessionEntry]) -> None:
        super().__init__(data)
        kinds = {entry.kind.code: str(entry.kind.name) for entry in entries if not entry.kind.is_break}
        shown = {entry.theme.code: entry.theme for entry in entries if entry.theme}
        themes = {theme.code: str(theme.name) for theme in sorted(shown.values(), key=lambda t: (t.position, t.code))}
        rooms = {e.room.code: str(e.room.name) for e in sorted(entries, key=lambda e: (e.room.position, e.room.code))}
        languages = sorted({code for entry in entries for code in entry.language_codes})
        present = {code for entry in entries for code in entry.access}
        self._offer("kind", _("All kinds"), kinds.items())
        if themes:
            self._offer("theme", _("All themes"), themes.items())
        else:
            del self.fields["theme"]
        self._offer("language", _("All languages"), [(code, language_name(code)) for code in languages])
        self._offer("room", _("All rooms"), rooms.items())
        access = ACCESS | {code: feature_name(code) for code in ACCESS_FEATURES}
        self._offer("access", _("Any"), [(code, name) for code, name in access.items() if code in present])

    def _offer(self, name: str, everything: Any, choices: Iterable[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", everything), *choices]

    @property
    def chosen(self) -> dict[str, str]:
        """What filters, by field; only values that are on offer."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data.get(name)}

    def address(self, day: date | None = None, *, without_filters: bool = False) -> str:
        """The query that shows `day` (None: the one now asked for) with the same filters."""
        query = {"day": day.isoformat()} if day else {}
        return "?" + urlencode(query | ({} if without_filters else self.chosen))


def filtered(entries: Iterable[SessionEntry], chosen: dict[str, str]) -> list[SessionEntry]:
    """The entries that pass every filter."""
    words = chosen.get("q", "").casefold().split()
    return [
        entry
        for entry in entries
        if chosen.get("kind", entry.kind.code) == entry.kind.code
        and ("theme" not in chosen or (entry.theme is not None and chosen["theme"] == entry.theme.code))
        and ("language" not in chosen or chosen["language"] in entry.language_codes)
        and chosen.get("room", entry.room.code) == entry.room.code
        and ("access" not in chosen or chosen["access"] in entry.access)
        and matches(entry, words)
    ]
