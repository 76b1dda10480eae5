"""Registering, in three steps that are kept in the session until the address is proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registration.domain.registrations import registering
from registration.domain.registrations.access import current_participant
from registration.domain.registrations.answers import Answers
from registration.domain.registrations.review import summary_of
from registration.models import Participant, Registration
from registration.ports.reachable import is_unreachable
from schedule.domain.access import public_conference
from schedule.domain.programme.closing_times import registration_times
from schedule.models import Conference
from website.pages import SAVED_KEY, SENT_KEY, page, personal, posted
from website.registering.forms import AboutYouForm, NeedsForm, ReviewForm, StepForm
from website.registering.take_part import come_in
from website.signing_in.views import too_many

STEPS = 3


def _saved(request: HttpRequest, conference: Conference) -> dict[str, Any]:
    """What the steps of this conference have saved so far."""
    found: dict[str, Any] = request.session.get(SAVED_KEY, {}).get(conference.slug, {})
    return found


def _save(request: HttpRequest, conference: Conference, form: StepForm) -> None:
    everything = request.session.get(SAVED_KEY, {})
    everything[conference.slug] = _saved(request, conference) | form.saved()
    request.session[SAVED_KEY] = everything


def _forget(request: HttpRequest, conference: Conference) -> None:
    everything = request.session.get(SAVED_KEY, {})
    everything.pop(conference.slug, None)
    request.session[SAVED_KEY] = everything


def _not_now(request: HttpRequest, conference: Conference) -> HttpResponse | None:
    """The answer for whoever cannot register: has done so already, registration closed, conference full."""
    participant = current_participant(request)
    if participant is not None:
        mine = Registration.objects.for_participant(participant).for_conference(conference)
        if mine.exclude(state__in=registering.OPEN_STATES).exists():
            return redirect("website:my_conference", conference.slug)
    # Where organizers decide, they also decide who waits for a place that comes free.
    times = registration_times(conference, now=timezone.now())
    full = times.is_open and not registering.takes_more(conference)
    if times.is_open and not full:
        return None
    context = {"registration_open": False, "full": full, "registration_times": times}
    return page(request, "website/registering/start.html", context, conference=conference)


def _step(request: HttpRequest, conference: Conference, form: StepForm, number: int, **context: Any) -> HttpResponse:
    marks = {"step": number, "steps": STEPS, "step_range": range(1, STEPS + 1), "form": form, "registration_open": True}
    marks["registration_times"] = registration_times(conference, now=timezone.now())
    template = "website/registering/start.html" if number == 1 else "website/registering/step.html"
    return page(request, template, marks | context, conference=conference, status=422 if form.errors else 200)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Step 1: about you."""
    conference = public_conference(slug)
    refusal = _not_now(request, conference)
    if refusal is not None and request.method != "POST":
        return refusal
    language = get_language() or "en"
    form = AboutYouForm(
        posted(request),
        conference=conference,
        ask_email=current_participant(request) is None,
        initial={"language": language if language in conference.languages else "en"} | _saved(request, conference),
    )
    if form.is_valid():
        # Also when registration has closed meanwhile: what was typed is there when it opens again.
        _save(request, conference, form)
    if refusal is not None:
        return refusal
    if form.is_valid():
        return redirect("website:step", conference.slug, "needs")
    return _step(request, conference, form, 1)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Steps 2 and 3; whoever has not filled in the first is sent there."""
    conference = public_conference(slug)
    if (refusal := _not_now(request, conference)) is not None:
        if step == "needs" and (form := NeedsForm(posted(request), conference=conference)).is_valid():
            _save(request, conference, form)
        return refusal
    saved = _saved(request, conference)
    participant = current_participant(request)
    if "display_name" not in saved or ("email" not in saved and participant is None):
        return redirect("website:start", conference.slug)
    if step == "needs":
        return _needs(request, conference, saved)
    if step == "review":
        return _review(request, conference, saved, participant)
    raise Http404


def _needs(request: HttpRequest, conference: Conference, saved: dict[str, Any]) -> HttpResponse:
    form = NeedsForm(posted(request), conference=conference, initial=saved)
    if form.is_valid():
        _save(request, conference, form)
        return redirect("website:step", conference.slug, "review")
    return _step(
        request,
        conference,
        form,
        2,
        step_title=_("What you need, what you wish"),
        submit_label=_("Continue"),
        back_url=reverse("website:start", args=[conference.slug]),
    )


def _review(
    request: HttpRequest, conference: Conference, saved: dict[str, Any], participant: Participant | None
) -> HttpResponse:
    answers = Answers.from_data(saved)
    sensitive = bool(answers.access_needs or answers.access_note)
    form = ReviewForm(posted(request), conference=conference, sensitive=sensitive)
    if form.is_valid():
        if participant is not None:
            return _register_known(request, conference, answers, participant)
        return _register(request, conference, answers, saved["email"])
    return _step(
        request,
        conference,
        form,
        3,
        step_title=_("Check and agree"),
        submit_label=_("Register") if participant else _("Register and send me the link"),
        back_url=reverse("website:step", args=[conference.slug, "needs"]),
        summary=summary_of(conference, answers, participant.email if participant else saved["email"]),
    )


def _register(request: HttpRequest, conference: Conference, answers: Answers, email: str) -> HttpResponse:
    """The same answer whether the address is new, is registered already, or belongs to somebody else."""
    now = timezone.now()
    if (refusal := too_many(request, email, now=now)) is not None:
        return refusal
    try:
        registering.register(conference, email=email, answers=answers, now=now)
    except registering.RegistrationClosed:  # since the page was opened a moment ago; it says so now
        return redirect("website:start", conference.slug)
    # What was typed stays in the session: a mistyped address is mended without filling in everything again.
    request.session[SENT_KEY] = email
    return redirect("website:sent", conference.slug)


def _register_known(
    request: HttpRequest, conference: Conference, answers: Answers, participant: Participant
) -> HttpResponse:
    now = timezone.now()
    registration = registering.begin(conference, email=participant.email, language=answers.language)
    actor = registration.actor
    registering.answer(registration, answers, agreed_at=now, actor=actor)
    _forget(request, conference)
    come_in(request, registration)
    return redirect("website:my_conference", conference.slug)


@personal
@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Look into your mail."""
    conference = public_conference(slug)
    email = request.session.get(SENT_KEY)
    if email is None:
        return redirect("website:start", conference.slug)
    context = {
        "email": email,
        "unreachable": is_unreachable(email),
        "valid_hours": registering.CONFIRM_VALID_FOR // timedelta(hours=1),
        "again_url": reverse("website:start", args=[conference.slug]),
    }
    return page(request, "website/registering/sent.html", context, conference=conference)
