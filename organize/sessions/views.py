"""Sessions with their people: whom to invite, who was invited, and what they answered."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Area
from organize.access import Desk, for_team
from organize.long_lists import page_of
from organize.sessions.invitation_queries import Asked, Asking, asked_of, sessions_with_people
from schedule.domain.programme.invitations import invite_to_host, invite_to_speak
from schedule.models import Release, ReleasedPlacement, Role, Session

SECTION = "sessions"
PER_PAGE = 50
ALL = "all"


@require_safe
@for_team()
def sessions(desk: Desk) -> HttpResponse:
    """Every session with how many of its people were asked, and how they answered."""
    page = page_of(sessions_with_people(desk.conference), desk.request.GET, PER_PAGE)
    rows = []
    for one in page:
        roles, hosts = asked_of(one)
        counts = Counter(asked.state.value for asked in [*roles, *hosts])
        rows.append(
            {
                "session": one,
                "people": len(roles),
                "hosts": len(hosts),
                "yes": counts[Asking.YES],
                "no": counts[Asking.NO],
                "waiting": counts[Asking.ASKED],
                "not_asked": counts[Asking.NOT_ASKED],
            }
        )
    return desk.page("organize/sessions/sessions.html", SECTION, {"rows": rows, "page_obj": page})


def _session(desk: Desk, code: str) -> Session:
    return get_object_or_404(sessions_with_people(desk.conference).select_related("kind", "theme"), code=code)


@require_safe
@for_team()
def session(desk: Desk, code: str) -> HttpResponse:
    """One session: what it is, who appears in it and who hosts it, with their invitations."""
    found = _session(desk, code)
    roles, hosts = asked_of(found)
    newest = Release.objects.filter(conference=desk.conference).order_by("-number").values("pk")[:1]
    theme = found.theme.code if found.theme else None
    takes_place = found.state != Session.State.CANCELLED
    context = {
        "session": found,
        "placed": ReleasedPlacement.objects.filter(session=found, release__in=newest).first(),
        "groups": [(_("Who appears"), roles, _("Nobody yet.")), (_("Who hosts"), hosts, _("No organisation yet."))],
        "names_shown": desk.rights.may_see(Area.DESK) and desk.rights.may_reach(theme),
        "may_invite": desk.may_change and takes_place,
        "not_asked": sum(one.state is Asking.NOT_ASKED for one in [*roles, *hosts]),
    }
    return desk.page("organize/sessions/session.html", SECTION, context)


@require_POST
@for_team(changing=True)
def invite(desk: Desk, code: str) -> HttpResponse:
    """Invite the one that is named, or everybody who was not invited yet."""
    found = _session(desk, code)
    roles, hosts = asked_of(found)
    everybody = {one.key: one for one in [*roles, *hosts]}
    wanted = desk.request.POST.get("whom", "")
    if wanted == ALL:
        chosen = [one for one in everybody.values() if one.state is Asking.NOT_ASKED]
    elif wanted in everybody:
        chosen = [everybody[wanted]]
    else:
        raise Http404
    done = sum(_invite(desk, one, again="again" in desk.request.POST) for one in chosen)
    if done:
        said = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", done)
        notices.success(desk.request, said % {"count": done})
    if not chosen:
        notices.info(desk.request, _("Everybody who can be written to was invited already."))
    return redirect("organize:session", desk.conference.slug, found.code)


def _invite(desk: Desk, asked: Asked, *, again: bool) -> bool:
    """Whether the invitation was made; says why when it was not."""
    try:
        if isinstance(asked.row, Role):
            invite_to_speak(asked.row, actor=desk.actor, again=again)
        else:
            invite_to_host(asked.row, actor=desk.actor, again=again)
    except ValidationError as refusal:
        notices.warning(desk.request, " ".join(refusal.messages))
        return False
    return True
