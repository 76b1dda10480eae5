"""What people choose about a calendar: a name for the device, a reminder, and whether it holds the conference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.models import FeedToken
from notifications.models.feeds import NAME_LENGTH
from values.forms import LineFormField

# Minutes before the start, from "I am in the building" to "I have to travel".
REMINDERS = (5, 10, 15, 30, 60, 120, 1440)
_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 24 * _MINUTES_PER_HOUR


def reminder_words(minutes: int | None) -> str:
    """ "15 minutes before", "1 hour before", "No reminder"."""
    if minutes is None:
        return str(_("No reminder"))
    if minutes and minutes % _MINUTES_PER_DAY == 0:
        number = minutes // _MINUTES_PER_DAY
        words = ngettext_lazy("%(number)d day before", "%(number)d days before", number)
    elif minutes and minutes % _MINUTES_PER_HOUR == 0:
        number = minutes // _MINUTES_PER_HOUR
        words = ngettext_lazy("%(number)d hour before", "%(number)d hours before", number)
    else:
        number = minutes
        words = ngettext_lazy("%(number)d minute before", "%(number)d minutes before", number)
    return str(words % {"number": number})


def _choices() -> list[tuple[str, str]]:
    return [("", reminder_words(None)), *((str(minutes), reminder_words(minutes)) for minutes in REMINDERS)]


class AlarmForm(forms.Form):
    """The reminder before each session of a public calendar."""

    alarm = forms.TypedChoiceField(
        label=_("Reminder before each session"),
        choices=_choices,
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the reminders in the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class ContentForm(AlarmForm):
    """What a personal calendar carries besides the sessions: also for a file that is downloaded once."""

    with_conference = forms.BooleanField(
        label=_("Also the conference itself, as one entry over all its days"), required=False
    )


class DeviceForm(ContentForm):
    """One device that reads the calendar."""

    name = LineFormField(
        label=_("Name of the device"),
        help_text=_("Only you see it. It helps you to tell your devices apart, such as “Phone” or “Work computer”."),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Give the device a name.")},
    )
    field_order: tuple[str, ...] = ("name", "alarm", "with_conference")

    @classmethod
    def of(cls, token: FeedToken) -> DeviceForm:
        """The form with what the device has now."""
        alarm = "" if token.alarm_minutes is None else str(token.alarm_minutes)
        return cls(initial={"name": token.name, "alarm": alarm, "with_conference": token.with_conference})

    def settings(self) -> dict[str, Any]:
        """What `make_address` and `change_feed` are given."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "alarm_minutes": found["alarm"],
            "with_conference": found["with_conference"],
        }


class NewDeviceForm(DeviceForm):
    """Another device. Who subscribes needs no invitations, unless they say so."""

    keep_invitations = forms.BooleanField(
        label=_("Keep getting invitations by mail as well"),
        help_text=_("Most calendars then show each session twice."),
        required=False,
    )
    field_order = ("name", "alarm", "with_conference", "keep_invitations")
