"""When registration is open and sign-up closes; entering people into sessions by hand."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organize.access import Desk, for_team
from organize.people.registration_forms import ClosingForm, EnterForm, TimesForm
from organize.people.signups import session_of, session_page
from registration.domain.attending.by_hand import enter_by_hand
from registration.domain.signups.refusals import SignUpRefused
from schedule.domain.programme.closing_times import change_session_closing, change_times


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def times(desk: Desk) -> HttpResponse:
    """Set when registration opens and closes, and how long before a session its sign-up does."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = TimesForm(data, conference=desk.conference)
    if form.is_valid():
        change_times(desk.conference, actor=desk.actor, **form.cleaned_data)
        notices.success(desk.request, _("Saved."))
        return redirect("organize:registrations", desk.conference.slug)
    context = {"form": form}
    status = 422 if form.errors else 200
    return desk.page("organize/people/registration_times.html", "registrations", context, status=status)


@require_POST
@for_team(changing=True)
def closing(desk: Desk, code: str) -> HttpResponse:
    """Set when sign-up for one session closes."""
    session = session_of(desk, code)
    form = ClosingForm(desk.request.POST, session=session)
    if not form.is_valid():
        return session_page(desk, session, closing_form=form, status=422)
    change_session_closing(session, minutes=form.cleaned_data["minutes"], actor=desk.actor)
    notices.success(desk.request, _("Saved."))
    return redirect("organize:session_signups", desk.conference.slug, code)


@require_POST
@for_team(changing=True, once=True)
def enter(desk: Desk, code: str) -> HttpResponse:
    """Enter somebody who is registered into a session, also after its sign-up has closed."""
    session = session_of(desk, code)
    form = EnterForm(desk.request.POST, conference=desk.conference)
    if form.is_valid():
        person = form.cleaned_data["who"]
        try:
            enter_by_hand(person, session, actor=desk.actor)
        except SignUpRefused as refusal:
            form.add_error("who", refusal.message)
        else:
            said = _("%(name)s has a place.") % {"name": person.display_name or person.participant.email}
            notices.success(desk.request, said)
            return redirect("organize:session_signups", desk.conference.slug, code)
    return session_page(desk, session, enter_form=form, status=422)
