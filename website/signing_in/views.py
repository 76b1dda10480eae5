"""Signing in with a link sent by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registration.domain.registrations import access, limits, links
from registration.ports.reachable import is_unreachable
from website.pages import SENT_KEY, page, personal, posted
from website.signing_in.forms import SignInForm


def too_soon(request: HttpRequest, email: str, *, now: datetime) -> HttpResponse | None:
    """Count a request for a mail to this address; an answer 429 that says how long to wait, when the one before was
    sent a moment ago. The same for known and unknown addresses.
    """
    source = f"{limits.network_of(request)} {email.strip().lower()}"
    wait = limits.waits(limits.LINKS_PER_ADDRESS, source, now=now)
    return _wait(request, wait) if wait else None


def turn_of(request: HttpRequest, *, now: datetime) -> timedelta | HttpResponse:
    """In what time a mail to an address that may be nobody's yet leaves, for who asks from this network; an answer 429
    where it would be too long.
    """
    found = limits.turn(limits.MAILS_PER_NETWORK, limits.network_of(request), now=now)
    return found if found is not None else _wait(request, limits.MAILS_PER_NETWORK.every, crowded=True)


def _wait(request: HttpRequest, wait: timedelta, *, crowded: bool = False) -> HttpResponse:
    seconds = max(1, ceil(wait.total_seconds()))
    response = render(request, "429.html", {"seconds": seconds, "crowded": crowded, "kept": True}, status=429)
    response["Retry-After"] = str(seconds)
    return response


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same for every address."""
    next_path = access.local_path(request.GET.get("next", ""))
    if access.current_participant(request) is not None:
        return redirect(next_path or "website:my")
    form = SignInForm(posted(request))
    if not form.is_valid():
        return page(request, "website/signing_in/sign_in.html", {"form": form}, status=422 if form.errors else 200)
    now = timezone.now()
    email = form.cleaned_data["email"]
    if (refusal := too_soon(request, email, now=now)) is not None:
        return refusal
    links.request_link(email, now=now, next_path=next_path)
    request.session[SENT_KEY] = email
    return redirect("website:link_sent")


@personal
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    email = request.session.get(SENT_KEY)
    if email is None:
        return redirect("website:sign_in")
    context = {
        "email": email,
        "unreachable": is_unreachable(email),
        "valid_minutes": links.SIGN_IN_VALID_FOR // timedelta(minutes=1),
        "again_url": reverse("website:sign_in"),
    }
    return page(request, "website/registering/sent.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    access.sign_out(request)
    return redirect("website:sign_in")
