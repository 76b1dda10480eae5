"""Deleting a whole conference: its owners type its name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from schedule.domain.editing.hanging import Fate, hanging_on
from schedule.domain.editing.removing import delete_conference
from values.forms import LineFormField


class NameForm(forms.Form):
    """The name of what is to be deleted, as it is shown."""

    name = LineFormField(
        label=gettext_lazy("Type its name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, data: Any, *, name: str) -> None:
        super().__init__(data, label_suffix="")
        self.wanted = name

    def clean_name(self) -> str:
        typed = str(self.cleaned_data["name"])
        if typed != self.wanted:
            raise ValidationError(_("This is another name. Nothing was deleted."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(owning=True)
def remove_conference(desk: Desk) -> HttpResponse:
    """Ask, with the count of what goes with it; delete it once its name is typed. Say so where it has to stay."""
    name = str(desk.conference.name)
    form = NameForm(desk.request.POST if desk.request.method == "POST" else None, name=name)
    if form.is_bound and form.is_valid():
        try:
            delete_conference(desk.conference, actor=desk.actor)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            notices.success(desk.request, _("“%(name)s” is deleted.") % {"name": name})
            return redirect("organize:index")
    hanging = hanging_on(desk.conference)
    in_the_way = [one for one in hanging if one.fate is Fate.STANDS_IN_THE_WAY]
    context = {"form": form, "name": name, "hanging": hanging, "in_the_way": in_the_way}
    return desk.page("organize/setup/remove.html", "setup", context, status=422 if form.errors else 200)
