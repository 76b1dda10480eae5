"""Several registrations that arrive in one mailbox: which one is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from organize.people.registration_queries import registrations_shown
from organize.people.registrations import SECTION
from registration.domain.mailboxes import KeepingRefused, keep_one, of_the_mailbox
from registration.models import Registration


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def same_mailbox(desk: Desk, uid: UUID) -> HttpResponse:
    """The registrations of one mailbox, and the button that keeps one of them and cancels the others."""
    rows = registrations_shown(desk.conference).select_related("participant", "conference")
    found = get_object_or_404(rows, uid=uid)
    together = list(of_the_mailbox(found))
    if desk.request.method == "POST":
        _keep(desk, together)
        return redirect("organize:registrations", desk.conference.slug)
    return desk.page("organize/mailboxes/same_mailbox.html", SECTION, {"registration": found, "together": together})


def _keep(desk: Desk, together: list[Registration]) -> None:
    """Only what the page showed is cancelled: whoever registered meanwhile is not."""
    by_uid = {str(one.uid): one for one in together}
    kept = by_uid.get(desk.request.POST.get("kept", ""))
    shown = [by_uid[uid] for uid in desk.request.POST.getlist("shown") if uid in by_uid]
    if kept is None:
        notices.warning(desk.request, _("The registration that you wanted to keep is over. Nothing was cancelled."))
        return
    try:
        cancelled = keep_one(kept, shown, actor=desk.actor)
    except KeepingRefused as refusal:
        notices.warning(desk.request, str(refusal))
        return
    if not cancelled:
        notices.info(desk.request, _("There was no other registration to cancel."))
        return
    said = ngettext("%(number)d registration is cancelled.", "%(number)d registrations are cancelled.", len(cancelled))
    notices.success(desk.request, said % {"number": len(cancelled)})
