"""Inviting people into the team: by mail, withdrawn and sent again."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain import invitations
from accounts.domain.invitations import InvitationRefused
from accounts.domain.teams import TeamChangeRefused
from accounts.models import TeamInvitation
from organize.access import Desk, for_team
from organize.account.tries import INVITATIONS_PER_ACCOUNT, LONGEST, TooManyTries
from organize.teams.forms import InviteForm
from organize.teams.views import SECTION, team_of
from registration.domain.registrations.limits import allowed


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def invite(desk: Desk) -> HttpResponse:
    """Whom to invite, with which rights. Nobody has us write to strangers without end."""
    team, now = team_of(desk), timezone.now()
    data = desk.request.POST if desk.request.method == "POST" else None
    form = InviteForm(data, conference=desk.conference, team=team, giver=desk.rights)
    if data is not None and form.is_valid():
        _count(desk)
        email, language = form.cleaned_data["email"], form.cleaned_data["language"]
        try:
            invitations.invite(team, email, form.granted, language=language, giver=desk.user, actor=desk.actor, now=now)
        except TeamChangeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell_sent(desk, email)
            return redirect("organize:team", desk.conference.slug)
    return desk.page("organize/teams/invite.html", SECTION, {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_team(changing=True, once=True)
def again(desk: Desk, pk: int) -> HttpResponse:
    """Mail a new link; the earlier one works no more."""
    found = _invitation(desk, pk)
    _count(desk)
    try:
        invitations.invite_again(found, giver=desk.user, actor=desk.actor, now=timezone.now())
    except (InvitationRefused, TeamChangeRefused) as refusal:
        notices.warning(desk.request, str(refusal) or _("This invitation was settled meanwhile."))
    else:
        _tell_sent(desk, found.email)
    return redirect("organize:team", desk.conference.slug)


@require_POST
@for_team(changing=True)
def withdraw(desk: Desk, pk: int) -> HttpResponse:
    """Let the link work no more."""
    found = _invitation(desk, pk)
    try:
        invitations.withdraw(found, giver=desk.user, actor=desk.actor, now=timezone.now())
    except (InvitationRefused, TeamChangeRefused) as refusal:
        notices.warning(desk.request, str(refusal) or _("This invitation was settled meanwhile."))
    else:
        notices.success(desk.request, _("The link for %(email)s works no more.") % {"email": found.email})
    return redirect("organize:team", desk.conference.slug)


def _invitation(desk: Desk, pk: int) -> TeamInvitation:
    return get_object_or_404(TeamInvitation.objects.select_related("team"), pk=pk, team=desk.conference.team_id)


def _count(desk: Desk) -> None:
    if not allowed(INVITATIONS_PER_ACCOUNT, str(desk.user.pk), now=timezone.now()):
        raise TooManyTries(desk.request, LONGEST)


def _tell_sent(desk: Desk, email: str) -> None:
    said = _("We mail a link to %(email)s. It works once, within %(days)d days.")
    notices.success(desk.request, said % {"email": email, "days": invitations.VALID_FOR.days})
