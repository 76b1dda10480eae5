"""Forms of the pages about registrations."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from organize.people.registration_queries import RegistrationFilter, countries_of
from registration.models import Registration
from schedule.models import Conference
from values.forms import LineFormField


class RegistrationsForm(forms.Form):
    """Narrows the list. What does not exist is left out instead of refused: these are addresses people keep."""

    q = LineFormField(
        label=_("Name, organisation or e-mail"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        super().__init__(data)
        self._choose("state", _("All states"), Registration.State.choices)
        self._choose("country", _("All countries"), countries_of(conference))
        self.full_clean()
        self.chosen = {name: str(value) for name, value in self.cleaned_data.items() if value}
        # Only what narrows the list is shown as chosen.
        self.is_bound = False
        self.initial = dict(self.chosen)

    def _choose(self, name: str, everything: Any, choices: Any) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", everything), *choices]

    @property
    def narrowed(self) -> RegistrationFilter:
        chosen = dict(self.chosen)
        return RegistrationFilter(words=chosen.pop("q", ""), **chosen)

    @property
    def query(self) -> str:
        return urlencode(self.chosen) + "&" if self.chosen else ""

    @property
    def active_count(self) -> int:
        """How many filters besides the search are set."""
        return len(set(self.chosen) - {"q"})


class RuleForm(forms.Form):
    """Who is registered: everybody who confirms their address, or whoever the organizers accept."""

    approves = forms.TypedChoiceField(
        label=_("Who is registered"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        choices=[
            ("no", _("Everybody who confirms their address, at once")),
            ("yes", _("Whoever the organizers accept; they decide about each registration")),
        ],
    )

    def __init__(self, data: Any, *, conference: Conference) -> None:
        initial = {"approves": "yes" if conference.approves_registrations else "no"}
        super().__init__(data, initial=initial, label_suffix="")
