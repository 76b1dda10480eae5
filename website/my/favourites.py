"""Favourites that were kept in a browser become wishes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registration.domain.registrations import deciding, registering
from registration.domain.registrations.access import access_registration, participant_required
from registration.domain.registrations.answers import MOST_WISHES, wished_sessions
from schedule.domain.programme.closing_times import is_over
from website.my.choices import way_home
from website.pages import personal

# As many as a browser keeps (static/js/favourites.js).
MOST_FAVOURITES = 200


@personal
@require_POST
@participant_required
def take_favourites(request: HttpRequest, slug: str) -> HttpResponse:
    """Add the sessions with these codes to my wishes, in one act, as far as there is room for them. The address it
    leads to tells the browser so, and which are left.
    """
    registration = access_registration(request, slug)
    home = way_home(request, slug)
    if not (registration.is_active or registration.state in deciding.OPEN):
        messages.error(request, _("Without a registration there are no wishes. Your favourites stay in this browser."))
        return redirect(home)
    if is_over(registration.conference, now=timezone.now()):
        messages.info(request, _("The conference is over: there is nothing to wish for any more."))
        return redirect(home)
    codes = request.POST.get("codes", "").split(",")
    sessions = wished_sessions(registration.conference, codes, most=MOST_FAVOURITES)
    added = registering.add_interests(registration, sessions, actor=registration.actor)
    wished = set(registration.interests.values_list("session_id", flat=True))
    left = [session.code for session in sessions if session.pk not in wished]
    _tell(request, added, len(left))
    return redirect(way_home(request, slug, favourites="taken", **({"left": ",".join(left)} if left else {})))


def _tell(request: HttpRequest, added: int, left: int) -> None:
    if added:
        text = ngettext(
            "%(count)d favourite is now among your wishes.", "%(count)d favourites are now among your wishes.", added
        )
        messages.success(request, text % {"count": added})
    elif not left:
        messages.info(request, _("Your favourites are among your wishes already, or nobody signs up for them."))
    if left:
        text = ngettext(
            "%(count)d favourite stays in this browser: there are at most %(most)d wishes.",
            "%(count)d favourites stay in this browser: there are at most %(most)d wishes.",
            left,
        )
        messages.warning(request, text % {"count": left, "most": MOST_WISHES})
