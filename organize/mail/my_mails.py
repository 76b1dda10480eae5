"""Which mails an organizer gets about a conference."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from notifications.mails.organizer_digests import still_come
from notifications.rules.organizer_choices import set_daily_digest
from organize.access import Desk, for_team


class MyMailsForm(forms.Form):
    """Which mails an organizer gets."""

    daily_digest = forms.BooleanField(
        label=gettext_lazy("Mail me in the morning when something needs attention"),
        required=False,
        help_text=gettext_lazy("Conflicts, full sessions and mails that failed. No mail comes on a day without any."),
    )

    def __init__(self, data: Any, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, label_suffix="")


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def my_mails(desk: Desk) -> HttpResponse:
    """Turn the daily mail on or off. Those who may only look get none, and whoever is in no team neither."""
    membership = Membership.objects.filter(user=desk.user, team=desk.conference.team_id).select_related("team").first()
    if membership is None:
        return desk.page("organize/mail/my_mails.html", "home", {"form": None, "team": desk.conference.team})
    comes = still_come(desk.conference, now=timezone.now())
    initial = {"daily_digest": membership.daily_digest}
    form = MyMailsForm(desk.request.POST if desk.request.method == "POST" else None, initial=initial)
    if form.is_valid():
        set_daily_digest(
            membership, wanted=form.cleaned_data["daily_digest"], conference=desk.conference, actor=desk.actor
        )
        notices.success(desk.request, _("Saved: this is how we write to you from now on."))
        return redirect("organize:home", desk.conference.slug)
    return desk.page("organize/mail/my_mails.html", "home", {"form": form, "team": membership.team, "comes": comes})
