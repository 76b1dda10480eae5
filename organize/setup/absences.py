"""Closing rooms for a time and opening them again; when people and organisations cannot come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from organize.access import Desk, for_team
from organize.setup.rows.section import Section
from schedule.domain.editing.absences import close_room, send_away, take_back
from schedule.models import Conference, Room, Unavailability
from values.forms import LineFormField
from values.instant_fields import InstantFormField
from values.instants import midnight


class AbsenceForm(forms.Form):
    """From when until when, on the conference's clocks, which must be active."""

    starts_at = InstantFormField(label=gettext_lazy("From"))
    ends_at = InstantFormField(label=gettext_lazy("Until"))
    reason = LineFormField(label=gettext_lazy("Reason"), required=False, max_length=300)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        opens = midnight(conference.starts_on, conference.zone)
        closes = midnight(conference.starts_on + timedelta(days=1), conference.zone)
        super().__init__(data, initial={"starts_at": opens, "ends_at": closes}, label_suffix="")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if isinstance(start, datetime) and isinstance(end, datetime) and end <= start:
            self.add_error("ends_at", _("The end must be after the start."))
        return cleaned


def away_of(section: Section) -> Callable[..., HttpResponse]:
    """Close a room for a time, or say when somebody cannot come. What is published stays until the next release."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @for_team(changing=True, once=True)
    def view(desk: Desk, pk: int) -> HttpResponse:
        row = get_object_or_404(section.model, pk=pk, conference=desk.conference)
        form = AbsenceForm(desk.request.POST if desk.request.method == "POST" else None, conference=desk.conference)
        if form.is_bound and form.is_valid():
            times = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at", "reason")}
            (close_room if isinstance(row, Room) else send_away)(row, actor=desk.actor, **times)
            notices.success(desk.request, _("Saved. The conflicts show what has to move."))
            return redirect(f"organize:{section.one}_edit", desk.conference.slug, row.pk)
        context = {"part": section, "form": form, "row": row, "name": section.named(row)}
        return desk.page("organize/setup/away.html", section.marked, context, status=422 if form.errors else 200)

    return view


@require_POST
@for_team(changing=True, once=True)
def end_absence(desk: Desk, pk: int) -> HttpResponse:
    """Take a closure or an absence back."""
    absence = get_object_or_404(Unavailability, pk=pk, conference=desk.conference)
    take_back(absence, actor=desk.actor)
    notices.success(desk.request, _("Taken back."))
    one, key = _whose(absence)
    return redirect(f"organize:{one}_edit", desk.conference.slug, key)


def _whose(absence: Unavailability) -> tuple[str, int | None]:
    keys = {"room": absence.room_id, "person": absence.person_id, "body": absence.body_id}
    return next((one, key) for one, key in keys.items() if key is not None)
