"""The organizers' way in, and the overview of one conference."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain.founders import may_found_team, teams_to_found_for
from accounts.models import User
from accounts.rights import Area
from notifications.models import Message
from notifications.ports.attention import shown_to
from organize.access import Desk, for_team, may_open, private
from organize.history.sentences import in_words
from organize.history.views import entries_for
from organize.mail.queries import outbox_counts
from organize.overview.attention import attention
from organize.overview.checklist import checklist
from organize.programme.conflict_rows import subjects_of
from organize.queries import DemandRow, demand_rows, registration_counts
from registration.models import Registration
from schedule.models import Conference, Draft, Release, Session

NEWEST = 10


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
    demand = demand_rows(conference)
    registrations, messages = registration_counts(conference), outbox_counts(conference)
    entries = list(entries_for(conference, rights)[:NEWEST])
    figures = [
        (Area.REGISTRATIONS, _("Registered"), sum(registrations[state] for state in Registration.ACTIVE)),
        (
            Area.REGISTRATIONS,
            _("Not confirmed yet"),
            registrations[Registration.State.DRAFT] + registrations[Registration.State.SUBMITTED],
        ),
        (Area.DESK, _("Places taken"), sum(row.seats.taken for row in demand)),
        (Area.DESK, _("Waiting"), sum(row.seats.waiting for row in demand)),
        (Area.MAILS, _("Mails sent"), messages[Message.State.SENT]),
        (Area.MAILS, _("Mails to go"), sum(messages[state] for state in Message.OPEN)),
    ]
    items = attention(
        conference,
        subjects=subjects,
        release=release,
        demand=demand,
        registrations=registrations,
        failed=messages[Message.State.FAILED],
    )
    steps = checklist(conference) if desk.may_change else []
    sees_programme = rights.may_see(Area.PROGRAMME)
    context = {
        "attention": shown_to(items, rights),
        "checklist": [step for step in steps if may_open(rights, step.url)],
        "figures": [(label, number) for area, label, number in figures if rights.may_see(area)],
        "programme": _programme(desk, release or next(iter(subjects), None), demand) if sees_programme else [],
        "release": release,
        "changes": in_words(conference, entries),
    }
    return desk.page("organize/overview/home.html", "home", context)


def _programme(desk: Desk, subject: Draft | Release | None, demand: list[DemandRow]) -> list[dict[str, Any]]:
    """The released sessions in order of time, or those of the newest draft; without both, all without a time."""
    conference = desk.conference
    if subject is None:
        sessions = Session.objects.for_conference(conference)
        return [{"code": one.code, "title": one.title, "start": None, "url": "", "seats": None} for one in sessions]
    seats = {row.code: row.seats for row in demand}
    may_move = desk.rights.may_change(Area.PROGRAMME) and desk.rights.themes is None
    rows = []
    for placed in subject.placements.select_related("session", "room"):
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
                "seats": seats.get(session.code) if isinstance(subject, Release) else None,
                "url": reverse(name, args=args),
            }
        )
    return rows
