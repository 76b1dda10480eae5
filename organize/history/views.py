"""The audit log of one conference."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from journal.models import Entry
from organize.access import Desk, for_team
from organize.history.sentences import in_words

PER_PAGE = 50
ABOUT = ("session", "room", "draft", "release", "registration", "signup", "message")


@require_safe
@for_team()
def journal(desk: Desk) -> HttpResponse:
    """Everything that was changed, by whom and when, the newest first."""
    entries = Entry.objects.filter(conference_id=desk.conference.pk).order_by("-pk")
    about = desk.request.GET.get("about", "")
    if about in ABOUT:
        entries = entries.filter(verb__startswith=f"{about}.")
    else:
        about = ""
    page = Paginator(entries, PER_PAGE).get_page(desk.request.GET.get("page"))
    context = {
        "changes": in_words(desk.conference, list(page)),
        "page_obj": page,
        "about": about,
        "query": f"about={about}&" if about else "",
    }
    return desk.page("organize/history/journal.html", "journal", context)
