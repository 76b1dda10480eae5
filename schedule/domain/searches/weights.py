"""What counts how much when a timetable is searched for: the scheduler's terms, weighed by organizers."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.facts.timetables import SearchWeighed
from schedule.models import Conference, SolverWeight
from schedule.solver.problem import Weights
from schedule.solver.tradeoffs.goals import GOALS, weights_for


def weights_of(conference: Conference) -> Weights:
    """The price of one unit of each term: the organizers', or else the scheduler's own. One query."""
    chosen = SolverWeight.objects.filter(conference=conference).values_list("term", "weight")
    return Weights(**dict(chosen))


def weights_of_goal(conference: Conference, goal: str) -> Weights:
    """The same for a goal of `SolverRun.Goal`: those of one of the scheduler's goals give its terms their weight."""
    own = weights_of(conference)
    return weights_for(goal, own) if goal in GOALS else own


@retried
@transaction.atomic
def weigh(conference: Conference, weights: Weights, *, actor: Actor) -> bool:
    """Let the terms count this much from the next search on; whether anything is different now.

    Raises `IntegrityError` for a weight below 0 or above `HEAVIEST`.
    """
    Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    before, after = asdict(weights_of(conference)), asdict(weights)
    changed = {term: weight for term, weight in after.items() if weight != before[term]}
    if not changed:
        return False
    given = asdict(Weights())
    SolverWeight.objects.filter(conference=conference).delete()
    SolverWeight.objects.bulk_create(
        SolverWeight(conference=conference, term=term, weight=weight)
        for term, weight in after.items()
        if weight != given[term]
    )
    were = {term: before[term] for term in changed}
    fact = SearchWeighed(conference_id=conference.pk, subject_id=conference.pk, weights=changed, were=were)
    record(fact, actor=actor)
    return True
