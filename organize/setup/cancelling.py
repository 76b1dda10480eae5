"""Cancelling a session, and letting it take place after all."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from organize.programme.rehearsal import Rehearsal, rehearsed
from registration.models import SignUp
from schedule.domain.programme.sessions import cancel_session, reinstate_session
from schedule.domain.timetables.queries import newest_release
from schedule.models import Session

_ACTS = {"cancel": cancel_session, "reinstate": reinstate_session}
# What each finds; a second press changes nothing.
_FROM = {"cancel": Session.State.ACCEPTED, "reinstate": Session.State.CANCELLED}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def cancel(desk: Desk, pk: int) -> HttpResponse:
    """Ask, with the number of people it concerns and of those who would have something again; then do it."""
    session = get_object_or_404(Session, conference=desk.conference, pk=pk)
    if desk.request.method == "POST":
        act = desk.request.POST.get("act", "")
        if act not in _ACTS:
            raise Http404
        if session.state == _FROM[act]:
            _ACTS[act](session, actor=desk.actor)
        said = {
            "cancel": _("“%(title)s” is cancelled. Everybody who had a place is told."),
            "reinstate": _("“%(title)s” takes place again."),
        }
        notices.success(desk.request, said[act] % {"title": session.title})
        return redirect("organize:session_edit", desk.conference.slug, session.pk)
    context: dict[str, Any] = {"session": session}
    if session.state == Session.State.CANCELLED:
        context["rehearsal"] = _reinstated(desk, session)
    else:
        context["holding"] = SignUp.objects.filter(session=session).exclude(state=SignUp.State.LEFT).count()
    return desk.page("organize/setup/cancel.html", "setup", context)


def _reinstated(desk: Desk, session: Session) -> Rehearsal:
    """What it would do to people, found by doing it and taking it back."""

    def reinstate() -> None:
        reinstate_session(copy(session), actor=desk.actor)

    return rehearsed(desk.conference, newest_release(desk.conference), reinstate, names=False)
