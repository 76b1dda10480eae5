"""The timetables of different goals side by side, and a draft of one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organize.access import Desk, for_team
from organize.programme.attendance.table import first_wishes
from organize.programme.labels import term_name
from schedule.domain.searches.offers import take_up
from schedule.models import Draft, SolverAnswer, SolverRun

_TERMS = ("wish_clashes", "track_rooms", "person_gaps")


@dataclass(frozen=True)
class GoalOffer:
    """One of them: (name, figure) of what the goals are about, in the order of the table's heads."""

    number: int
    goal: str
    draft: Draft | None
    labelled: list[tuple[str, str]]


@dataclass(frozen=True)
class OfferTable:
    heads: list[str]
    offers: list[GoalOffer]


def offers_of(run: SolverRun) -> OfferTable | None:
    """What a search found for each goal; None where it was not asked for that, or nothing was found. One query."""
    if run.goal != SolverRun.Goal.EVERY:
        return None
    # What they hold is only read when a draft is made of one.
    rows = list(run.further.select_related("draft").defer("places"))
    if not rows:
        return None
    offers = [GoalOffer(row.number, str(SolverRun.Goal(row.goal).label), row.draft, _figures(row)) for row in rows]
    return OfferTable([head for head, _figure in offers[0].labelled], offers)


def _figures(row: SolverAnswer) -> list[tuple[str, str]]:
    terms = row.terms
    found = [(term_name(name), number_format(terms[name], 0, force_grouping=True)) for name in _TERMS]
    moved = _("%(times)d in time, %(rooms)d in room") % {"times": terms["moved_times"], "rooms": terms["moved_rooms"]}
    found.append((_("Moved from what is published"), moved))
    if row.attendance.get("people"):
        found.append((_("Can attend all of their first three wishes"), first_wishes(row.attendance)))
        found.append((_("Minutes of walking, per person"), number_format(row.attendance["mean_walk_minutes"], 1)))
    return found


@require_POST
@for_team(changing=True, once=True)
def make_draft(desk: Desk, run: int, number: int) -> HttpResponse:
    """Make a draft of what was found for one goal."""
    offers = SolverAnswer.objects.filter(run__conference=desk.conference, run__goal=SolverRun.Goal.EVERY)
    draft = take_up(get_object_or_404(offers, run=run, number=number), actor=desk.actor)
    messages.success(desk.request, _("“%(name)s” is a draft now.") % {"name": draft.name})
    return redirect("organize:draft", desk.conference.slug, draft.pk)
