"""The audit log of one conference."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.rights import ALL, Area, Rights
from journal.facts import Concern, facts
from journal.models import Entry
from notifications.facts import MESSAGE
from organize.access import Desk, for_team
from organize.history.sentences import HistoryLine, in_words
from registration.facts import REGISTRATION, SIGNUP, of_places
from schedule.facts.things import DRAFT, RELEASE, ROOM, SESSION
from schedule.models import Conference

PER_PAGE = 50
OF_ACT = "of_act"
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


def grouped(
    conference: Conference, entries: QuerySet[Entry], heads: Sequence[Entry], rights: Rights
) -> list[HistoryLine]:
    """One line for each act that `heads`, of `newest_of_acts`, stand for: told by what was done, not by what that meant
    for people's places. One query besides those of the words.
    """
    counts = {entry.act: getattr(entry, OF_ACT) for entry in heads if entry.act}
    many = [act for act, count in counts.items() if count > 1]
    leading = entries.filter(act__in=many).exclude(verb__in=of_places()).order_by("act", "-pk").distinct("act")
    leads = {entry.act: entry for entry in leading} if many else {}
    shown = [leads.get(entry.act, entry) for entry in heads]
    return in_words(conference, shown, rights, {act: count - 1 for act, count in counts.items() if act})


def newest_of_acts(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of entries that one act wrote only the newest, with how many there are (`OF_ACT`); others as they are."""
    same = entries.order_by().filter(act=OuterRef("act"))
    of_act = Subquery(same.values("act").annotate(number=Count("pk")).values("number"))
    return entries.filter(~Exists(same.filter(pk__gt=OuterRef("pk")))).annotate(**{OF_ACT: of_act})


def act_of(asked: str) -> UUID | None:
    """The act that an address names; None for what is none."""
    with suppress(ValueError):
        return UUID(asked)
    return None


@require_safe
@for_team()
def journal(desk: Desk) -> HttpResponse:
    """Everything that was changed in the areas they may see, by whom and when, the newest first; what one act changed
    is one row that opens.
    """
    entries = entries_for(desk.conference, desk.rights)
    about = desk.request.GET.get("about", "")
    if about in ABOUT:
        entries = entries.filter(verb__in=[fact.verb for fact in facts() if fact.subject == ABOUT[about]])
    asked = desk.request.GET.get("act", "")
    act = act_of(asked)
    rows = entries.filter(act=act) if act else newest_of_acts(entries)
    page = Paginator(rows, PER_PAGE).get_page(desk.request.GET.get("page"))
    unknown = [(pgettext("journal", "About"), about)] if about and about not in ABOUT else []
    if asked and not act:
        unknown.append((_("Change"), asked))
    query = {name: value for name, value in (("about", about), ("act", asked)) if value}
    context = {
        "changes": in_words(desk.conference, list(page), desk.rights)
        if act
        else grouped(desk.conference, entries, list(page), desk.rights),
        "page_obj": page,
        "about": about,
        "act": act,
        "unknown": unknown,
        "query": urlencode(query) + "&" if query else "",
    }
    return desk.page("organize/history/journal.html", "journal", context)
