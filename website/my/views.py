"""The participant's own pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.retrying import retried
from registration.domain.attending.since import look, moved_since
from registration.domain.attending.wishes import sign_up_wishes
from registration.domain.conference_line import position
from registration.domain.registrations import deciding, registering
from registration.domain.registrations.access import access_registration, current_participant, participant_required
from registration.domain.registrations.answers import Answers, answers_of, wished_sessions
from registration.domain.registrations.preferences import MailWishes, set_announcements, set_mails
from registration.domain.registrations.review import summary_of
from registration.domain.signups.queries import places_of, registrations_of
from registration.models import Registration, SignUp
from schedule.domain.programme.closing_times import is_over
from schedule.domain.programme.days import programme_days
from website.my.agenda import agenda_of
from website.my.choices import AskedHour, asked_day, choices_of, way_home
from website.my.mail_form import MailForm
from website.my.seen import OpenedOn
from website.pages import page, personal, posted
from website.registering.forms import WishesForm
from website.registering.take_part import come_in


@personal
@require_safe
@participant_required
def index(request: HttpRequest) -> HttpResponse:
    """My conferences; with just one, that one."""
    participant = current_participant(request)
    if participant is None:
        return redirect("website:sign_in")
    registrations = list(registrations_of(participant))
    if len(registrations) == 1:
        return redirect("website:my_conference", registrations[0].conference.slug)
    return page(request, "website/my/my_list.html", {"registrations": registrations, "section": "my"})


def places_context(registration: Registration, *, asked: AskedHour | None) -> dict[str, Any]:
    """What the list of places needs; shared by the page and its htmx fragment. `asked` is what is to be shown of those
    that can be chosen.
    """
    now = timezone.now()
    places = places_of(registration.conference, registration if registration.is_active else None, now=now)
    choices = places.to_choose() if registration.is_active else []
    wishes = {interest.session_id: interest.rank for interest in registration.interests.all()}
    days = programme_days(registration.conference)
    open_wishes = [place for place in choices if place.session.pk in wishes]
    return {
        "registration": registration,
        "awaits_decision": registration.state in deciding.OPEN,
        "agenda": agenda_of(places, days, now=now),
        "today": days.day_at(now),
        "choices": choices_of(days.by_day(choices), asked, today=days.day_at(now), local=registration.conference.local),
        "wish_ranks": wishes,
        "wishes_to_place": sum(1 for place in open_wishes if not place.clash),
        "released": bool(places.by_code),
        "is_over": bool(places.by_code) and all(place.is_over for place in places),
        "asks_calendar": registration.is_active
        and not registration.calendar_chosen
        and any(place.signup and place.signup.state == SignUp.State.CONFIRMED for place in places.mine()),
        "section": "my",
    }


@personal
@require_safe
@participant_required
def conference(request: HttpRequest, slug: str) -> HttpResponse:
    """My sessions at one conference."""
    registration = access_registration(request, slug)
    # A program that asks by HEAD shows nobody the news.
    since = look(registration, now=timezone.now(), seen=request.method == "GET")
    news = {"moved": moved_since(registration, since) if registration.is_active else [], "since": since}
    context = places_context(registration, asked=asked_day(request))
    return page(request, "website/my/my.html", context | news, conference=registration.conference)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def wishes(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what I wish for, as long as there is something to come."""
    registration = access_registration(request, slug)
    if is_over(registration.conference, now=timezone.now()):
        messages.info(request, _("The conference is over: there is nothing to wish for any more."))
        return redirect("website:my_conference", slug)
    held = answers_of(registration)
    seen = OpenedOn(request, slug, held.wishes)
    form = WishesForm(seen.data(), conference=registration.conference, initial={"wishes": list(held.wishes)})
    seen.mark(form)
    if not seen.is_stale and form.is_valid():
        sessions = wished_sessions(registration.conference, form.cleaned_data["wishes"])
        registering.set_interests(registration, sessions, actor=registration.actor)
        messages.success(request, _("Your wishes are saved."))
        if form.cleaned_data["wishes"].has_gaps:
            messages.info(request, _("Your ranks left numbers out: they are now counted from 1, in the same order."))
        return redirect("website:my_conference", slug)
    kept = Answers("", wishes=held.wishes)
    return form_page(
        request, registration, form, title=_("My wishes"), submit=_("Save my wishes"), seen=seen, kept=kept
    )


@retried
@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def mails(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose how I am written to."""
    registration = access_registration(request, slug)
    held = asdict(MailWishes.of(registration)) | {"announcements": registration.announcements_by_mail}
    over = is_over(registration.conference, now=timezone.now())
    form = MailForm(posted(request), conference=registration.conference, is_over=over, initial=held)
    if form.is_valid():
        actor = registration.actor
        with transaction.atomic():
            set_mails(registration, form.wishes(), actor=actor)
            set_announcements(registration, wanted=form.cleaned_data["announcements"], actor=actor)
        messages.success(request, _("Saved: this is how we write to you from now on."))
        return redirect("website:my_conference", slug)
    return form_page(request, registration, form, title=_("Mails to me"), submit=_("Save"))


def form_page(
    request: HttpRequest,
    registration: Registration,
    form: Any,
    *,
    title: str,
    submit: str,
    seen: OpenedOn | None = None,
    kept: Answers | None = None,
    **more: Any,
) -> HttpResponse:
    """A form about one's own registration. One that was opened on something else than `kept` (as `seen` says) answers
    409 and shows both.
    """
    conference, changed = registration.conference, seen is not None and seen.is_stale
    context = {"registration": registration, "form": form, "page_title": title, "submit_label": submit, "section": "my"}
    if changed and kept is not None:
        more |= {"changed": True, "kept": summary_of(conference, kept, registration.participant.email)}
    status = 409 if changed else 422 if form.errors else 200
    return page(request, "website/my/my_form.html", context | more, conference=conference, status=status)


@require_POST
@participant_required
def place_wishes(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign me up for my wishes, dearest first."""
    registration = access_registration(request, slug)
    outcomes = sign_up_wishes(registration, actor=registration.actor)
    confirmed = sum(1 for one in outcomes if one.signup and one.signup.state == "confirmed")
    waiting = sum(1 for one in outcomes if one.signup and one.signup.state == "waiting")
    if confirmed:
        text = ngettext("You have a place in %(number)d session.", "You have places in %(number)d sessions.", confirmed)
        messages.success(request, text % {"number": confirmed})
    if waiting:
        text = ngettext(
            "%(number)d session is full: you are on its waiting list.",
            "%(number)d sessions are full: you are on their waiting lists.",
            waiting,
        )
        messages.info(request, text % {"number": waiting})
    for one in outcomes:
        if one.refusal is not None:
            text = _("“%(title)s”: %(reason)s") % {"title": one.session.title, "reason": one.refusal.message}
            messages.warning(request, text)
    return redirect(way_home(request, slug))


@require_POST
@participant_required
def take_part(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm a draft that was too late, or take part again after cancelling."""
    registration = access_registration(request, slug)
    if registration.consented_at is None:
        return redirect("website:start", slug)
    come_in(request, registration)
    return redirect("website:my_conference", slug)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """Give my registration back; asks first, and says what goes with it."""
    registration = access_registration(request, slug)
    if not registration.is_active and registration.state not in deciding.OPEN:
        return redirect("website:my_conference", slug)
    if request.method == "POST":
        _give_back(request, registration)
        return redirect("website:my_conference", slug)
    in_line = position(registration) is not None
    context = {"registration": registration, "in_line": in_line, "section": "my"}
    return page(request, "website/my/confirm_cancel.html", context, conference=registration.conference)


def _give_back(request: HttpRequest, registration: Registration) -> None:
    actor = registration.actor
    if registration.is_active:
        registering.cancel(registration, actor=actor)
        messages.success(request, _("Your registration is cancelled. Your places go to those who wait."))
        return
    left = _("Your registration is cancelled.") if position(registration) is None else _("You have left the line.")
    try:
        deciding.withdraw(registration, actor=actor)
    except deciding.DecisionRefused:
        messages.info(request, _("The organizers have decided meanwhile; nothing was cancelled."))
    else:
        messages.success(request, left)
