"""What is known of me: reading and taking it with me, my browsers, another address, and erasing all of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.delivery.own_mails import own_mails
from registration.domain.privacy.addresses import ask_for_address
from registration.domain.privacy.browsers import browsers_of, end_browsers
from registration.domain.privacy.erasing import erase
from registration.domain.privacy.own_data import own_data
from registration.domain.registrations import access
from registration.domain.registrations.access import access_registration, participant_required
from registration.models import Participant, Registration
from website.my.readable import readable_registrations
from website.my.views import form_page
from website.pages import page, personal, posted
from website.signing_in.forms import SignInForm
from website.signing_in.views import too_soon, turn_of


@personal
@require_safe
@participant_required
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known of me, to be read; and what I can do about it."""
    registration = access_registration(request, slug)
    now = timezone.now()
    known = _all_data(registration.participant)
    context = {
        "registration": registration,
        "known": known,
        "kept_until": date.fromisoformat(known["kept_until"]),
        "registrations": readable_registrations(registration.participant),
        "browsers": browsers_of(registration.participant, now=now),
        "this_browser": request.session.session_key,
        "section": "my",
    }
    return page(request, "website/my/data/data.html", context, conference=registration.conference)


@personal
@require_safe
@participant_required
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as JSON, to take away."""
    registration = access_registration(request, slug)
    text = json.dumps(_all_data(registration.participant), ensure_ascii=False, indent=2)
    response = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _all_data(participant: Participant) -> dict[str, Any]:
    return own_data(participant, now=timezone.now()) | own_mails(participant)


@require_POST
@participant_required
def end_browser(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign out in another browser, or in all others."""
    registration = access_registration(request, slug)
    others = [
        one
        for one in browsers_of(registration.participant, now=timezone.now())
        if one.session_key != request.session.session_key
    ]
    wanted = request.POST.get("browser", "")
    chosen: list[UUID] = [one.uid for one in others if wanted in ("all", str(one.uid))]
    if end_browsers(registration.participant, chosen, actor=registration.actor):
        messages.success(request, _("Signed out there."))
    return redirect("website:my_data", slug)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def address(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for another address. The answer is the same for every one."""
    registration = access_registration(request, slug)
    form = SignInForm(posted(request))
    if form.is_valid():
        now, wanted = timezone.now(), form.cleaned_data["email"]
        if (refusal := too_soon(request, wanted, now=now)) is not None:
            return refusal
        if isinstance(turn := turn_of(request, now=now), HttpResponse):
            return turn
        ask_for_address(registration, wanted, now=now, leaves_at=now + turn, next_path=f"/my/{slug}/")
        said = _("If we can write to that address, a link is on its way to it. It holds once you open it.")
        messages.success(request, said)
        return redirect("website:my_data", slug)
    return form_page(request, registration, form, title=_("Change my address"), submit=_("Send the link"))


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def erase_me(request: HttpRequest, slug: str) -> HttpResponse:
    """Erase all that is known of me, at every conference; asks first."""
    registration = access_registration(request, slug)
    if request.method == "POST" and request.POST.get("sure") == "yes":
        erase(registration.participant)
        access.sign_out(request)
        return page(request, "website/my/data/erased.html", {}, conference=registration.conference)
    others = Registration.objects.for_participant(registration.participant).exclude(pk=registration.pk)
    context = {
        "registration": registration,
        "others": others.select_related("conference").order_by("pk"),
        "unsure": request.method == "POST",
        "section": "my",
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "website/my/data/erase.html", context, conference=registration.conference, status=status)
