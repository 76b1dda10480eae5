"""Which mails an organizer gets about a conference."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from notifications.rules.organizer_choices import set_daily_digest
from organize.access import Desk, for_team
from organize.programme.forms import MyMailsForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def my_mails(desk: Desk) -> HttpResponse:
    """Turn the daily mail on or off. Those who may only look get none, and whoever is in no team neither."""
    membership = Membership.objects.filter(user=desk.user, team=desk.conference.team_id).select_related("team").first()
    if membership is None:
        return desk.page("organize/mail/my_mails.html", "home", {"form": None, "team": desk.conference.team})
    initial = {"daily_digest": membership.daily_digest}
    form = MyMailsForm(desk.request.POST if desk.request.method == "POST" else None, initial=initial)
    if form.is_valid():
        set_daily_digest(
            membership, wanted=form.cleaned_data["daily_digest"], conference=desk.conference, actor=desk.actor
        )
        notices.success(desk.request, _("Saved: this is how we write to you from now on."))
        return redirect("organize:home", desk.conference.slug)
    return desk.page("organize/mail/my_mails.html", "home", {"form": form, "team": membership.team})
