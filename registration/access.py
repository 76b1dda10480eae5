"""Who is signed in, and which registration they may open. The only way to either."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from registration.models import Participant, Registration
from registration.models.registrations import RegistrationQuerySet

P = ParamSpec("P")
SESSION_KEY = "participant"
_CACHED = "_plenary_participant"
LONGEST_PATH = 200


def current_participant(request: HttpRequest) -> Participant | None:
    """The participant of this session, or None. One query, the first time it is asked."""
    if not hasattr(request, _CACHED):
        uid = request.session.get(SESSION_KEY)
        found = Participant.objects.filter(uid=UUID(uid), verified_at__isnull=False).first() if uid else None
        setattr(request, _CACHED, found)
    return getattr(request, _CACHED)  # type: ignore[no-any-return]  # set just above


def sign_in(request: HttpRequest, participant: Participant) -> None:
    """Make this the participant's session: a new key, and nothing of whoever was here before."""
    if request.session.get(SESSION_KEY) not in (None, str(participant.uid)):
        request.session.flush()
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(participant.uid)
    rotate_token(request)
    setattr(request, _CACHED, participant)


def sign_out(request: HttpRequest) -> None:
    """End the session, with everything in it."""
    request.session.flush()
    rotate_token(request)
    setattr(request, _CACHED, None)


def access_registration(request: HttpRequest, slug: str) -> Registration:
    """The signed-in participant's registration for this conference, with the conference. One query.

    Raises Http404 alike for a conference that does not exist and one they are not registered for.
    """
    found = _own(request, slug).select_related("conference", "participant").first()
    if found is None:
        raise Http404
    setattr(request, _CACHED, found.participant)
    return found


def access_registration_only(request: HttpRequest, slug: str) -> Registration:
    """The same for a change that is answered without a page: only what names and admits it is read, in half the time.

    In a rush everybody signs up within the same minute.
    """
    found = _own(request, slug).only("uid", "state", "conference_id", "participant_id").first()
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, slug: str) -> RegistrationQuerySet:
    """The registration for this conference, if its participant is the one signed in."""
    uid: str | None = request.session.get(SESSION_KEY)
    if uid is None:
        return Registration.objects.none()
    return Registration.objects.filter(
        conference__slug=slug, participant__uid=uid, participant__verified_at__isnull=False
    )


def participant_required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def asking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # The view asks the database who it is; whoever was deleted meanwhile finds nothing there.
        if SESSION_KEY not in request.session:
            back = request.get_full_path() if request.method == "GET" else reverse("registration:my")
            return redirect(f"{reverse('registration:sign_in')}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return asking


def local_path(path: str, *, default: str = "") -> str:
    """`path` when it is a path on this site, otherwise `default`."""
    if not path.startswith("/") or len(path) > LONGEST_PATH or not path.isprintable():
        return default
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return default
    parts = urlsplit(path)
    # Browsers read a backslash as a slash; an encoded one may be decoded by something in between.
    if parts.scheme or parts.netloc or "\\" in path or path.lower().startswith(("/%2f", "/%5c")):
        return default
    return path
