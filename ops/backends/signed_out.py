"""What somebody sends whose session has ended meanwhile: kept until they have signed in again, then sent by one press.

The pages that ask for signing in (`participant_required`, Django's `login_required`) know nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control

from ops.backends.refusals import Answer
from ops.backends.sent_form import SentForm
from registration.domain.registrations.access import SESSION_KEY

KEPT_KEY = "sent_while_signed_out"
# Nobody else should find it who signs in here later.
KEPT_FOR = timedelta(minutes=20)
# A session is no store for files, and anybody may send this; hardly any text that organizers write is longer.
_LONGEST = 100_000
# Whose pages ask for signing in.
_PERSONAL = ("/my/", "/organize/")


class FormsOfTheSignedOut:
    """Comes after the middlewares of sessions, tokens and accounts: a form without its token never gets here."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(_PERSONAL):
            return self.get_response(request)
        if request.method in ("GET", "HEAD") and (sent := _kept_for(request, now=timezone.now())) is not None:
            return _again(request, sent)
        response = self.get_response(request)
        if request.method == "POST" and (door := _door(response)) is not None:
            _keep(request, response, door, now=timezone.now())
        return response


def _door(response: HttpResponse) -> str | None:
    """The path of the sign-in page that an answer leads to; None for one that leads elsewhere, or just signed out."""
    if response.status_code != 302:
        return None
    asked = urlsplit(response["Location"])
    doors = [resolve_url(name) for name in ("website:sign_in", settings.LOGIN_URL)]
    return asked.path if asked.path in doors and "next" in parse_qs(asked.query) else None


def _keep(request: HttpRequest, response: HttpResponse, door: str, *, now: datetime) -> None:
    """Keep what was typed, and have the sign-in page lead back to where it was to go."""
    sent = SentForm.of(request)
    if not sent.typed or sent.has_secret or "HX-Request" in request.headers:
        return
    if sum(len(name) + len(value) for name, value in sent.fields) > _LONGEST:
        return
    request.session[KEPT_KEY] = {"until": (now + KEPT_FOR).isoformat(), "sent": sent.as_data()}
    response["Location"] = f"{door}?{urlencode({'next': sent.path})}"


def _kept_for(request: HttpRequest, *, now: datetime) -> SentForm | None:
    """What is kept for this page, once somebody is signed in who may have it; it is kept no longer then. No query but
    the session's, and none for who brings no session.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or KEPT_KEY not in request.session:
        return None
    kept: dict[str, Any] = request.session[KEPT_KEY]
    # HEAD is answered as GET is, and changes nothing.
    takes = request.method == "GET"
    if datetime.fromisoformat(kept["until"]) <= now:
        if takes:
            del request.session[KEPT_KEY]
        return None
    sent = SentForm.from_data(kept["sent"])
    is_participants = not sent.path.startswith("/organize/")
    is_in = SESSION_KEY in request.session if is_participants else request.user.is_authenticated
    if sent.path != request.get_full_path() or not is_in:
        return None
    if takes:
        del request.session[KEPT_KEY]
    return sent


def _again(request: HttpRequest, sent: SentForm) -> HttpResponse:
    response = render(request, "signed_out_meanwhile.html", {"sent": sent})
    patch_cache_control(response, private=True, no_store=True)
    return response
