"""Asking for the repair of what is published, and carrying the search out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.emergencies.assumed import repairable
from schedule.domain.emergencies.steps import Step, StepRefused
from schedule.domain.searches import searches as runs
from schedule.domain.searches import worker
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference, SolverRun
from schedule.solver.jobs.job import Job
from schedule.solver.problem import Weights

# Who waits stands in a corridor. Mostly it is proved within seconds that nothing moves less.
SECONDS, EXPLAIN_SECONDS, HELP_SECONDS = 30, 8, 12
# The rules that say what happened. That one of them gives way would only say that the emergency is none.
_HAPPENED = {"room_lost": "room_closed", "person_missing": "person_away", "starts_later": "fixed_start"}


@retried
@transaction.atomic
def ask_for_repair(conference: Conference, steps: Sequence[Step], *, actor: Actor, now: datetime) -> SolverRun:
    """Have the newest release repaired, as if the steps were taken. Without steps: where it breaks a rule as it is.

    Nothing else is changed before `settle`. Raises `StepRefused` for what cannot be done, and where nothing is
    published.
    """
    release = newest_release(conference)
    if release is None:
        raise StepRefused(_("Nothing is published yet."))
    repairable(release, steps, actor=actor, now=now)
    return runs.ask(
        conference,
        seconds=SECONDS,
        seed=1,
        base=None,
        actor=actor,
        purpose=SolverRun.Purpose.EMERGENCY,
        release=release,
        assumed=steps,
    )


def carry_out(run_id: int) -> None:
    """Carry a search out, whatever it is for. Does nothing for one that another worker has."""
    worker.search(run_id, make_job=job_of)


def job_of(run: SolverRun) -> Job:
    """What a search asks of the solver, whatever it is for."""
    if run.release is None:
        return worker.job(run)
    now = timezone.now()
    problem, timetable = repairable(run.release, run.assumed, actor=Actor.parse(run.actor), now=now)
    return Job(
        problem=replace(problem, weights=Weights(**run.weights)),
        seconds=run.seconds,
        seed=run.seed,
        start=timetable,
        memory=settings.SOLVER_MEMORY_MB * worker.MEGABYTE,
        repairing=True,
        explain_seconds=EXPLAIN_SECONDS,
        help_seconds=HELP_SECONDS,
        is_urgent=True,
        given=tuple((_HAPPENED[step["do"]], step["whom"]) for step in run.assumed if step["do"] in _HAPPENED),
    )
