"""The audit log of one conference."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.rights import ALL, Area, Rights
from journal.facts import Concern, facts
from journal.models import Entry
from notifications.facts import MESSAGE
from organize.access import Desk, for_team
from organize.history.sentences import in_words
from registration.facts import REGISTRATION, SIGNUP
from schedule.facts.things import DRAFT, RELEASE, ROOM, SESSION
from schedule.models import Conference

PER_PAGE = 50
ABOUT = {thing.code: thing for thing in (SESSION, ROOM, DRAFT, RELEASE, REGISTRATION, SIGNUP, MESSAGE)}


# Who may read what an entry of each concern says.
_AREA_OF = {
    Concern.PROGRAMME: Area.PROGRAMME,
    Concern.TIMETABLE: Area.PROGRAMME,
    Concern.PLACE: Area.DESK,
    Concern.PERSON: Area.REGISTRATIONS,
    Concern.DELIVERY: Area.MAILS,
    Concern.TEAM: Area.TEAM,
}


def entries_for(conference: Conference, rights: Rights) -> QuerySet[Entry]:
    """What happened in the areas that somebody with these rights may see, the newest first."""
    entries = Entry.objects.filter(conference_id=conference.pk).order_by("-pk")
    if rights.sees >= ALL - {Area.ANSWERS, Area.PROPOSALS} and rights.themes is None:
        return entries
    shown = {concern for concern, area in _AREA_OF.items() if rights.may_see(area)}
    if rights.themes is not None:  # names of whoever signs up for sessions of other themes are not theirs to read
        shown -= {Concern.PLACE}
    return entries.filter(verb__in=[fact.verb for fact in facts() if fact.concerns in shown])


@require_safe
@for_team()
def journal(desk: Desk) -> HttpResponse:
    """Everything that was changed in the areas they may see, by whom and when, the newest first."""
    entries = entries_for(desk.conference, desk.rights)
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
