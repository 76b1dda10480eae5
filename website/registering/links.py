"""Links from mails. Opening one changes nothing (mail scanners open links too); the button on its page uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from journal.presses.once import NEVER, done_once
from registration.domain import conference_line
from registration.domain.consents import ConsentMissing
from registration.domain.privacy.addresses import confirm_address
from registration.domain.privacy.browsers import note_browser
from registration.domain.registrations import access, links, registering
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.review import summary_of
from registration.models import MagicLink, Participant, Registration
from schedule.domain.programme.conference_texts import newest_versions
from values.presses import SAME_PRESS
from website.pages import OFFERED_KEY, page, personal, posted
from website.registering import typed
from website.registering.consent_forms import ReviewedForm
from website.registering.take_part import say_what_became
from website.signing_in.views import too_soon


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Says what the link would do, with everything that waits in it, and takes the agreements that needs."""
    now = timezone.now()
    found = links.link_for(token)
    participant = access.current_participant(request)
    if found is not None and found.used_at is not None and participant == found.participant:
        # Pressed twice, or opened again in the browser that used it.
        return redirect(access.local_path(found.next_path) or "website:my")
    if found is not None and found.used_at is not None and request.method == "POST":
        return _once(request, found, lambda: _refused(request, found))
    if found is None or not links.is_usable(found, now=now):
        return _refused(request, found)
    if found.new_address:
        return _proves(request, found, token)
    if found.registration is None or found.registration.state not in Registration.UNCONFIRMED:
        return _signs_in(request, found, token, participant)
    return _confirms(request, found, found.registration, token, participant)


@require_POST
@sensitive_variables("token")
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Send another link to the address that this dead one was for. Whoever holds it learns no address."""
    now = timezone.now()
    found = links.link_for(token)
    if found is None or found.new_address:
        return redirect("website:sign_in")
    if links.is_usable(found, now=now):
        return redirect("website:link", token)
    if not links.may_be_sent_again(found, now=now):
        return _refused(request, found)
    if (refusal := too_soon(request, found.participant.email, now=now)) is not None:
        return refusal
    links.send_again(found, now=now)
    return page(request, "website/signing_in/link_sent_again.html", {}, conference=_conference_of(found))


def _sign_in(request: HttpRequest, participant: Participant) -> None:
    """Sign somebody in, and note in which browser, so that they can end it from another."""
    access.sign_in(request, participant)
    typed.forget_others(request, participant.email)
    agent = request.META.get("HTTP_USER_AGENT", "")
    note_browser(participant, request.session.session_key or "", agent, now=timezone.now())


def _refused(request: HttpRequest, found: MagicLink | None) -> HttpResponse:
    context = {"link": found, "may_follow": found is None or links.may_be_sent_again(found, now=timezone.now())}
    return page(request, "website/signing_in/link_refused.html", context, conference=_conference_of(found), status=410)


def _conference_of(found: MagicLink | None) -> Any:
    return found.registration.conference if found and found.registration else None


def _signs_in(request: HttpRequest, found: MagicLink, token: str, participant: Participant | None) -> HttpResponse:
    if request.method == "POST":
        return _once(request, found, lambda: _use(request, found, token))
    context = {"link": found, "other": _other(found, participant), "known": found.registration is not None}
    return page(request, "website/signing_in/link.html", context, conference=_conference_of(found))


def _proves(request: HttpRequest, found: MagicLink, token: str) -> HttpResponse:
    """Gives somebody the address that this link was mailed to."""
    if request.method != "POST":
        return page(request, "website/signing_in/link_address.html", {"link": found}, conference=_conference_of(found))
    return _once(request, found, lambda: _prove(request, found, token))


def _prove(request: HttpRequest, found: MagicLink, token: str) -> HttpResponse:
    try:
        participant = confirm_address(token, now=timezone.now())
    except links.LinkRefused:
        return _refused(request, links.link_for(token))
    _sign_in(request, participant)
    messages.success(request, _("Your address is changed. You are signed out everywhere else."))
    return redirect(access.local_path(found.next_path) or "website:my")


def _confirms(
    request: HttpRequest, found: MagicLink, registration: Registration, token: str, participant: Participant | None
) -> HttpResponse:
    """The last step of a registration: read again what was typed, and agree. Here only its owner can be."""
    conference, answers = registration.conference, Answers.from_data(found.answers)
    email = found.participant.email
    form = ReviewedForm(
        posted(request),
        conference=conference,
        answers=answers,
        email=email,
        purposes=registering.purposes_of(conference, answers),
        versions=newest_versions(conference),
    )
    if form.is_valid():
        return _once(request, found, lambda: _use(request, found, token, form))
    context = {
        "link": found,
        "other": _other(found, participant),
        "form": form,
        "summary": summary_of(conference, answers, email),
        "changed": form.is_stale,
        "full": not registering.takes_more(conference),
        "in_line": conference_line.length(conference),
    }
    status = 409 if form.is_stale else 422 if form.errors else 200
    return page(request, "website/signing_in/link_confirm.html", context, conference=conference, status=status)


def _other(found: MagicLink, participant: Participant | None) -> Participant | None:
    """Who else is signed in here now."""
    return participant if participant not in (None, found.participant) else None


def _once(request: HttpRequest, found: MagicLink, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Use the link, once. Of two presses a browser shows the answer to the second: that one signs in as well."""

    def again(led_to: str) -> HttpResponse:
        _sign_in(request, found.participant)
        return redirect(led_to)

    # That somebody signs in is no fact. Without a page's number it may be anybody who tries the link a second time.
    return done_once(request, None, act, numbered=SAME_PRESS, unnumbered=NEVER, leaves_fact=False, again=again)


def _use(request: HttpRequest, found: MagicLink, token: str, form: ReviewedForm | None = None) -> HttpResponse:
    now = timezone.now()
    try:
        redeemed = registering.redeem(token, now=now, agreed=form.agreed(now=now) if form else {})
    except links.LinkRefused:
        return _refused(request, links.link_for(token))
    except ConsentMissing:  # cancelled meanwhile in another browser: this is a confirmation now
        return redirect("website:link", token)
    _sign_in(request, redeemed.participant)
    typed.forget_sent(request)
    if found.registration is not None:
        slug = found.registration.conference.slug
        typed.forget_confirmed(request, found.registration.conference)
        if form is not None:
            found.registration.refresh_from_db(fields=["state", "queued_at"])
            say_what_became(request, found.registration)
        elif redeemed.offered is not None:
            request.session[OFFERED_KEY] = {slug: redeemed.offered.as_data()}
            messages.info(request, _("You were registered already. What you typed is kept for you to look at."))
            return redirect("website:details", slug)
    return redirect(access.local_path(found.next_path) or "website:my")
