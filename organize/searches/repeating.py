"""How a search can be made again on another machine, and what came of it, as JSON."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organize.access import Desk, for_team
from schedule.models import SolverRun


def commands(run: SolverRun) -> list[str]:
    """What to enter where Plenary is installed: the problem as a file, then the same search, by work and not by the
    clock, so that it finds the same everywhere. Empty for what the command line makes otherwise."""
    if not run.made or run.purpose != SolverRun.Purpose.SEARCH or run.goal == SolverRun.Goal.EVERY:
        return []
    return [
        f"manage.py problem_file {run.conference.slug} --search {run.pk} --out problem.json",
        f"python -m schedule.solver solve problem.json --seconds {run.seconds} --seed {run.seed} --by-work"
        + (f" --answers {run.answers}" if run.answers > 1 else "")
        + " --out timetable.json",
    ]


@require_safe
@for_team()
def search_json(desk: Desk, run: int) -> HttpResponse:
    """What was asked for, what it was made from and with, and what came of it; names are those of the solver."""
    runs = SolverRun.objects.for_conference(desk.conference)
    return JsonResponse(_as_json(get_object_or_404(runs, pk=run)))


def _as_json(run: SolverRun) -> dict[str, Any]:
    return {
        "search": run.pk,
        "state": run.state,
        "purpose": run.purpose,
        "goal": run.goal,
        "seconds": run.seconds,
        "seed": run.seed,
        "weights": run.weights,
        "made": run.made or None,
        "objective": run.objective,
        "bound": run.bound,
        "terms": run.terms,
        "before": run.base_terms,
        "attendance": run.attendance or None,
        "draft": run.draft_id,
        "answers": [
            {
                "number": one.number,
                "goal": one.goal or None,
                "objective": one.objective,
                "terms": one.terms,
                "attendance": one.attendance or None,
                "draft": one.draft_id,
            }
            for one in run.further.defer("places")
        ],
    }
