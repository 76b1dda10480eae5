"""The page behind the link in the mail that a declined invitation causes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from notifications.inbound.replies.declining import declined_place as asked
from notifications.inbound.replies.declining import give_back
from notifications.mails.calendar_place import last_published, place_of
from registration.models import SignUp


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def declined_place(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the place is given back; the button gives it back.

    Opening the page changes nothing: mail scanners open links too. It signs nobody in and names nobody.
    """
    now = timezone.now()
    place = asked(token, now=now)
    if place is None:
        return _with_headers(render(request, "website/links/decline_refused.html", status=410))
    signup = place.signup
    conference = signup.registration.conference
    was_held = signup.state != SignUp.State.LEFT
    if request.method == "POST":
        give_back(place, now=now)
    context = {
        "conference": conference,
        "session": signup.session,
        "where": place_of(signup, last_published(() if signup.during else (signup.session_id,))),
        "held": was_held and request.method != "POST",
        "done": request.method == "POST",
    }
    with timezone.override(conference.zone):
        return _with_headers(render(request, "website/links/declined_place.html", context))


def _with_headers(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site learns it from a link that is followed."""
    response["Referrer-Policy"] = "no-referrer"
    return response
