"""What an organizer chooses on the page of places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from schedule.domain.programme.days import programme_days
from schedule.models import Conference, Room, Session
from values.forms import LineFormField


class PlaceChoiceForm(forms.Form):
    """A place for a session, or another session to change places with. `version` is the draft's when it was shown.

    A place is written "2037-06-01T01:00:00+00:00 HALL": an instant, and the room's code.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    place = LineFormField(required=False)
    other = forms.ModelChoiceField(queryset=Session.objects.none(), to_field_name="code", required=False)

    def __init__(self, data: Any, *, session: Session, others: QuerySet[Session]) -> None:
        """`others`: with what it may change places."""
        super().__init__(data)
        self.conference: Conference = session.conference
        cast("forms.ModelChoiceField[Session]", self.fields["other"]).queryset = others

    def clean_place(self) -> tuple[datetime, Room] | None:
        written: str = self.cleaned_data["place"]
        if not written:
            return None
        moment, _space, code = written.partition(" ")
        room = Room.objects.filter(conference=self.conference, code=code).first()
        try:
            start = datetime.fromisoformat(moment)
            known = start.tzinfo is not None and self._is_on_a_day(start.astimezone(UTC))
        except (ValueError, OverflowError):
            known = False
        if room is None or not known:
            raise forms.ValidationError(_("There is no such place."))
        return start.astimezone(UTC), room

    def _is_on_a_day(self, start: datetime) -> bool:
        return self.conference.local(start).date() in programme_days(self.conference).calendar_dates()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("place")) == bool(cleaned.get("other")):
            raise forms.ValidationError(_("Choose a place, or a session to change places with."))
        return cleaned
