"""Forms of the pages about registrations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organize.filter_forms import ListForm
from organize.people.registration_queries import SHARED, RegistrationFilter, countries_of
from registration.models import Registration
from schedule.models import Conference
from values.forms import LineFormField


class RegistrationsForm(ListForm):
    """Narrows the list."""

    q = LineFormField(
        label=_("Name, organisation or e-mail"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    mailbox = forms.ChoiceField(label=_("Mailbox"), required=False)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        super().__init__(data)
        self.choose("state", _("All states"), Registration.State.choices)
        self.choose("country", _("All countries"), countries_of(conference))
        self.choose("mailbox", _("All mailboxes"), [(SHARED, _("Same mailbox as another"))])
        self.read()

    @property
    def narrowed(self) -> RegistrationFilter:
        chosen = dict(self.chosen)
        return RegistrationFilter(words=chosen.pop("q", ""), **chosen)


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
