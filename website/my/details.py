"""What I said about myself: reading it again and changing it, with the agreements that belong to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registration.domain.registrations import registering
from registration.domain.registrations.access import access_registration, participant_required
from registration.domain.registrations.answers import Answers, answers_of
from registration.models import Registration
from schedule.domain.programme.conference_texts import newest_versions
from website.my.seen import OpenedOn
from website.my.views import form_page
from website.pages import OFFERED_KEY, personal
from website.registering.consent_forms import FIELDS, add_consents, consents_of
from website.registering.forms import AboutYouForm, NeedsForm


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def details(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what I said about myself. The address is changed elsewhere: it is what I sign in with.

    Whoever filled in the form again though they were registered finds here what they typed then.
    """
    registration = access_registration(request, slug)
    answers, offered = answers_of(registration), offered_answers(request, slug)
    held, versions = answers.as_data(), newest_versions(registration.conference)
    seen = OpenedOn(request, slug, held, registration.consents, versions)
    form = _form(seen.data(FIELDS.values()), registration, held | offered, versions)
    seen.mark(form)
    if not seen.is_stale and form.is_valid():
        known = Answers.from_data(held | form.saved())
        agreed = consents_of(form, known, registration.consents, versions, now=timezone.now())
        if agreed is not None:
            registering.answer(registration, known, actor=registration.actor, agreed=agreed)
            forget_offered(request, slug)
            messages.success(request, _("Your details are saved."))
            return redirect("website:my_conference", slug)
    return form_page(
        request,
        registration,
        form,
        title=_("My details"),
        submit=_("Save my details"),
        offered=bool(offered),
        seen=seen,
        kept=answers,
    )


@require_POST
@participant_required
def discard_offered(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep what I said before, and forget what I typed again."""
    access_registration(request, slug)
    forget_offered(request, slug)
    messages.info(request, _("What you typed again is forgotten; nothing was changed."))
    return redirect("website:details", slug)


def _form(
    data: QueryDict | None, registration: Registration, initial: dict[str, Any], versions: dict[str, int]
) -> AboutYouForm:
    conference = registration.conference
    about = AboutYouForm(data, conference=conference, ask_email=False, initial=initial)
    needs = NeedsForm(data, conference=conference, initial=initial)
    needs.keep_offering(initial)
    for name, field in needs.fields.items():
        about.fields[name] = field
    add_consents(about, conference, registration.consents, versions)
    return about


def offered_answers(request: HttpRequest, slug: str) -> dict[str, Any]:
    """What was typed by or for somebody who was registered already, if they have not decided about it."""
    found: dict[str, Any] = request.session.get(OFFERED_KEY, {}).get(slug, {})
    return found


def forget_offered(request: HttpRequest, slug: str) -> None:
    everything = request.session.get(OFFERED_KEY, {})
    if everything.pop(slug, None) is not None:
        request.session[OFFERED_KEY] = everything
