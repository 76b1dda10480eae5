"""Forms of the webhooks' pages."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notifications.models import WebhookDelivery
from notifications.webhooks.events import GROUPS
from notifications.webhooks.guard import LONGEST, AddressRefusedError, target_of
from values.forms import LineFormField
from values.instant_fields import InstantFormField


class WebhookForm(forms.Form):
    """A webhook's name, address and events."""

    name = LineFormField(label=_("Name"), max_length=120, help_text=_("What it is for, for your team to read."))
    url = LineFormField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("Where events are sent, for example https://hooks.example.org/plenary."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    verbs = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        verbs = cast("forms.MultipleChoiceField", self.fields["verbs"])
        verbs.choices = [(group, list(events.items())) for group, events in GROUPS]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            target_of(url, local=settings.WEBHOOKS_LOCAL)
        except AddressRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url


class AgainForm(forms.Form):
    """Which deliveries are sent again. Times are on the conference's clocks, which must be active."""

    STATES = [("failed", _("those that failed")), ("all", _("all that have ended"))]

    which = forms.ChoiceField(label=_("Which"), choices=STATES)
    since = InstantFormField(label=_("Made after"), required=False)
    until = InstantFormField(label=_("Made before"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end must be after the start."))
        return cleaned

    def filters(self) -> dict[str, Any]:
        """What narrows the deliveries of one webhook."""
        given = self.cleaned_data
        found = {"created_at__gte": given["since"], "created_at__lt": given["until"]}
        if given["which"] == "failed":
            found["state"] = WebhookDelivery.State.FAILED
        return {name: value for name, value in found.items() if value}
