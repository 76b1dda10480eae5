"""A repair as its page shows it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from journal.actors import Actor
from organize.emergencies.words import EmergencyWords
from organize.programme.rehearsal import rehearsed
from organize.queries import people_waiting, people_with_places
from organize.searches.page import moved
from schedule.domain.emergencies.remedies import ways_out
from schedule.domain.emergencies.settling import RepairOutdated, refuse_outdated, settle
from schedule.domain.emergencies.steps import StepRefused
from schedule.domain.searches.words import SearchWords
from schedule.domain.timetables.releasing import ReleaseRefused
from schedule.models import Session, SolverRun

State = SolverRun.State


def proposal(run: SolverRun) -> dict[str, Any]:
    """The context of organize/emergencies/repair.html and repair_part.html."""
    words = EmergencyWords(run)
    return {"run": run, "assumed": words.assumed(run), **_part(run, words)}


def _part(run: SolverRun, words: EmergencyWords) -> dict[str, Any]:
    """The template of the state it is in, and what that needs."""
    if run.is_busy:
        return _in("busy")
    if run.settled_at is not None:
        return _in("settled")
    if run.state == State.DONE:
        return _found(run)
    ways = words.ways(ways_out(run, now=timezone.now()))
    if run.state == State.INFEASIBLE:
        said = SearchWords(run.conference_id)
        return _in("without", causes=[said.say(cause["messages"]) for cause in run.causes], ways=ways)
    return _in("nothing", ways=ways)


def _in(state: str, **needed: Any) -> dict[str, Any]:
    return {"part": f"organize/emergencies/parts/{state}.html", **needed}


def _found(run: SolverRun) -> dict[str, Any]:
    """What moves and how many people it concerns; or why it cannot be done any more."""
    try:
        refuse_outdated(run, timezone.now())
    except RepairOutdated as refusal:
        return _in("refused", refused=str(refusal))
    moves = {one["session"] for one in run.moves}
    off = {step["whom"] for step in run.assumed if step["do"] == "session_off"}
    rows = Session.objects.filter(conference=run.conference_id, code__in=moves | off).values_list("pk", "code")
    keys = dict(rows)
    waiting = people_waiting([pk for pk, code in keys.items() if code in off])
    return _in("found", told=people_with_places(keys), waiting=waiting, moved=moved(run))


def fates(run: SolverRun, *, actor: Actor, names: bool) -> dict[str, Any]:
    """What becomes of people, found by doing it and taking it back; or why it cannot be done any more.

    The context of organize/emergencies/people.html. `names` where its reader may see who has which place.
    """
    try:
        rehearsal = rehearsed(run.conference, run.release, lambda: settle(run, actor=actor), names=names)
    except (RepairOutdated, StepRefused, ReleaseRefused) as refusal:
        return {"run": run, "refused": str(refusal)}
    samples = reverse("organize:emergency_samples", args=[run.conference.slug, run.pk])
    return {"run": run, "rehearsal": rehearsal, "samples": samples}
