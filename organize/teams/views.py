"""Who works on the conference, with which rights, and what the team asks of them."""

from __future__ import annotations

from django.contrib import messages as notices
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.domain.teams import Granted, TeamChangeRefused, change_role, set_second_factor_rule, take_role
from accounts.facts import in_words
from accounts.models import Grant, Membership, Team
from accounts.queries import factor_of_row
from accounts.rights import MATRIX, Area, RoleName
from organize.access import Desk, for_team
from organize.teams.forms import RightsForm, TeamRuleForm

SECTION = "team"


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def team(desk: Desk) -> HttpResponse:
    """The members with their rights, who is invited, what each role may do, and whether they need a second factor."""
    found = team_of(desk)
    form = TeamRuleForm(desk.request.POST if desk.request.method == "POST" else None, team=found)
    if form.is_valid():
        set_second_factor_rule(found, wanted=form.cleaned_data["second_factor"], actor=desk.actor)
        notices.success(desk.request, _("Saved. It holds for every conference of the team."))
        return redirect("organize:team", desk.conference.slug)
    members = found.memberships.select_related("user").order_by("user__email")
    protected = ExpressionWrapper(factor_of_row("user"), output_field=BooleanField())
    invited = found.invitations.filter(accepted_at=None, withdrawn_at=None).order_by("email")
    now = timezone.now()
    context = {
        "team": found,
        "form": form,
        "members": [(one, told(one), _may_touch(desk, one)) for one in members.annotate(has_factor=protected)],
        "invited": [(one, told(one), one.is_open(now), _may_touch(desk, one)) for one in invited],
        "roles": [RoleName(role).label for role in MATRIX],
        "matrix": [(area.label, [MATRIX[role].level(area) for role in MATRIX]) for area in Area],
    }
    return desk.page("organize/teams/team.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def role(desk: Desk, pk: int) -> HttpResponse:
    """Give a member another role, or other rights."""
    membership = _member(desk, pk)
    data = desk.request.POST if desk.request.method == "POST" else None
    form = RightsForm(data, team=membership.team, giver=desk.rights, present=Granted.of(membership))
    if data is not None and form.is_valid():
        try:
            change_role(membership, form.granted, actor=desk.actor, giver=desk.user)
        except TeamChangeRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            notices.success(desk.request, _("Saved: the rights of %(name)s.") % {"name": membership.user})
            return _back(desk, membership)
    context = {"form": form, "member": membership}
    return desk.page("organize/teams/role.html", SECTION, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True, once=True)
def leave(desk: Desk, pk: int) -> HttpResponse:
    """Ask whether somebody is to leave the team; the button does it."""
    membership = _member(desk, pk)
    if desk.request.method != "POST":
        return desk.page("organize/teams/leave.html", SECTION, {"member": membership, "team": membership.team})
    try:
        take_role(membership, actor=desk.actor, giver=desk.user)
    except TeamChangeRefused as refusal:
        notices.warning(desk.request, str(refusal))
        return redirect("organize:team", desk.conference.slug)
    notices.success(desk.request, _("Saved: %(name)s is in the team no more.") % {"name": membership.user})
    return _back(desk, membership)


def team_of(desk: Desk) -> Team:
    """The team of the conference; Http404 where it has none."""
    if desk.conference.team is None:
        raise Http404
    return desk.conference.team


def told(row: Grant) -> str:
    """Somebody's rights in words."""
    granted = Granted.of(row)
    return in_words(granted.role, granted.codes())


def _may_touch(desk: Desk, row: Grant) -> bool:
    """Whether this reader may give or take these rights; the domain judges it again."""
    return desk.may_change and desk.rights.cover(row.rights)


def _back(desk: Desk, changed: Membership) -> HttpResponse:
    """To the team; whoever changed themselves may not see it any more."""
    if changed.user_id == desk.user.pk and not desk.user.is_superuser:
        return redirect("organize:index")
    return redirect("organize:team", desk.conference.slug)


def _member(desk: Desk, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user", "team"), pk=pk, team=desk.conference.team_id)
