"""Whether the public is told of somebody who appears in the programme: one act for everything public, and back."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from organize.access import Desk, for_team
from organize.sessions.views import SECTION
from schedule.domain.programme.people import put_back, take_down
from schedule.models import Person, Session


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def in_public(desk: Desk, code: str) -> HttpResponse:
    """Ask before a person is taken down, or named again; then do it."""
    person = get_object_or_404(Person, conference=desk.conference, code=code)
    if desk.request.method == "POST":
        acts = {"take-down": _take_down, "put-back": _put_back}
        act = acts.get(desk.request.POST.get("act", ""))
        if act is None:
            raise Http404
        act(desk, person)
        return redirect("organize:in_public", desk.conference.slug, person.code)
    sessions = Session.objects.for_conference(desk.conference).filter(roles__person=person).distinct().order_by("code")
    context = {"person": person, "sessions": sessions}
    return desk.page("organize/sessions/in_public.html", SECTION, context)


def _take_down(desk: Desk, person: Person) -> None:
    take_down(person, actor=desk.actor)
    notices.success(desk.request, _("%(name)s is named nowhere in public any more.") % {"name": person.name})


def _put_back(desk: Desk, person: Person) -> None:
    put_back(person, actor=desk.actor)
    notices.success(desk.request, _("%(name)s is named in public again.") % {"name": person.name})
