"""What is published, as if an emergency's steps were taken: read in a transaction that is taken back.

Only what is still to come can be repaired. A session that is over is left out; one under way keeps its time, and its
room too unless that is what was lost; nothing else is moved to before `NOTICE` from now. Sessions that the release does
not have are not planned here: what somebody tries in a draft stays there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.emergencies.steps import Step, take
from schedule.domain.problem import minutes, problem_for, timetable_in
from schedule.models import Conference, Release
from schedule.solver.problem import Pin, Problem, Session, Timetable, only
from schedule.solver.verify import violations

# Minutes until anything that moves may begin: people have to learn of it, and to walk.
NOTICE = 15


@retried
def repairable(release: Release, steps: Sequence[Step], *, actor: Actor, now: datetime) -> tuple[Problem, Timetable]:
    """The problem and the timetable that a repair of the release starts from. Nothing that was tried stays.

    Raises `StepRefused`.
    """
    with transaction.atomic():
        take(steps, release.conference, actor=actor)
        conference = Conference.objects.get(pk=release.conference_id)
        problem = problem_for(conference)
        timetable = timetable_in(conference, release.placements.all())
        transaction.set_rollback(True)
    here = minutes(conference, now)
    # What is over keeps its room from those that began before it ended.
    since = min((one.start for one in timetable if one.start <= here < one.end), default=here)
    coming = tuple(one for one in timetable if one.end > since)
    problem = only(problem, [one.session for one in coming])
    return _from_now_on(problem, coming, here), coming


def _from_now_on(problem: Problem, timetable: Timetable, here: int) -> Problem:
    broken = {code for wrong in violations(problem, timetable) for code in wrong.sessions}
    at = {one.session: one for one in timetable}
    pins = tuple(
        Pin(one.session, one.start, None if one.session in broken and one.end > here else one.room)
        for one in timetable
        if one.start <= here
    )
    slot = problem.rules.slot_minutes
    earliest = -(-(here + NOTICE) // slot) * slot

    def later(session: Session) -> Session:
        start = at[session.code].start
        if start <= here or session.fixed_start is not None:
            return session
        own = session.not_before or 0
        return replace(session, not_before=max(own, min(start, earliest)))

    return replace(problem, sessions=tuple(later(session) for session in problem.sessions), pins=pins)
