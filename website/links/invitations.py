"""The page behind the link in an invitation, where speakers and hosts say whether they will."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from registration.domain.registrations.tokens import TokenPurpose, token_for
from schedule.domain.programme.invitations import answer_invitation
from schedule.domain.programme.names import role_name
from schedule.models import Invitation, Release, ReleasedPlacement, Session


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def invitation(request: HttpRequest, uid: UUID, token: str) -> HttpResponse:
    """Ask what the person was invited to, and take each answer; it may be changed later.

    Whoever is invited as several things to one session finds all of them here. Opening the page changes nothing: mail
    scanners open links too. It signs nobody in.
    """
    if not constant_time_compare(token, token_for(TokenPurpose.INVITATION, uid)):
        raise Http404
    found = get_object_or_404(Invitation.objects.select_related("session__conference", "person"), uid=uid)
    problem = ""
    if request.method == "POST":
        problem = _answer(request, found)
    conference = found.session.conference
    rows, placed = _all_of(found), _placed(found.session)
    is_off = found.session.state == Session.State.CANCELLED or (placed is not None and placed.end <= timezone.now())
    context = {
        "conference": conference,
        "session": found.session,
        "name": "" if found.person.taken_down_at else found.person.name,
        "rows": [
            (row, role_name(row.role.role) if row.role else row.host.body.name if row.host else "") for row in rows
        ],
        "open": bool(rows) and not is_off,
        "placed": placed,
        "problem": problem,
        "done": request.method == "POST" and not problem,
    }
    with timezone.override(conference.zone):
        status = 409 if problem else 200
        response = render(request, "website/links/invitation.html", context, status=status)
    # The address is a secret: no other site learns it from a link that is followed.
    response["Referrer-Policy"] = "no-referrer"
    return response


def _all_of(found: Invitation) -> QuerySet[Invitation]:
    """What the same person is asked about the same session, as far as they are still the one who is asked."""
    rows = Invitation.objects.current().filter(session=found.session, person=found.person)
    return rows.select_related("role", "host__body").order_by("pk")


def _answer(request: HttpRequest, found: Invitation) -> str:
    """Take an answer about one of them; say what stood against it."""
    answer = request.POST.get("answer", "")
    if answer not in Invitation.Answer.values:
        raise Http404
    named = {str(row.uid): row for row in _all_of(found)}.get(request.POST.get("about", ""), found)
    try:
        answer_invitation(named, answer, now=timezone.now())
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def _placed(session: Session) -> ReleasedPlacement | None:
    """Where and when the newest release has it."""
    newest = Release.objects.filter(conference=session.conference).order_by("-number").values("pk")[:1]
    return ReleasedPlacement.objects.filter(session=session, release__in=newest).first()
