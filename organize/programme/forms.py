"""Forms of the organizers' pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.days import programme_days
from schedule.models import Conference, Placement, Room, Session
from values.forms import LineFormField, LinesFormField


def _local_time() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PlaceForm(forms.Form):
    """A day, a time and a room for a session, which is at `placement` now."""

    day = forms.ChoiceField(label=_("Day"))
    time = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    room = forms.ChoiceField(label=_("Room"))

    def __init__(self, data: Any, *, session: Session, placement: Placement | None, **options: Any) -> None:
        conference = session.conference
        initial: dict[str, Any] = options.pop("initial", {})
        if placement:
            start = conference.local(placement.start)
            initial = {"day": start.date().isoformat(), "time": start.time(), "room": placement.room.code} | initial
        super().__init__(data, initial=initial, **options)
        self.conference = conference
        self.rooms = {room.code: room for room in Room.objects.filter(conference=conference)}
        days = {
            day.isoformat(): date_format(day, str(_("l, j F Y"))) for day in programme_days(conference).calendar_dates()
        }
        _choices(self, "day", days.items())
        _choices(self, "room", [(code, _room_label(room)) for code, room in self.rooms.items()])
        self.fields["time"].help_text = _("It lasts %(minutes)d minutes.") % {"minutes": session.duration_minutes}

    @property
    def start(self) -> datetime:
        day = datetime.fromisoformat(self.cleaned_data["day"])
        return datetime.combine(day.date(), self.cleaned_data["time"], self.conference.zone)

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
    starts_at = forms.DateTimeField(label=_("Closed from"), widget=_local_time())
    ends_at = forms.DateTimeField(label=_("Closed until"), widget=_local_time())
    reason = LineFormField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        opens = datetime.combine(conference.starts_on, datetime.min.time(), conference.zone)
        super().__init__(data, initial={"starts_at": opens, "ends_at": opens + timedelta(days=1)})
        cast("forms.ModelChoiceField[Room]", self.fields["room"]).queryset = Room.objects.filter(conference=conference)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end must be after the start."))
        return cleaned


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def _room_label(room: Room) -> str:
    return str(_("%(room)s (%(seats)d seats)") % {"room": room.name, "seats": room.capacity})
