"""What organizers say about an emergency: about whom, and the times that hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organize.emergencies.choices import coming, usual_times
from schedule.domain.emergencies.steps import Step
from schedule.models import Conference
from values.forms import LineFormField
from values.instant_fields import InstantFormField
from values.instants import after

LATER = (10, 15, 30, 45, 60, 90, 120)


class EmergencyForm(forms.Form):
    """A base. `whom` is the button that was pressed: the code of one of `codes`."""

    do: ClassVar[str]
    whom = LineFormField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, conference: Conference, codes: Collection[str], now: datetime) -> None:
        self.conference, self.codes, self.now = conference, codes, now
        super().__init__(data, initial=self.usual(), label_suffix="")

    def usual(self) -> dict[str, Any]:
        """What the fields hold before anybody has typed."""
        return {}

    def clean_whom(self) -> str:
        code: str = self.cleaned_data["whom"]
        if code not in self.codes:
            raise forms.ValidationError(_("This is not on the list (any more). Choose another."))
        return code

    @property
    def step(self) -> Step:
        """What the emergency takes for true, once the form is valid."""
        return {"do": self.do, "whom": self.cleaned_data["whom"]}


class SessionOffForm(EmergencyForm):
    do = "session_off"


class EmergencyTimesForm(EmergencyForm):
    """From when until when, on the conference's clocks, which must be active."""

    starts_at = InstantFormField(label=gettext_lazy("From"))
    ends_at = InstantFormField(label=gettext_lazy("Until"))

    def usual(self) -> dict[str, Any]:
        return dict(zip(("starts_at", "ends_at"), usual_times(self.conference, now=self.now), strict=True))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end must be after the start."))
        return cleaned

    @property
    def step(self) -> Step:
        times = {name: self.cleaned_data[name].isoformat() for name in ("starts_at", "ends_at")}
        return {**super().step, **times}


class RoomLostForm(EmergencyTimesForm):
    do = "room_lost"


class PersonMissingForm(EmergencyTimesForm):
    do = "person_missing"


class StartsLaterForm(EmergencyForm):
    """By how many minutes, or when exactly."""

    do = "starts_later"
    minutes = forms.TypedChoiceField(label=gettext_lazy("Later by"), coerce=int, initial="30", widget=forms.RadioSelect)
    start = InstantFormField(label=gettext_lazy("Or exactly at"), required=False)

    def __init__(self, data: Any, *, conference: Conference, codes: Collection[str], now: datetime) -> None:
        super().__init__(data, conference=conference, codes=codes, now=now)
        choices = [(str(one), _("%(count)d minutes") % {"count": one}) for one in LATER]
        cast("forms.TypedChoiceField", self.fields["minutes"]).choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and cleaned["start"] is None:
            start = next(
                one.start for one in coming(self.conference, now=self.now) if one.session.code == cleaned["whom"]
            )
            cleaned["start"] = after(start, cleaned["minutes"])
        if not self.errors and cleaned["start"] <= self.now:
            self.add_error("start", _("This time is over already."))
        return cleaned

    @property
    def step(self) -> Step:
        return {**super().step, "start": self.cleaned_data["start"].isoformat()}
