"""The audit log of one conference."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from journal.facts import Concern
from journal.models import Entry
from notifications.organize.gates import Desk, for_team
from notifications.organize.journal_words import in_words

PER_PAGE = 50
NAMES = {
    Concern.PROGRAMME: gettext_lazy("Programme"),
    Concern.TIMETABLE: gettext_lazy("Drafts, searches and rules"),
    Concern.PLACE: gettext_lazy("Places"),
    Concern.PERSON: gettext_lazy("Registrations and invitations"),
    Concern.DELIVERY: gettext_lazy("Mails, calendars and webhooks"),
    Concern.TEAM: gettext_lazy("The team"),
}


@require_safe
@for_team()
def journal(desk: Desk) -> HttpResponse:
    """Everything that was changed, by whom and when, the newest first."""
    entries = Entry.objects.filter(conference_id=desk.conference.pk).order_by("-pk")
    about = desk.request.GET.get("about", "")
    if about in Concern.values:
        entries = entries.filter(concerns=about)
    else:
        about = ""
    page = Paginator(entries, PER_PAGE).get_page(desk.request.GET.get("page"))
    context = {
        "changes": in_words(desk.conference, list(page)),
        "page_obj": page,
        "about": about,
        "concerns": [(one.value, NAMES[one]) for one in Concern],
        "query": f"about={about}&" if about else "",
    }
    return desk.page("organize/journal.html", "journal", context)
