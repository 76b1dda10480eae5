"""The audit log of one conference."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from journal.facts import facts
from journal.models import Entry
from notifications.facts import MESSAGE
from organize.access import Desk, for_team
from organize.history.sentences import in_words
from registration.facts import REGISTRATION, SIGNUP
from schedule.facts.things import DRAFT, RELEASE, ROOM, SESSION

PER_PAGE = 50
ABOUT = {thing.code: thing for thing in (SESSION, ROOM, DRAFT, RELEASE, REGISTRATION, SIGNUP, MESSAGE)}


@require_safe
@for_team()
def journal(desk: Desk) -> HttpResponse:
    """Everything that was changed, by whom and when, the newest first."""
    entries = Entry.objects.filter(conference_id=desk.conference.pk).order_by("-pk")
    about = desk.request.GET.get("about", "")
    if about in ABOUT:
        entries = entries.filter(verb__in=[fact.verb for fact in facts() if fact.subject == ABOUT[about]])
    page = Paginator(entries, PER_PAGE).get_page(desk.request.GET.get("page"))
    context = {
        "changes": in_words(desk.conference, list(page)),
        "page_obj": page,
        "about": about,
        "unknown": [(pgettext("journal", "About"), about)] if about and about not in ABOUT else [],
        "query": urlencode({"about": about}) + "&" if about else "",
    }
    return desk.page("organize/history/journal.html", "journal", context)
