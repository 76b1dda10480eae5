"""Searching for a timetable: asking for one, watching it, and what the answers are worth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organize.access import Desk, for_team
from organize.programme.views import draft_of
from organize.searches.forms import SearchForm, WeightsForm
from organize.searches.page import shown
from schedule.domain.searches import searches as runs
from schedule.domain.searches import weights as weighing
from schedule.models import Session, SolverRun
from schedule.solver.problem import Weights
from schedule.solver.tradeoffs.goals import GOALS

SHOWN = 20
NO_MORE_POLLING = 286
# A repair ends by itself once it is proved that nothing moves less; mostly within seconds.
REPAIR_SECONDS = 60


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(once=True)
def searches(desk: Desk) -> HttpResponse:
    """Earlier searches side by side, and the form for a new one; `from` is the draft to start from."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = SearchForm(data, conference=desk.conference, start=desk.request.GET.get("from", ""))
    status = 200
    if data is not None and "choose" not in data and form.is_valid():
        try:
            run = runs.ask(desk.conference, **form.cleaned_data, actor=desk.actor)
        except runs.AlreadySearching as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            return redirect("organize:search", desk.conference.slug, run.pk)
    asked = SolverRun.objects.for_conference(desk.conference).asked_for_drafts()
    found = list(asked.select_related("draft", "base")[:SHOWN])
    context = {"form": form, "runs": found, "busy": next((run for run in found if run.is_busy), None)}
    return desk.page("organize/searches/searches.html", "searches", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def weights(desk: Desk) -> HttpResponse:
    """Choose what counts how much, or go back to what is usual; `goal` fills the form with the weights of a goal."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = WeightsForm(data, weights=weighing.weights_of_goal(desk.conference, desk.request.GET.get("goal", "")))
    usual = data is not None and "usual" in data
    if usual or form.is_valid():
        changed = weighing.weigh(desk.conference, Weights() if usual else form.weights, actor=desk.actor)
        said = _("Saved. It holds from the next search on.") if changed else _("Nothing is different from before.")
        messages.success(desk.request, said)
        return redirect("organize:searches", desk.conference.slug)
    goals = [(goal, label) for goal, label in SolverRun.Goal.choices if goal in GOALS]
    context = {"form": form, "goals": goals}
    return desk.page("organize/searches/weights.html", "searches", context, status=422 if form.errors else 200)


def _run(desk: Desk, key: int) -> SolverRun:
    runs_here = SolverRun.objects.for_conference(desk.conference).asked_for_drafts().select_related("draft", "base")
    return get_object_or_404(runs_here, pk=key)


@require_safe
@for_team()
def search(desk: Desk, run: int) -> HttpResponse:
    """One search: its curve while it runs, then what came of it."""
    found = _run(desk, run)
    kept = Session.objects.for_conference(desk.conference).filter(code__in=found.kept) if found.kept else []
    return desk.page("organize/searches/search.html", "searches", shown(found) | {"kept": kept})


@require_safe
@for_team()
def progress(desk: Desk, run: int) -> HttpResponse:
    """The part of that page that changes; polling ends with the search."""
    found = _run(desk, run)
    status = 200 if found.is_busy else NO_MORE_POLLING
    return desk.page("organize/searches/search_progress.html", "searches", shown(found), status=status)


@require_POST
@for_team(changing=True)
def stop(desk: Desk, run: int) -> HttpResponse:
    """End a search and keep the best it has found."""
    found = _run(desk, run)
    runs.stop(found, actor=desk.actor)
    messages.info(desk.request, _("The search is being stopped. What it has found so far becomes a draft."))
    return redirect("organize:search", desk.conference.slug, found.pk)


@require_POST
@for_team(changing=True, once=True)
def again(desk: Desk, run: int) -> HttpResponse:
    """Have the same searched for once more."""
    found = _run(desk, run)
    if not found.may_be_repeated:
        raise Http404
    return _begin(desk, partial(runs.ask_again, found, actor=desk.actor), back=("organize:search", found.pk))


@require_POST
@for_team(changing=True, once=True)
def find_help(desk: Desk, run: int) -> HttpResponse:
    """Have the scheduler find what would help to a better timetable than the one a search has found."""
    found = _run(desk, run)
    if found.draft is None:
        raise Http404
    ask = partial(
        runs.ask,
        desk.conference,
        seconds=found.seconds,
        seed=found.seed,
        base=found.draft,
        actor=desk.actor,
        purpose=SolverRun.Purpose.HELP,
        kept=found.kept,
    )
    return _begin(desk, ask, back=("organize:search", found.pk))


@require_POST
@for_team(changing=True, once=True)
def repair(desk: Desk, draft: int) -> HttpResponse:
    """Have a draft repaired: the nearest timetable that keeps every rule becomes a draft of its own."""
    found = draft_of(desk, draft)
    ask = partial(
        runs.ask,
        desk.conference,
        seconds=REPAIR_SECONDS,
        seed=1,
        base=found,
        actor=desk.actor,
        purpose=SolverRun.Purpose.REPAIR,
    )
    return _begin(desk, ask, back=("organize:draft", found.pk))


def _begin(desk: Desk, ask: Callable[[], SolverRun], *, back: tuple[str, int]) -> HttpResponse:
    """On to the search that is asked for; back, with the reason in words, while another runs."""
    try:
        run = ask()
    except runs.AlreadySearching as refusal:
        messages.error(desk.request, str(refusal))
        page, key = back
        return redirect(page, desk.conference.slug, key)
    return redirect("organize:search", desk.conference.slug, run.pk)
