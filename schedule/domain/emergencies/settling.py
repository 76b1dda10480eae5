"""Carrying out an emergency's repair: its steps and the new release, as one change that is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actors import Actor
from journal.recording import record
from journal.retrying import retried
from schedule.conflicts import Conflict, Level
from schedule.domain.emergencies.steps import take
from schedule.domain.problem import minutes, timetable_in
from schedule.domain.programme.sessions import lock_conference
from schedule.domain.timetables.drafts import create_draft, free_name
from schedule.domain.timetables.queries import newest_release
from schedule.domain.timetables.releasing import conflicts_in, release
from schedule.facts.timetables import ProgrammeRepaired
from schedule.models import Conference, Draft, Release, SolverRun
from schedule.solver.problem import Placement


class RepairOutdated(Exception):
    """Something was published since, or it is too late for what would move. Nothing was changed; ask again."""


@retried
@transaction.atomic
def settle(run: SolverRun, *, actor: Actor, note: str = "", now: datetime | None = None) -> Release | None:
    """Take an emergency's steps and publish its repair, in one transaction; whoever it concerns is told at once.

    Returns the release; None where nothing had to move, and for a repair that was carried out already. Raises
    `RepairOutdated`, `StepRefused`, and `ReleaseRefused` where rules changed so that the repair breaks one.
    Locks: the conference, then the seats of all its sessions.
    """
    now = now or timezone.now()
    conference = lock_conference(run.conference_id)
    locked = SolverRun.objects.select_for_update(of=("self",)).select_related("release").get(pk=run.pk)
    locked.conference = conference
    if locked.settled_at is not None:
        return locked.published
    if locked.release is None or locked.state != SolverRun.State.DONE:
        raise TypeError("only the repair of a release that was found can be carried out")
    refuse_outdated(locked, now)
    take(locked.assumed, conference, actor=actor)
    made = _publish(locked, actor=actor, note=note, now=now) if locked.moves else None
    locked.settled_at, locked.published = now, made
    locked.save(update_fields=["settled_at", "published"])
    number = made.number if made else None
    record(ProgrammeRepaired(conference_id=conference.pk, subject_id=conference.pk, release=number), actor=actor)
    return made


@retried
@transaction.atomic
def draft_of_repair(run: SolverRun, *, actor: Actor) -> Draft:
    """The release as the repair would have it, as a draft to go on with; what the emergency assumes is not recorded."""
    if run.release is None:
        raise TypeError("only the repair of a release has one")
    conference = Conference.objects.get(pk=run.conference_id)
    return create_draft(
        conference,
        name=free_name(_("Release %(number)d, repaired") % {"number": run.release.number}, conference),
        actor=actor,
        placements=_repaired(run, conference).values(),
        origin={"release": run.release.number, "search": run.pk},
    )


def refuse_outdated(run: SolverRun, now: datetime) -> None:
    """Raises `RepairOutdated` where a repair cannot be carried out any more, as far as one query tells."""
    if newest_release(run.conference) != run.release:
        raise RepairOutdated(_("Another release was published meanwhile. Look for a repair again."))
    if any(_is_over(one, now) for one in run.moves):
        raise RepairOutdated(_("It is too late for what would move now. Look for a repair again."))


def _is_over(move: Mapping[str, Mapping[str, str]], now: datetime) -> bool:
    """Whether a session would be moved to a time that has begun; one that only changes its room may be under way."""
    new, old = move["new"], move["old"]
    stays = bool(old) and old["start"] == new["start"]
    return datetime.fromisoformat(new["end"] if stays else new["start"]) <= now


def _publish(run: SolverRun, *, actor: Actor, note: str, now: datetime) -> Release:
    draft = draft_of_repair(run, actor=actor)
    here = minutes(draft.conference, now)
    # What was wrong with sessions that are over stays as it was.
    accepted = {one.key for one in conflicts_in(draft) if one.level is Level.BLOCK and _is_behind(one, here)}
    return release(draft, actor=actor, note=note, accept=accepted, at_once=True, now=now)


def _is_behind(conflict: Conflict, here: int) -> bool:
    return bool(conflict.placements) and all(one.end <= here for one in conflict.placements)


def _repaired(run: SolverRun, conference: Conference) -> dict[str, Placement]:
    """The release with the moves, by session."""
    placed = timetable_in(conference, run.release.placements.all()) if run.release else ()
    found = {one.session: one for one in placed}
    for move in run.moves:
        code, new = move["session"], move["new"]
        start, end = (minutes(conference, datetime.fromisoformat(new[key])) for key in ("start", "end"))
        if code in found:
            found[code] = Placement(code, start, end, new["room"])
    return found
