"""The page at the end of the link under every announcement, which mail programs also post to by themselves."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.mails.unsubscribing import registration_for
from registration.domain.registrations.preferences import set_announcements
from website.pages import page, personal


@csrf_exempt  # a mail program has neither cookie nor token (RFC 8058 3.2); the address alone says who it is
@personal
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, uid: UUID, token: str) -> HttpResponse:
    """Turn a conference's announcements off, or on again. Opening it changes nothing: mail filters open links.

    A post is answered with a page, never with a redirect (RFC 8058 3.1).
    """
    registration = registration_for(uid, token)
    if registration is None:
        raise Http404
    if request.method == "POST":
        wanted = request.POST.get("announcements") == "on"
        set_announcements(registration, wanted=wanted, actor=registration.actor)
    context = {"registration": registration, "section": "my"}
    response = page(request, "website/links/unsubscribe.html", context, conference=registration.conference)
    response["Referrer-Policy"] = "no-referrer"
    return response
