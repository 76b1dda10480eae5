"""Forms about drafts as a whole."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organize.drafts.sources import Sources
from schedule.models import Draft
from values.forms import LineFormField

# The largest key or version a row may have.
LARGEST = 2**31 - 1


class NewDraftForm(forms.Form):
    """A name, and what the draft begins with."""

    name = LineFormField(label=gettext_lazy("Name"), max_length=120)
    source = forms.ChoiceField(
        label=gettext_lazy("It begins with"),
        required=False,
        help_text=gettext_lazy(
            "From another conference comes what has the same codes here: sessions, and the rooms they are in."
        ),
    )

    def __init__(self, data: Any, *, sources: Sources, start: str = "") -> None:
        """`start` names what is chosen to begin with."""
        chosen = start if start in sources.found else ""
        super().__init__(data, initial={"source": chosen}, label_suffix="")
        self.sources = sources
        cast("forms.ChoiceField", self.fields["source"]).choices = sources.choices()

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if Draft.objects.filter(conference=self.sources.conference, name=name).exists():
            raise ValidationError(_("There is a draft with this name."))
        return name


class RenameForm(forms.Form):
    """Another name; `was` is the one it had when the page was made."""

    name = LineFormField(label=gettext_lazy("Name"), max_length=120)
    was = LineFormField(max_length=120, widget=forms.HiddenInput)


class DeleteForm(forms.Form):
    """`version` is the draft's when what goes with it was counted."""

    version = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)


class TurnForm(forms.Form):
    """The key of the step that the page offered to undo, or to make again."""

    step = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)
