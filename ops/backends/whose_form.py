"""Whose form it was that is sent after the session has ended: known from the browser, without the session.

Every sign-in gives a browser another CSRF secret, and a form is taken only with the secret of its page. A mark that is
set with a page of somebody's own names that person by a digest made with the secret: what passes the check of its token
stood on a page of whom the mark is of. It tells nobody who that is, and nothing after the next sign-in.

The browser keeps the marks of the last sign-ins. A form whose token is of an earlier one was that of whoever is signed
in now, if one of the marks is theirs with the secret of that token.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import SESSION_KEY as ACCOUNT_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf

from registration.domain.privacy import kept_forms
from registration.domain.privacy.kept_forms import PARTICIPANTS, digest_of
from registration.domain.registrations.access import SESSION_KEY, current_participant
from website.registering.typed import is_typed_by

COOKIE = "form"
# Where pages are somebody's own, and what names them in the session: a browser may have one of each.
AREAS = {
    PARTICIPANTS: SESSION_KEY,
    "/organize/": ACCOUNT_KEY,
    "/accounts/": ACCOUNT_KEY,
    "/admin/": ACCOUNT_KEY,
}
_MARKS, _BETWEEN = 4, "."


def area_of(path: str) -> str | None:
    """The area that a page is in; None for a page that is nobody's own."""
    return next((area for area in AREAS if path.startswith(area)), None)


def mark(request: HttpRequest, response: HttpResponse) -> None:
    """Have the browser know whose the forms of this page are. No query but the session's."""
    area, secret = area_of(request.path), _secret(request)
    if area is None or not secret or response.status_code != 200:
        return
    person = _person(request, area)
    digest = digest_of(secret, area, person) if person else None
    before = _marks(request)
    if digest is None or before[:1] == [digest]:
        return
    response.set_cookie(
        COOKIE,
        _BETWEEN.join([digest, *(one for one in before if one != digest)][:_MARKS]),
        path=area,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def owner(request: HttpRequest) -> dict[str, str] | None:
    """Whose a form was that has passed the check of its token, to be kept; None where nobody can say."""
    said, secret = _marks(request), _secret(request)
    return {"secret": secret, "digest": said[0]} if said and secret else None


def is_of(request: HttpRequest, kept: dict[str, str], area: str) -> bool | None:
    """Whether `owner` gave this of whoever is signed in for this area; None while nobody is."""
    person = _person(request, area)
    return None if person is None else kept_forms.is_of(kept, area, person)


def is_of_another(request: HttpRequest) -> bool:
    """Whether a form that has *not* passed the check of its token stood on a page of somebody else than whoever is
    signed in now, for all that this browser knows. While nobody is, it is sent as nobody.
    """
    area = area_of(request.path)
    if area is None:
        participant = current_participant(request)
        return participant is not None and not is_typed_by(request, participant.email)
    person = _person(request, area)
    if person is None:
        return False
    secret = _secret_of(request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", ""))
    return not any(kept_forms.is_of({"secret": secret, "digest": said}, area, person) for said in _marks(request))


def _secret_of(token: str) -> str:
    """What a token was made with; empty for what is no token."""
    if len(token) != csrf.CSRF_TOKEN_LENGTH or not set(token) <= set(csrf.CSRF_ALLOWED_CHARS):
        return ""
    # Django compares tokens, and has no public word for what one was made with.
    return str(csrf._unmask_cipher_token(token))  # type: ignore[attr-defined]  # see above


def _marks(request: HttpRequest) -> list[str]:
    """The newest first."""
    return list(filter(None, request.COOKIES.get(COOKIE, "").split(_BETWEEN)))


def _person(request: HttpRequest, area: str) -> str | None:
    return request.session.get(AREAS[area])


def _secret(request: HttpRequest) -> str:
    """The browser's, as the middleware of CSRF tokens has found or made it."""
    return str(request.META.get("CSRF_COOKIE") or "")
