"""Cancelling a session, and letting it take place after all."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from registration.models import SignUp
from schedule.domain.programme.sessions import cancel_session, reinstate_session
from schedule.models import Session

_ACTS = {"cancel": cancel_session, "reinstate": reinstate_session}
# What each finds; a second press changes nothing.
_FROM = {"cancel": Session.State.ACCEPTED, "reinstate": Session.State.CANCELLED}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def cancel(desk: Desk, pk: int) -> HttpResponse:
    """Ask, with the number of people it concerns; then do it."""
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
    holding = SignUp.objects.filter(session=session).exclude(state=SignUp.State.LEFT).count()
    return desk.page("organize/setup/cancel.html", "setup", {"session": session, "holding": holding})
