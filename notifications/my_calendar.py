"""The page on which participants make, see and withdraw the secret addresses of their calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from notifications.calendars.links import google_subscribe_link, outlook_subscribe_link, webcal
from notifications.feeds import create_feed, feed_url, personal_file, revoke_feed
from notifications.models import FeedToken
from notifications.wording import text_in
from registration.access import access_registration, participant_required
from registration.joining import actor_of
from registration.models import Registration
from registration.views.common import page, personal

MAX_ADDRESSES = 5


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def my_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """My calendar's addresses."""
    registration = access_registration(request, slug)
    tokens = list(registration.feed_tokens.filter(revoked_at=None).order_by("pk"))
    if request.method == "POST":
        _change(request, registration, tokens)
        return redirect("notifications:my_calendar", slug)
    context = {
        "registration": registration,
        "addresses": [_shown(token, registration) for token in tokens],
        "more": len(tokens) < MAX_ADDRESSES,
        "section": "my",
    }
    response = page(request, "notifications/my_calendar.html", context, conference=registration.conference)
    response["Referrer-Policy"] = "same-origin"
    return response


def _change(request: HttpRequest, registration: Registration, tokens: list[FeedToken]) -> None:
    """Make or withdraw an address; Http404 for one that is not theirs."""
    actor = actor_of(registration)
    if uid := request.POST.get("withdraw"):
        known = {str(token.uid): token.pk for token in tokens}
        revoke_feed(get_object_or_404(FeedToken, pk=known.get(uid)), actor=actor)
        messages.success(request, _("The address is withdrawn."))
    elif len(tokens) < MAX_ADDRESSES:
        create_feed(registration, actor=actor)
        messages.success(request, _("Your calendar has an address now."))


def _shown(token: FeedToken, registration: Registration) -> dict[str, Any]:
    url = feed_url(token)
    return {
        "uid": str(token.uid),
        "url": url,
        "webcal": webcal(url),
        "google": google_subscribe_link(url),
        "outlook": outlook_subscribe_link(url, text_in(registration.conference.name, registration.language)),
        "made_at": token.created_at,
        "read_at": token.last_read_at,
    }


@personal
@require_safe
@participant_required
def my_calendar_file(request: HttpRequest, slug: str) -> HttpResponse:
    """My places as a file to import once."""
    registration = access_registration(request, slug)
    response = HttpResponse(personal_file(registration), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{registration.conference.slug}.ics"'
    return response
