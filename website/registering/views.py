"""Registering, in three steps that are kept in the session until the address is proved."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registration.domain import conference_line
from registration.domain.registrations import registering
from registration.domain.registrations.access import current_participant
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.links import CONFIRM_VALID_FOR
from registration.domain.registrations.registering import purposes_of
from registration.domain.registrations.review import summary_of
from registration.models import Participant, Registration
from registration.ports.reachable import is_unreachable
from schedule.domain.access import public_conference
from schedule.domain.programme.closing_times import registration_times
from schedule.domain.programme.conference_texts import newest_versions
from schedule.models import Conference
from website.pages import SENT_KEY, SENT_LINK_KEY, SENT_TYPED_KEY, SENT_WAIT_KEY, page, personal, posted
from website.registering import typed
from website.registering.consent_forms import ReviewedForm
from website.registering.forms import AboutYouForm, NeedsForm
from website.registering.take_part import come_in
from website.signing_in.views import too_soon, turn_of
from website.site import in_language

STEPS = 3
# Kept beside what stands in the first step: whoever is there has chosen another language for mails than the page's.
_CHOSEN = "language_chosen"


def _not_now(request: HttpRequest, conference: Conference) -> HttpResponse | None:
    """The answer for whoever cannot register: has done so already, or registration is closed."""
    participant = current_participant(request)
    if participant is not None:
        mine = Registration.objects.for_participant(participant).for_conference(conference)
        if mine.exclude(state__in=registering.OPEN_STATES).exists():
            return redirect("website:my_conference", conference.slug)
    times = registration_times(conference, now=timezone.now())
    if times.is_open:
        return None
    context = {"registration_open": False, "registration_times": times}
    return page(request, "website/registering/start.html", context, conference=conference)


def _step(request: HttpRequest, conference: Conference, form: forms.Form, number: int, **context: Any) -> HttpResponse:
    marks = {"step": number, "steps": STEPS, "step_range": range(1, STEPS + 1), "form": form, "registration_open": True}
    marks["registration_times"] = registration_times(conference, now=timezone.now())
    # Where organizers decide, they also decide who waits for a place that comes free.
    marks["full"] = not registering.takes_more(conference)
    marks["in_line"] = conference_line.length(conference) if marks["full"] else 0
    marks |= {"carried": typed.carried_by(conference, typed.saved_of(request, conference)), "keeps_form": "step"}
    template = "website/registering/start.html" if number == 1 else "website/registering/step.html"
    status = 409 if context.get("changed") else 422 if form.errors else 200
    return page(request, template, marks | context, conference=conference, status=status)


def _left(request: HttpRequest, conference: Conference, step: str, back: str) -> HttpResponse | None:
    """The answer to the buttons that leave a step without sending it; what stands in it is kept, or forgotten."""
    if request.method != "POST":
        return None
    if "clear" in request.POST:
        typed.forget(request, conference)
        typed.forget_sent(request)
        messages.success(request, _("What you typed is forgotten in this browser."))
        return redirect("website:start", conference.slug)
    if "keep" in request.POST:  # static/js/kept-form.js: left by the browser's own Back, a link, a closed tab
        typed.keep_unsent(request, conference, step)
        if step == "about":
            _end_with_browser(request)
        return HttpResponse(status=204)
    if "back" in request.POST:
        typed.keep_unsent(request, conference, step)
        return redirect(back)
    if (asked := request.POST.get("language_of_page")) in dict(settings.LANGUAGES):
        typed.keep_unsent(request, conference, step, **_language_of_mails(request, conference, asked))
        return in_language(redirect(request.path), asked)
    return None


def _language_of_mails(request: HttpRequest, conference: Conference, asked: str) -> dict[str, str]:
    """What becomes of the language for mails when the page's is switched: it follows, until another is chosen."""
    if "language" not in request.POST:
        return {}
    if request.POST["language"] != get_language() or typed.holds_unsent(request, conference, "about", _CHOSEN):
        return {_CHOSEN: "1"}
    return {"language": asked} if asked in conference.languages else {}


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1: about you."""
    conference = public_conference(slug)
    refusal = _not_now(request, conference)
    if refusal is not None and request.method != "POST":
        return refusal
    if (elsewhere := _confirmed_elsewhere(request, conference)) is not None:
        return elsewhere
    saved = typed.saved_of(request, conference)
    if (left := _left(request, conference, "about", request.path)) is not None:
        return left
    language = get_language() or "en"
    corrects = request.method == "POST" and "correct" in request.POST
    form = AboutYouForm(
        None if corrects else posted(request),
        conference=conference,
        ask_email=current_participant(request) is None,
        initial={"language": language if language in conference.languages else "en"} | saved,
    )
    form.initial.update(typed.unsent_of(request, conference, "about", form))
    if form.is_valid():
        # Also when registration has closed meanwhile: what was typed is there when it opens again.
        typed.save(request, conference, "about", form.saved())
        _end_with_browser(request)
    if refusal is not None:
        return refusal
    if form.is_valid():
        return redirect("website:step", conference.slug, "needs")
    return _step(request, conference, form, 1, shared=request.session.get_expire_at_browser_close())


def _confirmed_elsewhere(request: HttpRequest, conference: Conference) -> HttpResponse | None:
    """The answer where what was sent from here was confirmed in another browser since: this one forgets it."""
    if not typed.is_done_with(request, conference):
        return None
    typed.forget(request, conference)
    typed.forget_sent(request)
    messages.info(
        request, _("Your registration was confirmed in another browser. What you typed is forgotten in this one.")
    )
    return redirect("website:sign_in")


def _end_with_browser(request: HttpRequest) -> None:
    """On a computer that is shared everything ends when the browser is closed."""
    request.session.set_expiry(0 if "shared" in request.POST else None)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Steps 2 and 3; whoever has not filled in the first is sent there."""
    conference = public_conference(slug)
    if (refusal := _not_now(request, conference)) is not None:
        if step == "needs" and (form := NeedsForm(posted(request), conference=conference)).is_valid():
            typed.save(request, conference, "needs", form.saved())
        return refusal
    if (elsewhere := _confirmed_elsewhere(request, conference)) is not None:
        return elsewhere
    saved = typed.saved_of(request, conference)
    participant = current_participant(request)
    start, needs = reverse("website:start", args=[slug]), reverse("website:step", args=[slug, "needs"])
    back = {"needs": start, "review": needs}.get(step)
    if back is not None and (left := _left(request, conference, step, back)) is not None:
        return left
    if "display_name" not in saved or ("email" not in saved and participant is None):
        return redirect("website:start", conference.slug)
    if step == "needs":
        return _needs(request, conference, saved)
    if step == "review":
        return _review(request, conference, saved, participant)
    raise Http404


def _needs(request: HttpRequest, conference: Conference, saved: dict[str, Any]) -> HttpResponse:
    form = NeedsForm(posted(request), conference=conference, initial=saved)
    form.initial = saved | typed.unsent_of(request, conference, "needs", form)
    if form.is_valid():
        typed.save(request, conference, "needs", form.saved())
        return redirect("website:step", conference.slug, "review")
    return _step(
        request,
        conference,
        form,
        2,
        step_title=_("What you need, what you wish"),
        submit_label=_("Continue"),
    )


def _review(
    request: HttpRequest, conference: Conference, saved: dict[str, Any], participant: Participant | None
) -> HttpResponse:
    """What was typed, to be read again. Whoever is signed in agrees here; others do where their link leads, so that
    nobody agrees for somebody else. What another tab changed meanwhile is shown before it is sent.
    """
    answers = Answers.from_data(saved)
    email = participant.email if participant else saved["email"]
    form = ReviewedForm(
        posted(request),
        conference=conference,
        answers=answers,
        email=email,
        purposes=purposes_of(conference, answers) if participant else (),
        versions=newest_versions(conference),
    )
    if form.is_valid():
        if participant is not None:
            return _register_known(request, conference, answers, participant, form)
        return _register(request, conference, answers, email)
    return _step(
        request,
        conference,
        form,
        3,
        step_title=_("Check and agree") if participant else _("Check"),
        submit_label=_("Register") if participant else _("Register and send me the link"),
        summary=summary_of(conference, answers, email),
        changed=form.is_stale,
        agrees_later=participant is None,
    )


def _register(request: HttpRequest, conference: Conference, answers: Answers, email: str) -> HttpResponse:
    """The same answer whether the address is new, is registered already, or belongs to somebody else."""
    now = timezone.now()
    if (refusal := too_soon(request, email, now=now)) is not None:
        return refusal
    if isinstance(turn := turn_of(request, now=now), HttpResponse):
        return turn
    try:
        link = registering.register(conference, email=email, answers=answers, now=now, leaves_at=now + turn)
    except registering.RegistrationClosed:  # since the page was opened a moment ago; it says so now
        return redirect("website:start", conference.slug)
    request.session[SENT_KEY] = email
    request.session[SENT_LINK_KEY] = str(link.uid)
    request.session[SENT_WAIT_KEY] = ceil(turn / timedelta(minutes=1))
    # The page that follows carries what was typed, for whoever sees there that the address is wrong; the browser
    # itself forgets it.
    request.session[SENT_TYPED_KEY] = typed.carried_by(conference, typed.saved_of(request, conference))
    typed.forget(request, conference)
    return redirect("website:sent", conference.slug)


def _register_known(
    request: HttpRequest, conference: Conference, answers: Answers, participant: Participant, form: ReviewedForm
) -> HttpResponse:
    registration = registering.begin(conference, email=participant.email, language=answers.language)
    actor = registration.actor
    registering.answer(registration, answers, agreed=form.agreed(now=timezone.now()), actor=actor)
    typed.forget(request, conference)
    come_in(request, registration)
    return redirect("website:my_conference", conference.slug)


@personal
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Look into your mail."""
    conference = public_conference(slug)
    if (elsewhere := _confirmed_elsewhere(request, conference)) is not None:
        return elsewhere
    email = request.session.get(SENT_KEY)
    if email is None:
        return redirect("website:start", conference.slug)
    context = {
        "email": email,
        "unreachable": is_unreachable(email),
        "leaves_in": request.session.get(SENT_WAIT_KEY, 0),
        "valid_hours": CONFIRM_VALID_FOR // timedelta(hours=1),
        "again_url": reverse("website:start", args=[conference.slug]),
        # Once: whoever opens this page later is not shown what was typed.
        "carried": request.session.pop(SENT_TYPED_KEY, ""),
    }
    return page(request, "website/registering/sent.html", context, conference=conference)
