"""What somebody sends whose session has ended meanwhile: kept until they have signed in again, then sent by one press.

Only whose form it was is shown it (`ops.backends.whose_form`): nothing is kept where nobody can say. The pages that ask
for signing in (`participant_required`, Django's `login_required`) know nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from ops.backends.refusals import Answer
from ops.backends.sent_form import SentForm
from ops.backends.whose_form import area_of, is_of, mark, owner
from registration.domain.privacy.kept_forms import KEPT_KEY

KEPT_FOR = timedelta(minutes=20)
# A session is no store for files, and anybody may send this; hardly any text that organizers write is longer.
_LONGEST = 100_000


class FormsOfTheSignedOut:
    """Comes after the middlewares of sessions, tokens and accounts: a form without its token never gets here."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        area = area_of(request.path)
        if area is None:
            return self.get_response(request)
        if request.method in ("GET", "HEAD") and (sent := _kept_for(request, area, now=timezone.now())) is not None:
            return _again(request, sent)
        response = self.get_response(request)
        mark(request, response)
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
    sent, whose = SentForm.of(request), owner(request)
    if whose is None or not sent.typed or sent.has_secret or "HX-Request" in request.headers:
        return
    if sum(len(name) + len(value) for name, value in sent.fields) > _LONGEST:
        return
    request.session[KEPT_KEY] = {"until": (now + KEPT_FOR).isoformat(), "whose": whose, "sent": sent.as_data()}
    messages.info(
        request, _("You had been signed out. What you typed is kept for 20 minutes: sign in, and you can send it.")
    )
    response["Location"] = f"{door}?{urlencode({'next': sent.path})}"


def _kept_for(request: HttpRequest, area: str, *, now: datetime) -> SentForm | None:
    """What is kept for this page, once whose it is has signed in; it is kept no longer then, nor once somebody else
    has. No query but the session's, and none for who brings no session.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or KEPT_KEY not in request.session:
        return None
    kept: dict[str, Any] = request.session[KEPT_KEY]
    # HEAD is answered as GET is, and changes nothing.
    takes = request.method == "GET"
    sent = SentForm.from_data(kept["sent"])
    is_theirs = is_of(request, kept["whose"], area) if area_of(sent.path) == area else None
    if datetime.fromisoformat(kept["until"]) <= now or is_theirs is False:
        if takes:
            del request.session[KEPT_KEY]
        return None
    if sent.path != request.get_full_path() or not is_theirs:
        return None
    if takes:
        del request.session[KEPT_KEY]
    return sent


def _again(request: HttpRequest, sent: SentForm) -> HttpResponse:
    response = render(request, "signed_out_meanwhile.html", {"sent": sent})
    patch_cache_control(response, private=True, no_store=True)
    return response
