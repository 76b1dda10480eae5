"""Filters of the programme. Choices come from the release alone, so nothing unpublished shows in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.names import feature_name
from schedule.domain.published.entries import SessionEntry
from schedule.domain.published.search import found_in
from schedule.vocabulary.features import ACCESS_FEATURES
from schedule.vocabulary.languages import language_name
from values.forms import LineFormField

# What sessions offer; what rooms have comes after it.
ACCESS = {
    "interpretation": _("Interpretation"),
    "sign": _("Sign language"),
    "captions": _("Captions"),
}
FILTERS = ("q", "kind", "theme", "language", "room", "access")
LABELS = {
    "q": _("Search"),
    "kind": _("Kind"),
    "theme": _("Theme"),
    "language": _("Language"),
    "room": _("Room"),
    "access": _("Accessibility"),
}
LONGEST_SEARCH = 100


class FilterForm(forms.Form):
    """Search and filters. A value that is not on offer filters nothing, and is told (`unknown`)."""

    q = LineFormField(
        label=LABELS["q"],
        required=False,
        max_length=LONGEST_SEARCH,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=LABELS["kind"], required=False)
    theme = forms.ChoiceField(label=LABELS["theme"], required=False)
    language = forms.ChoiceField(label=LABELS["language"], required=False)
    room = forms.ChoiceField(label=LABELS["room"], required=False)
    access = forms.ChoiceField(label=LABELS["access"], required=False)
    back = LineFormField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict, entries: Sequence[SessionEntry], unknown_days: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(data)
        self.unknown_days = unknown_days
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

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """What the address names and is not there: the label of what it is, and the value."""
        chosen = self.chosen
        asked = [(name, self.data.get(name, "").strip()) for name in FILTERS]
        return [
            *self.unknown_days,
            *((str(LABELS[name]), _printable(value)) for name, value in asked if value and name not in chosen),
        ]

    def address(self, day: str, *, without_filters: bool = False) -> str:
        """The query that shows `day` as addresses name it, with the same filters; where the days stand on the page."""
        return f"?{urlencode({'day': day} | ({} if without_filters else self.chosen))}#days"


def _printable(value: str) -> str:
    return "".join(one for one in value if one.isprintable())


def filtered(entries: Iterable[SessionEntry], chosen: dict[str, str]) -> list[SessionEntry]:
    """The entries that pass every filter."""
    narrowed = [
        entry
        for entry in entries
        if chosen.get("kind", entry.kind.code) == entry.kind.code
        and ("theme" not in chosen or (entry.theme is not None and chosen["theme"] == entry.theme.code))
        and ("language" not in chosen or chosen["language"] in entry.language_codes)
        and chosen.get("room", entry.room.code) == entry.room.code
        and ("access" not in chosen or chosen["access"] in entry.access)
    ]
    return found_in(narrowed, chosen["q"]) if "q" in chosen else narrowed
