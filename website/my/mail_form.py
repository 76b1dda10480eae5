"""The form on which participants say how they want to be written to."""

from __future__ import annotations

import zoneinfo
from dataclasses import asdict
from functools import cache
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.domain.registrations.preferences import MailWishes
from registration.models import Registration
from schedule.models import Conference

# Minutes before a session that a reminder may be asked for; 0 is none.
LEADS = (0, 10, 15, 30, 60, 120)

# What has nothing to say once the last session is over.
ABOUT_SESSIONS = ("updates", "agenda_reminder", "reminder_minutes")


@cache
def _zones() -> tuple[str, ...]:
    """Every zone named after a place, and UTC."""
    places = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "posix")))
    return ("UTC", *sorted(places))


class MailForm(forms.Form):
    """Its fields have the names of `MailWishes`; what organizers announce is a choice of its own."""

    updates = forms.ChoiceField(
        label=gettext_lazy("Mails about your sessions"),
        help_text=gettext_lazy(
            "What needs an answer from you, or cannot wait, is mailed at once in any case. So are changes of sessions "
            "that an invitation has put into your calendar."
        ),
        choices=[
            (Registration.Updates.EACH, gettext_lazy("A mail for each place and each change")),
            (Registration.Updates.DIGEST, gettext_lazy("One mail a day, in the evening, if there is something new")),
            (Registration.Updates.FEED, gettext_lazy("None: I look at my calendar or my page")),
        ],
        widget=forms.RadioSelect,
    )
    agenda_reminder = forms.BooleanField(label=gettext_lazy("Mail me my sessions the evening before"), required=False)
    reminder_minutes = forms.TypedChoiceField(
        label=gettext_lazy("Reminder before each session"), required=False, coerce=int, empty_value=None
    )
    zone_name = forms.ChoiceField(
        label=gettext_lazy("Your time zone"),
        help_text=gettext_lazy("Mails then give times on your clocks as well, and respect your night."),
        required=False,
    )
    announcements = forms.BooleanField(
        label=gettext_lazy("Mail me what the organizers announce, and their survey afterwards"),
        help_text=gettext_lazy("Mails about your own registration and places reach you in any case."),
        required=False,
    )

    def __init__(self, *args: Any, conference: Conference, is_over: bool = False, **kwargs: Any) -> None:
        """`is_over` leaves only what still comes after a conference: nothing about sessions, nothing before them."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        usual = _lead(conference.session_reminder_minutes or 0)
        leads = cast("forms.ChoiceField", self.fields["reminder_minutes"])
        leads.choices = [
            ("", _("As usual at this conference (%(usual)s)") % {"usual": usual}),
            *((minutes, _lead(minutes)) for minutes in LEADS),
        ]
        zones = cast("forms.ChoiceField", self.fields["zone_name"])
        here = _("As at the conference (%(zone)s)") % {"zone": conference.timezone}
        zones.choices = [("", here), *((name, name) for name in _zones())]
        if is_over:
            for name in ABOUT_SESSIONS:
                del self.fields[name]

    def wishes(self) -> MailWishes:
        """What was asked for, once the form is valid; what it does not ask stays as the form began."""
        return MailWishes(**{name: self.cleaned_data.get(name, self.initial[name]) for name in asdict(MailWishes())})


def _lead(minutes: int) -> str:
    if not minutes:
        return _("no reminder")
    return ngettext("%(minutes)d minute before", "%(minutes)d minutes before", minutes) % {"minutes": minutes}
