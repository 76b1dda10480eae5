"""Forms that narrow a list by what stands in the page's address."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django import forms


class FilterForm(forms.Form):
    """Each field narrows the list; an empty one narrows nothing. `q` is the search.

    Addresses are kept and shared, so what they name may be gone: such a value is left out, and told (`unknown`).
    """

    chosen: dict[str, str]
    unknown: list[tuple[str, str]]

    def choose(self, name: str, everything: Any, choices: Any) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", everything), *choices]

    def read(self) -> None:
        """Take what narrows the list from the data; call it once the fields have their choices."""
        self.full_clean()
        self.chosen = {name: str(value) for name, value in self.cleaned_data.items() if value}
        self.unknown = [
            (str(field.label or name), str(self.data.get(name, "")))
            for name, field in self.fields.items()
            if name in self.errors
        ]
        # Only what narrows the list is shown as chosen.
        self.is_bound = False
        self.initial = dict(self.chosen)

    @property
    def query(self) -> str:
        return urlencode(self.chosen) + "&" if self.chosen else ""

    @property
    def active_count(self) -> int:
        """How many filters besides the search are set."""
        return len(set(self.chosen) - {"q"})
