"""Who is signed in, and which registration they may open. The only way to either."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from registration.models import Participant, Registration
from schedule.models import Session

P = ParamSpec("P")
SESSION_KEY = "participant"
_CACHED = "_plenary_participant"
LONGEST_PATH = 200
# In the order in which the model has them, as Model.from_db wants them.
_NAMED = ("id", "uid", "conference_id", "participant_id", "state")
_PLACE = """
SELECT session.id, session.title, session.signup,
    registration.id AS registration_id, registration.uid AS registration_uid, registration.state AS registration_state,
    registration.conference_id AS registration_conference_id,
    registration.participant_id AS registration_participant_id
FROM registration_registration registration
    JOIN schedule_session session ON session.conference_id = registration.conference_id
WHERE registration.participant_id = (
        SELECT id FROM registration_participant WHERE uid = %(uid)s AND verified_at IS NOT NULL)
    AND registration.conference_id = (SELECT id FROM schedule_conference WHERE slug = %(slug)s)
    AND session.code = %(code)s
    AND EXISTS (SELECT 1 FROM schedule_releasedplacement placement WHERE placement.session_id = session.id)
"""


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
    uid: str = request.session.get(SESSION_KEY, "")
    own = Registration.objects.filter(conference__slug=slug, participant__verified_at__isnull=False)
    found = own.filter(participant__uid=uid).select_related("conference", "participant").first() if uid else None
    if found is None:
        raise Http404
    setattr(request, _CACHED, found.participant)
    return found


def access_place(request: HttpRequest, slug: str, code: str) -> tuple[Registration, Session]:
    """The signed-in participant's registration and a session of its conference, as far as a sign-up names them.

    Raises Http404 as `access_registration`, and for a session of another conference or one that no release had. One
    query, written out: in a rush everybody signs up within the same minute, and putting it together takes the ORM
    longer than answering it.
    """
    uid: str | None = request.session.get(SESSION_KEY)
    for session in Session.objects.raw(_PLACE, {"slug": slug, "code": code, "uid": uid}):
        own = vars(session)
        return Registration.from_db(DEFAULT_DB_ALIAS, _NAMED, [own[f"registration_{name}"] for name in _NAMED]), session
    raise Http404


def participant_required(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def asking(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # The view asks the database who it is; whoever was deleted meanwhile finds nothing there.
        if SESSION_KEY not in request.session:
            back = request.get_full_path() if request.method == "GET" else reverse("website:my")
            return redirect(f"{reverse('website:sign_in')}?{urlencode({'next': back})}")
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
