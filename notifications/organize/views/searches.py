"""Searching for a timetable: asking for one, watching it, and what the answers are worth."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications.organize.curves import Curve, curve_of
from notifications.organize.forms import SearchForm, WeightsForm
from notifications.organize.gates import Desk, for_team
from notifications.organize.terms import asks_name, in_order, term_name
from schedule import runs, weighing
from schedule.models import SolverAnswer, SolverRun
from schedule.solver.problem import Weights

SHOWN = 20
NO_MORE_POLLING = 286


@require_http_methods(["GET", "HEAD", "POST"])
@for_team()
def searches(desk: Desk) -> HttpResponse:
    """Earlier searches side by side, and the form for a new one."""
    form = SearchForm(desk.request.POST if desk.request.method == "POST" else None, conference=desk.conference)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            run = runs.ask(desk.conference, **form.cleaned_data, actor=desk.actor)
        except runs.AlreadySearching as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            return redirect("organize:search", desk.conference.slug, run.pk)
    found = list(SolverRun.objects.for_conference(desk.conference).select_related("draft", "base")[:SHOWN])
    context = {"form": form, "runs": found, "busy": next((run for run in found if run.is_busy), None)}
    return desk.page("organize/searches.html", "searches", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def weights(desk: Desk) -> HttpResponse:
    """Choose what counts how much, or go back to what is usual."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = WeightsForm(data, weights=weighing.weights_of(desk.conference))
    usual = data is not None and "usual" in data
    if usual or form.is_valid():
        changed = weighing.weigh(desk.conference, Weights() if usual else form.weights, actor=desk.actor)
        said = _("Saved. It holds from the next search on.") if changed else _("Nothing is different from before.")
        messages.success(desk.request, said)
        return redirect("organize:searches", desk.conference.slug)
    return desk.page("organize/weights.html", "searches", {"form": form}, status=422 if form.errors else 200)


def _run(desk: Desk, key: int) -> SolverRun:
    runs_here = SolverRun.objects.for_conference(desk.conference).select_related("draft", "base")
    return get_object_or_404(runs_here, pk=key)


@require_safe
@for_team()
def search(desk: Desk, run: int) -> HttpResponse:
    """One search: its curve while it runs, then what came of it."""
    return desk.page("organize/search.html", "searches", _shown(_run(desk, run)))


@require_safe
@for_team()
def progress(desk: Desk, run: int) -> HttpResponse:
    """The part of that page that changes; polling ends with the search."""
    found = _run(desk, run)
    status = 200 if found.is_busy else NO_MORE_POLLING
    return desk.page("organize/search_progress.html", "searches", _shown(found), status=status)


@require_POST
@for_team(changing=True)
def stop(desk: Desk, run: int) -> HttpResponse:
    """End a search and keep the best it has found."""
    found = _run(desk, run)
    runs.stop(found, actor=desk.actor)
    messages.info(desk.request, _("The search is being stopped. What it has found so far becomes a draft."))
    return redirect("organize:search", desk.conference.slug, found.pk)


@require_POST
@for_team(changing=True)
def find_help(desk: Desk, run: int) -> HttpResponse:
    """Have the scheduler find what would help to a better timetable than the one a search has found."""
    found = _run(desk, run)
    if found.draft is None:
        raise Http404
    try:
        asked = runs.ask(
            desk.conference, seconds=found.seconds, seed=found.seed, base=found.draft, actor=desk.actor,
            purpose=SolverRun.Purpose.HELP,
        )  # fmt: skip
    except runs.AlreadySearching as refusal:
        messages.error(desk.request, str(refusal))
        return redirect("organize:search", desk.conference.slug, found.pk)
    return redirect("organize:search", desk.conference.slug, asked.pk)


def _shown(run: SolverRun) -> dict[str, Any]:
    return {
        "run": run,
        "elapsed": _elapsed(run, timezone.now()),
        "curve": _curve(run),
        "terms": _terms(run),
        "gap": _gap(run),
        "causes": [_in_language(cause) for cause in run.causes],
        "remedies": [_remedy(one) for one in run.remedies],
        "further": [_further(one, run) for one in run.further.select_related("draft")] if run.draft else [],
    }


def _elapsed(run: SolverRun, now: datetime) -> int:
    """Whole seconds the search has taken."""
    return round(((run.ended_at or now) - run.started_at).total_seconds()) if run.started_at else 0


def _curve(run: SolverRun) -> Curve | None:
    last = run.curve[-1][0] if run.curve else 0.0
    return curve_of([(point[0], point[1]) for point in run.curve], until=max(float(run.seconds), last))


def _terms(run: SolverRun) -> list[dict[str, Any]]:
    """Every term with its weight and price, and what it was in the timetable the search started from."""
    weights: dict[str, int] = asdict(Weights()) | run.weights
    return [
        {
            "name": term_name(name),
            "value": value,
            "weight": weights.get(name, 0),
            "price": value * weights.get(name, 0),
            "before": run.base_terms.get(name),
        }
        for name, value in in_order(run.terms)
    ]


def _gap(run: SolverRun) -> int | None:
    """By how many per cent at most the found timetable could still be better; None where nothing is proved."""
    if run.objective is None or run.bound is None or run.objective <= 0:
        return None
    return round(100 * (run.objective - run.bound) / run.objective)


def _in_language(cause: dict[str, str]) -> str:
    return cause.get((translation.get_language() or "en").partition("-")[0]) or cause.get("en", "")


def _remedy(one: dict[str, Any]) -> dict[str, Any]:
    """A change that would help, in the language of the page; what it asks for in a word."""
    return {
        "text": _in_language(one),
        "effect": _in_language({"en": one["effect_en"], "ko": one["effect_ko"]}),
        "asks": asks_name(one["asks"]),
        "gain": one["gain"],
        "proved": one["proved"],
    }


def _further(one: SolverAnswer, run: SolverRun) -> dict[str, Any]:
    """An answer beside the best, and by how much it costs more."""
    return {
        "number": one.number, "draft": one.draft, "objective": one.objective, "text": _in_language(one.texts),
        "more": None if run.objective is None else one.objective - run.objective,
    }  # fmt: skip
