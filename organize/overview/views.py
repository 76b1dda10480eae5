"""The organizers' way in, and the overview of one conference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain.founders import may_found_team, teams_to_found_for
from accounts.models import User
from accounts.rights import Area
from notifications.mails.organizer_digests import still_come
from notifications.models import Message
from notifications.ports.attention import AttentionItem, shown_to
from organize.access import Desk, for_team, may_open, private
from organize.history.views import entries_for, grouped, newest_of_acts
from organize.overview.attention import LOOKS, ProgrammeLook, at_hand, by_pressure
from organize.overview.checklist import checklist
from organize.overview.findings import NotFoundYetError, OverviewFindings
from organize.overview.state_counts import state_counts
from organize.programme.conflict_rows import Subject, subjects_of
from organize.queries import demand_totals
from registration.domain.signups.queries import SeatsLeft
from registration.models import Registration, SignUp
from schedule.models import Conference, Draft, Release, Session

NEWEST = 10
# Sessions that are shown; the page of all sessions has the others.
NEXT = 12


@private
@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The conferences of the organizer's teams."""
    user = cast("User", request.user)  # login_required has seen to it
    context = {
        "conferences": Conference.objects.for_user(user),
        "may_found": may_found_team(user) or teams_to_found_for(user).exists(),
        "factor_needed": Conference.objects.awaiting_second_factor(user).exists(),
        "section": "organize",
    }
    return render(request, "organize/overview/index.html", context)


@require_safe
@for_team()
def home(desk: Desk) -> HttpResponse:
    """What needs attention, figures, the programme and the latest changes, as far as they may see them."""
    conference, rights = desk.conference, desk.rights
    subjects = subjects_of(conference)
    release = next((one for one in subjects if isinstance(one, Release)), None)
    demand = demand_totals(conference)
    counts = state_counts(conference)
    registrations, messages = counts.registrations, counts.messages
    entries = entries_for(conference, rights)
    newest = list(newest_of_acts(entries)[:NEWEST])
    figures = [
        (Area.REGISTRATIONS, _("Registered"), sum(registrations[state] for state in Registration.ACTIVE)),
        (
            Area.REGISTRATIONS,
            _("Not confirmed yet"),
            registrations[Registration.State.DRAFT] + registrations[Registration.State.SUBMITTED],
        ),
        (Area.DESK, _("Places taken"), demand.taken),
        (Area.DESK, _("Waiting"), demand.waiting),
        (Area.MAILS, _("Mails sent"), messages[Message.State.SENT]),
        (Area.MAILS, _("Mails to go"), sum(messages[state] for state in Message.OPEN)),
    ]
    items = at_hand(
        conference,
        release=release,
        demand=demand,
        registrations=registrations,
        failed=messages[Message.State.FAILED],
    )
    steps = checklist(conference) if desk.may_change else []
    sees_programme = rights.may_see(Area.PROGRAMME)
    found, looks = _known(conference, subjects) if sees_programme else ([], [])
    context = {
        "attention": by_pressure(shown_to([*items, *found], rights)),
        "looks": looks,
        "checklist": [step for step in steps if may_open(rights, step.url)],
        "figures": [(label, number) for area, label, number in figures if rights.may_see(area)],
        "programme": _programme(desk, release or next(iter(subjects), None)) if sees_programme else [],
        "release": release,
        "changes": grouped(conference, entries, newest, rights),
        "mails_come": desk.may_change and still_come(conference, now=timezone.now()),
    }
    return desk.page("organize/overview/home.html", "home", context)


def _known(
    conference: Conference, subjects: Sequence[Subject]
) -> tuple[list[AttentionItem], list[tuple[str, ProgrammeLook]]]:
    """What is known to be wrong with the programme, and the looks that nobody has taken since it changed. One query."""
    findings = OverviewFindings(conference, anew=False)
    items, looks = [], []
    for what, look in LOOKS.items():
        try:
            items += look.find(conference, subjects, findings)
        except NotFoundYetError:
            looks.append((what, look))
    return items, looks


@require_safe
@for_team()
def look(desk: Desk, what: str) -> HttpResponse:
    """One look at the whole programme. An address of its own: the overview does not wait for it."""
    if what not in LOOKS:
        raise Http404
    found = LOOKS[what].find(desk.conference, subjects_of(desk.conference), OverviewFindings(desk.conference))
    context = {"what": what, "look": LOOKS[what], "attention": by_pressure(found)}
    return desk.page("organize/overview/look.html", "home", context)


def _programme(desk: Desk, subject: Draft | Release | None) -> list[dict[str, Any]]:
    """The next sessions: of the release what is not over, else of the newest draft; without both, without a time."""
    conference = desk.conference
    if subject is None:
        sessions = Session.objects.for_conference(conference)[:NEXT]
        return [{"code": one.code, "title": one.title, "start": None, "url": "", "seats": None} for one in sessions]
    is_public = isinstance(subject, Release)
    coming = {"end__gt": timezone.now()} if is_public else {}
    waits = Count("session__signups", filter=Q(session__signups__state=SignUp.State.WAITING))
    placements: Iterable[Any] = (
        subject.placements.filter(**coming)
        .select_related("session__kind", "session__seats", "room")
        .annotate(waits=waits)
        .order_by("start", "session__code")[:NEXT]
    )
    may_move = desk.rights.may_change(Area.PROGRAMME) and desk.rights.themes is None
    rows = []
    for placed in placements:
        session = placed.session
        args: tuple[str, ...]
        name, args = "website:session", (conference.slug, session.code)
        if isinstance(subject, Draft):
            name = "organize:session"
            if may_move:
                name, args = "organize:move", (conference.slug, str(subject.pk), session.code)
        rows.append(
            {
                "code": session.code,
                "title": session.title,
                "start": conference.local(placed.start),
                "end": conference.local(placed.end),
                "room": {"name": placed.room.name},
                "state": session.state,
                "seats": SeatsLeft(session.seats.capacity, session.seats.taken, placed.waits)
                if is_public and session.takes_signups
                else None,
                "url": reverse(name, args=args),
            }
        )
    return rows
