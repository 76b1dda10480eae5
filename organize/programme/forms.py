"""Forms of the organizers' pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.days import programme_days
from schedule.models import Conference, Placement, ReleasedPlacement, Room, Session
from values import instants
from values.forms import LineFormField, LinesFormField
from values.instant_fields import ClockForms, InstantFormField


class PlaceForm(forms.Form):
    """A day, a time and a room for a session, which is at `placement` now; `start` is the instant they make.

    Where the clocks show the time twice on that day, the form asks which is meant.
    """

    day = forms.ChoiceField(label=_("Day"))
    time = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    which = forms.ChoiceField(label=_("Which of the two"), help_text=_("On this day the clocks show the time twice."))
    room = forms.ChoiceField(label=_("Room"))
    start: datetime

    def __init__(
        self, data: Any, *, session: Session, placement: Placement | ReleasedPlacement | None, **options: Any
    ) -> None:
        conference = session.conference
        self.clocks = ClockForms(conference.zone)
        initial: dict[str, Any] = options.pop("initial", {})
        if placement:
            start = self.clocks.naive(placement.start)
            initial = {
                "day": start.date().isoformat(),
                "time": start.time(),
                "which": self.clocks.offset(placement.start),
                "room": placement.room.code,
            } | initial
        super().__init__(data, initial=initial, **options)
        self.rooms = {room.code: room for room in Room.objects.filter(conference=conference)}
        days = {
            day.isoformat(): date_format(day, str(_("l, j F Y"))) for day in programme_days(conference).calendar_dates()
        }
        _choices(self, "day", days.items())
        _choices(self, "room", [(code, _room_label(room)) for code, room in self.rooms.items()])
        self.fields["time"].help_text = _("It lasts %(minutes)d minutes. Times are on the clocks of %(zone)s.") % {
            "minutes": session.duration_minutes,
            "zone": conference.timezone,
        }
        self._ask_which()

    def _ask_which(self) -> None:
        """Only a time that comes twice is asked about; what was chosen for another time says nothing."""
        field = self.fields["time"]
        try:
            naive = _on(self["day"].value(), field.clean(self["time"].value()))
        except forms.ValidationError:
            naive = None  # said at the field
        if naive and (choices := self.clocks.choices(naive)):
            _choices(self, "which", [("", "---------"), *choices])
            self.fields["which"].error_messages["required"] = self.clocks.twice(naive)
        else:
            del self.fields["which"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not {"day", "time"} <= cleaned.keys() or "which" in self.errors:
            return cleaned
        _time, offset = instants.parted(f"{cleaned['time']:%H:%M}{cleaned.get('which', '')}")
        try:
            self.start = self.clocks.instant(
                instants.naive(date.fromisoformat(cleaned["day"]), cleaned["time"]), offset
            )
        except forms.ValidationError as refused:
            self.add_error("time", refused)
        return cleaned

    @property
    def chosen_room(self) -> Room:
        return self.rooms[self.cleaned_data["room"]]


class MoveForm(PlaceForm):
    """Give a session another place. `version` is the draft's when the form was made."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PublishForm(forms.Form):
    """Publish a draft as it was when the page was made."""

    note = LinesFormField(
        label=_("What is new, for everybody to read"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    at_once = forms.BooleanField(
        label=_("Tell people at once"),
        help_text=_("For emergencies: mails do not wait for further changes, which then cause mails of their own."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseRoomForm(forms.Form):
    """Say that a room cannot be used for a time. Times are on the conference's clocks, which must be active."""

    room = forms.ModelChoiceField(label=_("Room"), queryset=Room.objects.none(), to_field_name="code")
    starts_at = InstantFormField(label=_("Closed from"))
    ends_at = InstantFormField(label=_("Closed until"))
    reason = LineFormField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        first = conference.starts_on
        begins, ends = (instants.midnight(day, conference.zone) for day in (first, first + timedelta(days=1)))
        super().__init__(data, initial={"starts_at": begins, "ends_at": ends})
        cast("forms.ModelChoiceField[Room]", self.fields["room"]).queryset = Room.objects.filter(conference=conference)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end must be after the start."))
        return cleaned


def _on(day: Any, clock: time | None) -> datetime | None:
    """A day as it was sent, and a time on it; None where either is missing or no day."""
    try:
        return instants.naive(date.fromisoformat(day), clock) if clock else None
    except (TypeError, ValueError):
        return None


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def _room_label(room: Room) -> str:
    return str(_("%(room)s (%(seats)d seats)") % {"room": room.name, "seats": room.capacity})
