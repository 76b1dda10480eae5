"""Timetables of different goals: a search offers them, and somebody makes a draft of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.problem import instant, minutes
from schedule.domain.timetables.drafts import create_draft, free_name
from schedule.models import Conference, Draft, SolverAnswer, SolverRun
from schedule.solver.problem import Placement


def keep_offers(run: SolverRun, offers: Iterable[Mapping[str, Any]]) -> None:
    """Keep what a search has found for each goal. Drafts come of it only when somebody asks."""
    conference = run.conference
    SolverAnswer.objects.bulk_create(
        SolverAnswer(
            run=run,
            number=number,
            goal=one["goal"],
            objective=one["objective"],
            terms=one["terms"],
            texts=[],
            attendance=one["attendance"],
            places=[
                [code, instant(conference, start).isoformat(), instant(conference, end).isoformat(), room]
                for code, start, end, room in one["timetable"]
            ],
        )
        for number, one in enumerate(offers, start=2)
    )


@retried
@transaction.atomic
def take_up(offer: SolverAnswer, *, actor: Actor) -> Draft:
    """Make a draft of what a search offers for a goal; the one there is where somebody has done so already.

    Sessions and rooms that were deleted since are left out. Locks the offer.
    """
    locked = SolverAnswer.objects.select_for_update(of=("self",)).select_related("run__conference").get(pk=offer.pk)
    if locked.draft is not None:
        return locked.draft
    run, conference = locked.run, locked.run.conference
    sessions = set(conference.sessions.values_list("code", flat=True))
    rooms = set(conference.rooms.values_list("code", flat=True))
    placements = [
        Placement(code, _minute(conference, start), _minute(conference, end), room)
        for code, start, end, room in locked.places
        if code in sessions and room in rooms
    ]
    when = conference.local(run.asked_at).strftime("%Y-%m-%d %H:%M:%S")
    name = f"{SolverRun.Goal(locked.goal).label}, {when}"
    origin = {"search": run.pk, "seed": run.seed, "goal": locked.goal, "terms": locked.terms}
    locked.draft = create_draft(
        conference, name=free_name(name, conference), actor=actor, placements=placements, origin=origin
    )
    locked.save(update_fields=["draft"])
    return locked.draft


def _minute(conference: Conference, moment: str) -> int:
    return minutes(conference, datetime.fromisoformat(moment))
