"""What was typed into the steps of a registration, kept until it is sent: in the browser session, and in the pages.

Two layers: what a step has accepted, and what stands in a form that was left without sending it (another language, one
step back). Each page also carries what the steps before it have accepted, signed, for the day the session is gone.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.forms import Form
from django.http import HttpRequest, QueryDict

from registration.domain.registrations.links import used_since
from schedule.models import Conference
from website.pages import SAVED_KEY, SENT_KEYS, SENT_LINK_KEY

_UNSENT_KEY = "registering_unsent"
_SALT, _LONGEST = "plenary.registering", 24 * 3600
CARRIED = "carried"


def saved_of(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """What the steps of this conference have accepted so far; where the session is gone, what the page sent carries."""
    found: dict[str, Any] = request.session.get(SAVED_KEY, {}).get(conference.slug, {})
    if found:
        return found
    slug, carried = _carried_in(request)
    if slug == conference.slug:
        _write(request, SAVED_KEY, conference, carried)
        return carried
    return found


def _carried_in(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """The conference that what a page sent carries is for, and what it carries; ("", {}) for nothing of ours."""
    try:
        slug, carried = signing.loads(request.POST.get(CARRIED, ""), salt=_SALT, max_age=_LONGEST)
    except signing.BadSignature:
        return "", {}
    return slug, dict(carried)


def carried_by(conference: Conference, saved: dict[str, Any]) -> str:
    """What a page carries so that nothing is lost with the session."""
    return signing.dumps([conference.slug, saved], salt=_SALT, compress=True)


def save(request: HttpRequest, conference: Conference, step: str, answers: dict[str, Any]) -> None:
    """Keep what a step has accepted; what stood unsent in it is no more."""
    _write(request, SAVED_KEY, conference, saved_of(request, conference) | answers)
    unsent = request.session.get(_UNSENT_KEY, {}).get(conference.slug, {})
    if unsent.pop(step, None) is not None:
        _write(request, _UNSENT_KEY, conference, unsent)


def forget(request: HttpRequest, conference: Conference) -> None:
    """Forget all that was typed for this conference."""
    for key in (SAVED_KEY, _UNSENT_KEY):
        everything = request.session.get(key, {})
        if everything.pop(conference.slug, None) is not None:
            request.session[key] = everything


def forget_confirmed(request: HttpRequest, conference: Conference) -> None:
    """Forget what was typed for a conference that its owner is registered for now; what was typed for another one is
    not sent yet. Where there is none, nothing says that anything was ever typed here.
    """
    forget(request, conference)
    for key in (SAVED_KEY, _UNSENT_KEY):
        if not request.session.get(key):
            request.session.pop(key, None)


def is_typed_by(request: HttpRequest, email: str) -> bool:
    """Whether a step that was sent says itself that it is the one of whoever has this address."""
    _slug, carried = _carried_in(request)
    return _is(email, request.POST.get("email") or carried.get("email", ""))


def forget_others(request: HttpRequest, email: str) -> None:
    """Whoever signs in goes on with what they typed, and is shown nothing that was typed for another address."""
    saved, unsent = request.session.get(SAVED_KEY, {}), request.session.get(_UNSENT_KEY, {})
    for slug in {*saved, *unsent}:
        named = [
            *filter(None, [saved.get(slug, {}).get("email")]),
            *filter(None, unsent.get(slug, {}).get("about", {}).get("email", [])),
        ]
        if not all(_is(email, one) for one in named):
            request.session[SAVED_KEY] = {one: kept for one, kept in saved.items() if one != slug}
            request.session[_UNSENT_KEY] = {one: kept for one, kept in unsent.items() if one != slug}
            saved, unsent = request.session[SAVED_KEY], request.session[_UNSENT_KEY]


def _is(email: str, written: str) -> bool:
    return written.strip().casefold() == email.casefold()


def forget_sent(request: HttpRequest) -> None:
    """Forget that a link was sent, and where to."""
    for key in SENT_KEYS:
        request.session.pop(key, None)


def is_done_with(request: HttpRequest, conference: Conference) -> bool:
    """Whether what was last sent from this browser for the conference has been confirmed, here or elsewhere. One query
    where something was sent.
    """
    uid = request.session.get(SENT_LINK_KEY)
    return uid is not None and used_since(UUID(uid), conference)


def keep_unsent(request: HttpRequest, conference: Conference, step: str, **instead: str) -> None:
    """Keep a form as it stands, right or wrong, but for what is to stand there instead or besides."""
    lists = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    lists |= {name: [value] for name, value in instead.items()}
    unsent = request.session.get(_UNSENT_KEY, {}).get(conference.slug, {})
    _write(request, _UNSENT_KEY, conference, unsent | {step: lists})


def holds_unsent(request: HttpRequest, conference: Conference, step: str, name: str) -> bool:
    """Whether something is kept under this name with a form that was left."""
    return name in request.session.get(_UNSENT_KEY, {}).get(conference.slug, {}).get(step, {})


def unsent_of(request: HttpRequest, conference: Conference, step: str, form: Form) -> dict[str, Any]:
    """What stood in the fields of a form that was left, by their names."""
    lists = request.session.get(_UNSENT_KEY, {}).get(conference.slug, {}).get(step)
    if lists is None:
        return {}
    data = QueryDict(mutable=True)
    for name, values in lists.items():
        data.setlist(name, values)
    return {name: field.widget.value_from_datadict(data, {}, name) for name, field in form.fields.items()}


def _write(request: HttpRequest, key: str, conference: Conference, value: Any) -> None:
    request.session[key] = request.session.get(key, {}) | {conference.slug: value}
