"""Taking and leaving places. Each answers with the page it came from, or with the list alone when htmx asks."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from journal.presses.once import NEVER, done_once
from registration.domain.registrations.access import access_place, access_registration, local_path, participant_required
from registration.domain.signups import signing_up
from registration.domain.signups.queries import SessionPlace, has_clash, places_of
from registration.domain.signups.refusals import SignUpRefused
from registration.models import Exchange, Registration, SignUp
from schedule.models import Session
from website.my.choices import asked_day, way_home
from website.my.views import places_context
from website.pages import page, personal

State = SignUp.State


def _session(registration: Registration, code: str) -> Session:
    """A session of the registration's own conference, as far as a sign-up names it.

    Raises Http404 for any other, and for what no release had.
    """
    sessions = Session.objects.released().filter(conference_id=registration.conference_id, code=code)
    found = sessions.only("title", "signup").first()
    if found is None:
        raise Http404
    return found


def _signup(registration: Registration, code: str) -> SignUp:
    """What this registration holds or waits for in a session; Http404 when that is nothing."""
    live = registration.signups.exclude(state=State.LEFT).select_related("session__kind", "room")
    found = live.filter(session__code=code).first()
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, slug: str) -> HttpResponse:
    if not getattr(request, "htmx", False):
        back = local_path(request.POST.get("next", ""))
        return redirect(back or way_home(request, slug))
    registration = access_registration(request, slug)
    context = places_context(registration, asked=asked_day(request)) | {"fragment": True}
    return page(request, "website/my/places/places_list.html", context, conference=registration.conference)


def _try(request: HttpRequest, session: Session, action: Callable[[], SignUp]) -> None:
    """Do it and say what came of it, in words."""
    try:
        signup = action()
    except SignUpRefused as refusal:
        messages.error(request, refusal.message)
        return
    signup.session = session
    _say(request, signup)


def _say(request: HttpRequest, signup: SignUp) -> None:
    """What somebody has of a session now, and what becomes of their other places at that time."""
    title = {"title": signup.session.title}
    if signup.state != State.WAITING:
        messages.success(request, _("You have a place in “%(title)s”.") % title)
    elif signup.exchange == Exchange.SWAP:
        text = _(
            "You are on the waiting list of “%(title)s”. When it is your turn you have the place by itself; "
            "until then you keep what you have at that time."
        )
        messages.info(request, text % title)
    elif has_clash(signup):
        text = _(
            "You are on the waiting list of “%(title)s”. When it is your turn you are asked; "
            "until then you keep what you have at that time."
        )
        messages.info(request, text % title)
    else:
        text = _("“%(title)s” is full. You are on the waiting list and get a mail when a place comes free.")
        messages.info(request, text % title)


@require_POST
@participant_required
def sign_up(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Take a place, or a place in line."""
    registration, session = access_place(request, slug, code)
    actor = registration.actor
    exchange = _exchange(request)
    _try(
        request,
        session,
        lambda: signing_up.sign_up(registration, session, exchange=exchange, actor=actor, now=timezone.now()),
    )
    return _answer(request, slug)


@require_POST
@participant_required
def choose_exchange(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Say what happens when my turn comes and I have another place at that time."""
    registration = access_registration(request, slug)
    signup = _signup(registration, code)
    exchange, actor = _exchange(request), registration.actor
    try:
        chosen = signing_up.choose_exchange(signup, exchange, actor=actor, now=timezone.now())
    except SignUpRefused as refusal:
        messages.error(request, refusal.message)
    else:
        _say(request, chosen)
    return _answer(request, slug)


def _exchange(request: HttpRequest) -> Exchange:
    """What was chosen; asking, where nothing was or what is no choice."""
    return Exchange.SWAP if request.POST.get("exchange") == Exchange.SWAP else Exchange.ASK


@require_POST
@participant_required
def swap(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Leave the session that is in the way and take this one, if a place is free; otherwise nothing changes."""
    registration = access_registration(request, slug)
    return done_once(request, registration.actor, lambda: _swap(request, registration, code), unnumbered=NEVER)


def _swap(request: HttpRequest, registration: Registration, code: str) -> HttpResponse:
    session = _session(registration, code)
    actor = registration.actor
    place = places_of(registration.conference, registration, only=[code]).by_code.get(code)
    in_the_way = place.clash.signup if place and place.clash else None
    if in_the_way is None:
        _try(request, session, lambda: signing_up.sign_up(registration, session, actor=actor, now=timezone.now()))
    else:
        leaving = in_the_way
        _try(request, session, lambda: signing_up.swap(leaving, session, actor=actor, now=timezone.now()))
    return _answer(request, registration.conference.slug)


@require_POST
@participant_required
def take_offer(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Accept an offered place."""
    registration = access_registration(request, slug)
    return done_once(request, registration.actor, lambda: _take_offer(request, registration, code), unnumbered=NEVER)


def _take_offer(request: HttpRequest, registration: Registration, code: str) -> HttpResponse:
    signup = _signup(registration, code)
    actor = registration.actor
    _try(request, signup.session, lambda: signing_up.take_offer(signup, actor=actor, now=timezone.now()))
    return _answer(request, registration.conference.slug)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def leave(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Ask before a place is given up; then give it up."""
    registration = access_registration(request, slug)
    return done_once(request, registration.actor, lambda: _leave(request, registration, code), unnumbered=NEVER)


def _leave(request: HttpRequest, registration: Registration, code: str) -> HttpResponse:
    slug = registration.conference.slug
    signup = _signup(registration, code)
    place: SessionPlace | None = places_of(registration.conference, registration, only=[code]).by_code.get(code)
    if request.method == "POST" and not (place and place.is_over):
        signing_up.leave(signup, actor=registration.actor)
        messages.success(request, _("You have left “%(title)s”.") % {"title": signup.session.title})
        return redirect(way_home(request, slug))
    if place is not None and place.is_over:
        messages.error(request, _("This session is over."))
        return redirect(way_home(request, slug))
    context = {
        "session": signup.session,
        "entry": place,
        "my": signup,
        "seats": place.seats if place else None,
        "back_url": way_home(request, slug),
        "section": "my",
    }
    return page(request, "website/my/places/confirm_leave.html", context, conference=registration.conference)
