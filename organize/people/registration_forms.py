"""Forms of the pages about registrations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organize.filter_forms import ListForm
from organize.people.registration_queries import SHARED, RegistrationFilter, countries_of
from registration.models import Registration
from schedule.domain.programme.closing_times import end_of
from schedule.models import Conference, Session
from schedule.models.conference import LONGEST_LEAD
from values.forms import LineFormField
from values.instant_fields import InstantFormField


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


class TimesForm(forms.Form):
    """When registration is open, on the conference's clocks, and when sign-up for sessions closes."""

    is_open = forms.TypedChoiceField(
        label=_("Registration"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        choices=[("yes", _("Open, between the two times below")), ("no", _("Closed"))],
    )
    opens_at = InstantFormField(label=_("Opens"), required=False, help_text=_("Empty: at once."))
    closes_at = InstantFormField(label=_("Closes"), required=False, help_text=_("Empty: at the end of the last day."))
    signup_minutes = forms.IntegerField(
        label=_("Minutes before a session that its sign-up closes"),
        help_text=_("0: when it starts. A session may have its own."),
        min_value=0,
        max_value=LONGEST_LEAD,
    )

    def __init__(self, data: Any, *, conference: Conference) -> None:
        initial = {
            "is_open": "yes" if conference.registration_open else "no",
            "opens_at": conference.registration_opens_at,
            "closes_at": conference.registration_closes_at,
            "signup_minutes": conference.signup_closes_minutes,
        }
        super().__init__(data, initial=initial, label_suffix="")
        self._ends = end_of(conference)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Registration must close after it opens."))
        if opens and opens >= self._ends:
            self.add_error("opens_at", _("Registration must open before the conference ends."))
        return cleaned


class ClosingForm(forms.Form):
    """When sign-up for one session closes."""

    minutes = forms.IntegerField(
        label=_("Minutes before its start that sign-up closes"),
        required=False,
        min_value=0,
        max_value=LONGEST_LEAD,
    )

    def __init__(self, data: Any, *, session: Session) -> None:
        super().__init__(data, initial={"minutes": session.signup_closes_minutes}, label_suffix="", prefix="closing")
        self.fields["minutes"].help_text = ngettext(
            "Empty: %(number)d minute, as the conference has it.",
            "Empty: %(number)d minutes, as the conference has it.",
            session.conference.signup_closes_minutes,
        ) % {"number": session.conference.signup_closes_minutes}


class EnterForm(forms.Form):
    """Whom to enter into a session by hand."""

    who = LineFormField(
        label=_("Name or e-mail address of somebody who is registered"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, conference: Conference) -> None:
        super().__init__(data, label_suffix="", prefix="enter")
        self._conference = conference

    def clean_who(self) -> Registration:
        """The one registration that is meant."""
        words = self.cleaned_data["who"]
        people = Registration.objects.for_conference(self._conference).active()
        meant = Q(participant__email__iexact=words) | Q(display_name__iexact=words) | Q(latin_name__iexact=words)
        found = list(people.filter(meant).select_related("participant").order_by("pk")[:2])
        if not found:
            raise forms.ValidationError(_("Nobody who is registered has this name or address."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several people have this name; give the e-mail address."))
        return found[0]


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
