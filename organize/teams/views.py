"""Who works on the conference, in which role, and what the team asks of them."""

from __future__ import annotations

from django.contrib import messages as notices
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.domain.teams import TeamChangeRefused, change_role, set_second_factor_rule, take_role
from accounts.models import Membership, Team
from accounts.queries import factor_of_row
from organize.access import Desk, for_team
from organize.teams.forms import RoleForm, TeamRuleForm

SECTION = "team"


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def team(desk: Desk) -> HttpResponse:
    """The members with their roles; owners change them, and say whether a second factor is asked for."""
    found = _team(desk)
    if desk.request.method == "POST" and not desk.is_owner:
        raise Http404
    form = TeamRuleForm(desk.request.POST if desk.request.method == "POST" else None, team=found)
    if form.is_valid():
        set_second_factor_rule(found, wanted=form.cleaned_data["second_factor"], actor=desk.actor)
        notices.success(desk.request, _("Saved. It holds for every conference of the team."))
        return redirect("organize:team", desk.conference.slug)
    members = found.memberships.select_related("user").order_by("user__email")
    protected = ExpressionWrapper(factor_of_row("user"), output_field=BooleanField())
    context = {
        "team": found,
        "form": form,
        "members": [(one, RoleForm(membership=one)) for one in members.annotate(has_factor=protected)],
        "is_owner": desk.is_owner,
    }
    return desk.page("organize/teams/team.html", SECTION, context)


@require_POST
@for_team(owning=True)
def role(desk: Desk, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = _member(desk, pk)
    form = RoleForm(desk.request.POST, membership=membership)
    if not form.is_valid():
        raise Http404
    try:
        change_role(membership, form.cleaned_data["role"], actor=desk.actor)
    except TeamChangeRefused as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("Saved: the role was changed."))
    return redirect("organize:team", desk.conference.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(owning=True)
def leave(desk: Desk, pk: int) -> HttpResponse:
    """Ask whether somebody is to leave the team; the button does it."""
    membership = _member(desk, pk)
    if desk.request.method != "POST":
        return desk.page("organize/teams/leave.html", SECTION, {"member": membership, "team": membership.team})
    try:
        take_role(membership, actor=desk.actor)
    except TeamChangeRefused as refusal:
        notices.warning(desk.request, str(refusal))
    else:
        notices.success(desk.request, _("Saved: %(name)s is in the team no more.") % {"name": membership.user})
        if membership.user_id == desk.user.pk and not desk.user.is_superuser:
            return redirect("organize:index")
    return redirect("organize:team", desk.conference.slug)


def _team(desk: Desk) -> Team:
    if desk.conference.team is None:
        raise Http404
    return desk.conference.team


def _member(desk: Desk, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user", "team"), pk=pk, team=desk.conference.team_id)
