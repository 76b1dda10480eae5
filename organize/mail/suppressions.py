"""Addresses that take no mail."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from notifications.delivery.suppression import LiftRefusedError, lift
from notifications.models import Suppression
from organize.access import Desk, for_team
from organize.long_lists import page_of

PER_PAGE = 50


@require_safe
@for_team()
def suppressions(desk: Desk) -> HttpResponse:
    """Addresses of this conference's people that mails came back from."""
    rows = Suppression.objects.active().for_conference(desk.conference).order_by("-created_at", "-pk")
    page = page_of(rows, desk.request.GET, PER_PAGE)
    return desk.page("organize/mail/suppressions.html", "outbox", {"rows": list(page), "page_obj": page})


@require_POST
@for_team(changing=True)
def lift_suppression(desk: Desk, pk: int) -> HttpResponse:
    """Send to an address again, beginning with what was withheld from it."""
    found = get_object_or_404(Suppression.objects.for_conference(desk.conference), pk=pk)
    try:
        released = lift(found, actor=desk.actor, now=timezone.now())
    except LiftRefusedError as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        text = _("Mails to %(address)s are sent again.") % {"address": found.address}
        if released:
            said = ngettext(
                "%(count)d withheld mail is on its way.", "%(count)d withheld mails are on their way.", released
            )
            text = f"{text} {said % {'count': released}}"
        notices.success(desk.request, text)
    return redirect("organize:suppressions", desk.conference.slug)
