"""Places against wishes, session by session, and the names behind them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.recording import record
from journal.retrying import retried
from notifications.facts import NamesExported
from organize.access import Desk, for_team
from organize.people.registration_forms import ClosingForm, EnterForm
from organize.people.tables import csv_file
from organize.queries import BAR_HEIGHT, BAR_LEFT, BAR_WIDTH, demand_picture, demand_rows, people_of
from schedule.models import Session

SECTION = "signups"
PER_PAGE = 40


@require_safe
@for_team()
def signups(desk: Desk) -> HttpResponse:
    """All sessions people sign up for; `?show=waiting` only those with a waiting list."""
    rows = demand_rows(desk.conference)
    only_waiting = desk.request.GET.get("show") == "waiting"
    shown = [row for row in rows if row.seats.waiting] if only_waiting else rows
    page = Paginator(shown, PER_PAGE).get_page(desk.request.GET.get("page"))
    bars = demand_picture(list(page))
    context = {
        "rows": list(page),
        "figures": [
            (_("Places"), sum(row.seats.capacity for row in rows)),
            (_("Taken"), sum(row.seats.taken for row in rows)),
            (_("Waiting"), sum(row.seats.waiting for row in rows)),
            (_("Offered"), sum(row.offered for row in rows)),
            (_("Wishes"), sum(row.wanted for row in rows)),
        ],
        "bars": bars,
        "picture": {"height": len(bars) * BAR_HEIGHT, "left": BAR_LEFT, "width": BAR_LEFT + BAR_WIDTH + 4},
        "only_waiting": only_waiting,
        "page_obj": page,
        "query": "show=waiting&" if only_waiting else "",
    }
    return desk.page("organize/people/signups.html", SECTION, context)


def session_of(desk: Desk, code: str) -> Session:
    """A session of this conference; Http404 for any other."""
    sessions = Session.objects.for_conference(desk.conference).select_related("conference", "kind", "seats")
    return get_object_or_404(sessions, code=code)


@require_safe
@for_team()
def session(desk: Desk, code: str) -> HttpResponse:
    """Who has, was offered or awaits a place."""
    return session_page(desk, session_of(desk, code))


def session_page(
    desk: Desk,
    found: Session,
    *,
    closing_form: ClosingForm | None = None,
    enter_form: EnterForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a session's sign-ups, with a form that was refused."""
    seats = getattr(found, "seats", None)
    context = {
        "session": found,
        "seats": seats if seats is not None and seats.during is not None else None,
        "is_closed": seats is not None and seats.is_closed(timezone.now()),
        "people": people_of(found),
        "closing_form": closing_form or ClosingForm(None, session=found),
        "enter_form": enter_form or EnterForm(None, conference=desk.conference),
    }
    return desk.page("organize/people/session_signups.html", SECTION, context, status=status)


@retried
@require_safe
@for_team()
def names(desk: Desk, code: str) -> HttpResponse:
    """The same as a file. Who took it along stands in the journal; whoever asks by HEAD is given no names."""
    found = session_of(desk, code)
    people = people_of(found)
    if desk.request.method == "GET":
        fact = NamesExported(conference_id=desk.conference.pk, subject_id=found.pk, rows=len(people))
        with transaction.atomic():
            record(fact, actor=desk.actor)
    header = [_("Name"), _("Name in Latin letters"), _("Organisation"), _("Country"), _("State"), _("In line since")]
    rows = [
        [
            one.registration.display_name,
            one.registration.latin_name,
            one.registration.affiliation,
            one.registration.country,
            one.get_state_display(),
            desk.conference.local(one.queued_at).strftime("%Y-%m-%d %H:%M"),
        ]
        for one in people
    ]
    return csv_file(f"{desk.conference.slug}-{found.code}", header, rows)
