"""A repair as its page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from journal.actors import Actor
from organize.emergencies.words import EmergencyWords
from organize.programme.rehearsal import rehearsed
from organize.queries import people_with_places
from organize.searches.page import moved
from schedule.domain.emergencies.remedies import ways_out
from schedule.domain.emergencies.settling import RepairOutdated, settle
from schedule.domain.emergencies.steps import StepRefused
from schedule.domain.searches.words import SearchWords
from schedule.domain.timetables.releasing import ReleaseRefused
from schedule.models import Session, SolverRun

State = SolverRun.State


def proposal(run: SolverRun, *, actor: Actor, names: bool) -> dict[str, Any]:
    """The context of organize/emergencies/repair.html and repair_part.html.

    `names` where its reader may see who has which place.
    """
    words = EmergencyWords(run)
    return {"run": run, "assumed": words.assumed(run), **_part(run, words, actor, names)}


def _part(run: SolverRun, words: EmergencyWords, actor: Actor, names: bool) -> dict[str, Any]:
    """The template of the state it is in, and what that needs."""
    if run.is_busy:
        return _in("busy")
    if run.settled_at is not None:
        return _in("settled")
    if run.state == State.DONE:
        return _people(run, actor, names)
    ways = words.ways(ways_out(run, now=timezone.now()))
    if run.state == State.INFEASIBLE:
        said = SearchWords(run.conference_id)
        return _in("without", causes=[said.say(cause["messages"]) for cause in run.causes], ways=ways)
    return _in("nothing", ways=ways)


def _in(state: str, **needed: Any) -> dict[str, Any]:
    return {"part": f"organize/emergencies/parts/{state}.html", **needed}


def _people(run: SolverRun, actor: Actor, names: bool) -> dict[str, Any]:
    """Whom it touches, found by doing it and taking it back; or why it cannot be done any more."""
    touched = [one["session"] for one in run.moves]
    touched += [step["whom"] for step in run.assumed if step["do"] == "session_off"]
    keys = Session.objects.filter(conference=run.conference_id, code__in=touched).values_list("pk", flat=True)
    told = people_with_places(list(keys))
    try:
        rehearsal = rehearsed(run.conference, run.release, lambda: settle(run, actor=actor), names=names)
    except (RepairOutdated, StepRefused, ReleaseRefused) as refusal:
        return _in("refused", refused=str(refusal))
    samples = reverse("organize:emergency_samples", args=[run.conference.slug, run.pk])
    return _in("found", told=told, rehearsal=rehearsal, samples=samples, moved=moved(run))
