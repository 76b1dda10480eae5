"""Searching for a timetable: asking for one, stopping the search, and what the worker does.

The search runs in a child process of the worker (schedule.solver.jobs.worker), so it can be given limits of time and
memory, and whatever becomes of it leaves the worker and the pages alone. The row is the truth: a worker writes to it
about twice a second, and one that falls silent is found by `find_lost`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from journal.actors import SYSTEM, Actor
from journal.facts import Fact
from journal.recording import record
from journal.retrying import retried
from schedule.domain.problem import instant
from schedule.domain.searches.offers import keep_offers
from schedule.domain.searches.weights import weights_of_goal
from schedule.domain.timetables.drafts import create_draft, free_name
from schedule.facts.timetables import RepairAsked, RepairEnded, SearchAsked, SearchEnded, SearchStopped
from schedule.models import Conference, Draft, Release, SolverAnswer, SolverRun
from schedule.solver.problem import Placement

logger = logging.getLogger(__name__)
State = SolverRun.State
TASK = "schedule.tasks.search"
SILENT = timedelta(seconds=30)
UNHEARD = timedelta(seconds=15)
MOST_POINTS = 400
# As much of a draft's name as the name of its repair holds.
LONGEST_BASE = 90


Place = tuple[int, int, str]
"""Start and end in minutes, and the code of the room."""


class AlreadySearching(Exception):
    """One search per conference at a time."""

    def __init__(self) -> None:
        super().__init__(_("A search is running already. Wait for it, or stop it."))


@retried
@transaction.atomic
def ask(
    conference: Conference,
    *,
    seconds: int,
    seed: int,
    base: Draft | None,
    actor: Actor,
    answers: int = 1,
    purpose: SolverRun.Purpose = SolverRun.Purpose.SEARCH,
    kept: Sequence[str] = (),
    release: Release | None = None,
    assumed: Sequence[Mapping[str, Any]] = (),
    goal: str = SolverRun.Goal.OWN,
) -> SolverRun:
    """Have timetables searched for, or what would help to better ones than `base`, or `base` repaired.

    `kept` are the codes of sessions that keep the time and room they have in `base`. An emergency starts from
    `release`, with what it has `assumed` (schedule.domain.emergencies), and runs beside any other search. Raises
    `AlreadySearching`, `ValueError` for a draft of another conference, or for what needs a draft without one.
    """
    if kept and base is None:
        raise ValueError("Sessions can only be kept where they are in a draft.")
    if purpose == SolverRun.Purpose.REPAIR and base is None:
        raise ValueError("Only a draft can be repaired.")
    if base is not None and base.conference_id != conference.pk:
        raise ValueError("The draft belongs to another conference.")
    try:
        with transaction.atomic():
            run = SolverRun.objects.create(
                conference=conference,
                seconds=seconds,
                seed=seed,
                base=base,
                actor=str(actor),
                answers=answers,
                purpose=purpose,
                kept=list(kept),
                release=release,
                assumed=list(assumed),
                goal=goal,
                weights=asdict(weights_of_goal(conference, goal)),
            )
    except IntegrityError as error:
        raise AlreadySearching from error
    record(_asked(run), actor=actor)
    transaction.on_commit(partial(_waker(purpose), run.pk))
    return run


def ask_again(run: SolverRun, *, actor: Actor) -> SolverRun:
    """Have the same searched for once more, with what counts and what must hold as they are now.

    Raises `AlreadySearching`, `ValueError` for one that cannot be asked for again.
    """
    if not run.may_be_repeated:
        raise ValueError("This search cannot be asked for again.")
    return ask(
        run.conference,
        seconds=run.seconds,
        seed=run.seed,
        base=run.base,
        actor=actor,
        answers=run.answers,
        purpose=SolverRun.Purpose(run.purpose),
        kept=run.kept,
        goal=run.goal,
    )


def wake(run_id: int) -> None:
    """Send a worker. Only a wake-up: while Redis is away the sweep sends one."""
    _send(run_id, "searches")


def wake_for_repair(run_id: int) -> None:
    """Send the worker that is kept for emergencies, as `wake` does."""
    _send(run_id, "repairs")


def _waker(purpose: str) -> Callable[[int], None]:
    return wake_for_repair if purpose == SolverRun.Purpose.EMERGENCY else wake


def _send(run_id: int, queue: str) -> None:
    try:
        current_app.send_task(TASK, args=[run_id], queue=queue, expires=60, ignore_result=True)
    except (OperationalError, RedisError):
        logger.warning("Redis is away; the search begins when the sweep has found it.")


@retried
@transaction.atomic
def stop(run: SolverRun, *, actor: Actor) -> None:
    """End a search; what it has found so far is kept. One that has ended already stays as it is."""
    locked = SolverRun.objects.select_for_update().get(pk=run.pk)
    if not locked.is_busy or locked.stop_asked:
        return
    locked.stop_asked = True
    if locked.state == State.QUEUED:
        locked.state, locked.ended_at = State.STOPPED, timezone.now()
    locked.save(update_fields=["stop_asked", "state", "ended_at"])
    record(SearchStopped(conference_id=locked.conference_id, subject_id=locked.pk), actor=actor)


def begin(run_id: int, *, now: datetime) -> SolverRun | None:
    """Take a waiting search on; None when another worker has, or it was stopped. One query more than the claim."""
    waiting = SolverRun.objects.filter(pk=run_id, state=State.QUEUED)
    if not waiting.update(state=State.RUNNING, started_at=now, beat_at=now):
        return None
    return SolverRun.objects.select_related("conference", "base", "release__conference").get(pk=run_id)


def beat(run: SolverRun, *, now: datetime) -> bool:
    """Write down how far it is; False when it should end (asked to, or given up for lost). Two queries."""
    mine = SolverRun.objects.filter(pk=run.pk, state=State.RUNNING)
    held = mine.update(
        beat_at=now,
        curve=thinned(run.curve),
        objective=run.objective,
        bound=run.bound,
        terms=run.terms,
        phase=run.phase,
        found=run.found,
        tried=run.tried,
    )
    return bool(held) and not mine.filter(stop_asked=True).exists()


def thinned(curve: list[list[Any]]) -> list[list[Any]]:
    """The curve with at most `MOST_POINTS` points, its first and last among them."""
    if len(curve) <= MOST_POINTS:
        return curve
    step = len(curve) / (MOST_POINTS - 1)
    return [curve[int(number * step)] for number in range(MOST_POINTS - 1)] + [curve[-1]]


@retried
@transaction.atomic
def finish(run: SolverRun, result: Mapping[str, Any], *, now: datetime) -> SolverRun:
    """What was found becomes a draft of its own.

    A search given up for lost meanwhile stays lost; of one that was deleted with its conference nothing is kept.
    """
    locked = SolverRun.objects.select_for_update().filter(pk=run.pk).first()
    if locked is None or locked.state != State.RUNNING:
        return locked or run
    locked.ended_at, locked.curve = now, thinned(run.curve)
    locked.phase, locked.found, locked.tried = run.phase, run.found, run.tried
    locked.objective, locked.bound = result["objective"], result["bound"]
    locked.terms, locked.base_terms, locked.causes = result["terms"], result["base_terms"], result["causes"]
    locked.attendance = result["attendance"]
    locked.remedies, locked.exhausted = result["remedies"], result["exhausted"]
    locked.moves, locked.minimal = _moves(locked.conference, result["moves"]), result["minimal"]
    locked.made = result.get("made", {})
    # An emergency's repair is its moves until somebody publishes it.
    if result["timetable"] and locked.purpose != SolverRun.Purpose.EMERGENCY:
        _keep_answers(locked, result)
    keep_offers(locked, result.get("offers", ()))
    if result["feasible"]:
        locked.state = State.STOPPED if locked.stop_asked else State.DONE
    elif result["feasible"] is False:
        locked.state = State.INFEASIBLE
    else:
        locked.state = State.STOPPED if locked.stop_asked else State.NOTHING
    locked.save()
    _tell_end(locked, locked.state)
    return locked


def _asked(run: SolverRun) -> Fact:
    about = {"conference_id": run.conference_id, "subject_id": run.pk}
    if run.purpose == SolverRun.Purpose.EMERGENCY:
        return RepairAsked(**about)
    return SearchAsked(**about, seconds=run.seconds, seed=run.seed)


def _tell_end(run: SolverRun, state: str) -> None:
    about = {"conference_id": run.conference_id, "subject_id": run.pk}
    fact: Fact = SearchEnded(**about, state=state, draft=run.draft_id)
    if run.purpose == SolverRun.Purpose.EMERGENCY:
        fact = RepairEnded(**about, state=state, moves=len(run.moves))
    record(fact, actor=SYSTEM)


def _keep_answers(run: SolverRun, result: Mapping[str, Any]) -> None:
    """Every timetable that was found becomes a draft; the best is the search's own."""
    when = run.conference.local(run.asked_at).strftime("%Y-%m-%d %H:%M:%S")
    name = _("Timetable of %(when)s") % {"when": when}
    if run.purpose == SolverRun.Purpose.REPAIR and run.base is not None:
        name = _("%(name)s, repaired") % {"name": run.base.name[:LONGEST_BASE]}
    run.draft = _draft(run, result, result, name)
    for number, answer in enumerate(result["answers"], start=2):
        name = _("Timetable of %(when)s, answer %(number)d") % {"when": when, "number": number}
        SolverAnswer.objects.create(
            run=run,
            number=number,
            draft=_draft(run, result, answer, name),
            objective=answer["objective"],
            terms=answer["terms"],
            texts=answer["messages"],
        )


def _moves(conference: Conference, moves: Iterable[tuple[str, Place | None, Place]]) -> list[dict[str, Any]]:
    """Moves as they are kept: with instants, which hold whatever becomes of the conference's first day."""

    def kept(place: Place | None) -> dict[str, str] | None:
        if place is None:
            return None
        start, end, room = place
        return {
            "start": instant(conference, start).isoformat(),
            "end": instant(conference, end).isoformat(),
            "room": room,
        }

    return [{"session": code, "old": kept(old), "new": kept(new)} for code, old, new in moves]


def _draft(run: SolverRun, result: Mapping[str, Any], answer: Mapping[str, Any], name: str) -> Draft:
    origin = {
        "search": run.pk,
        "seed": run.seed,
        "seconds": result["seconds"],
        "objective": answer["objective"],
        "bound": result["bound"],
        "terms": answer["terms"],
    }
    # A search takes minutes, in which a session or a room may have been deleted.
    sessions = set(run.conference.sessions.values_list("code", flat=True))
    rooms = set(run.conference.rooms.values_list("code", flat=True))
    placements = [
        Placement(session, start, end, room)
        for session, start, end, room in answer["timetable"]
        if session in sessions and room in rooms
    ]
    actor = Actor.parse(run.actor)
    name = free_name(name, run.conference)
    return create_draft(run.conference, name=name, actor=actor, placements=placements, origin=origin)


@retried
@transaction.atomic
def fail(run: SolverRun, *, failure: str, now: datetime) -> None:
    """The search itself went wrong: "memory", "time" (did not end) or "broken" (by a fault, or without a word)."""
    failed = SolverRun.objects.filter(pk=run.pk, state=State.RUNNING)
    if failed.update(state=State.FAILED, ended_at=now, failure=failure):
        _tell_end(run, State.FAILED)


@retried
def find_lost(*, now: datetime) -> int:
    """Give up searches whose worker has fallen silent, and wake workers for those nobody took on. Returns how many."""
    lost = 0
    for run in SolverRun.objects.filter(state=State.RUNNING, beat_at__lt=now - SILENT):
        with transaction.atomic():
            silent = SolverRun.objects.filter(pk=run.pk, state=State.RUNNING, beat_at=run.beat_at)
            if silent.update(state=State.LOST, ended_at=now):
                _tell_end(run, State.LOST)
                lost += 1
    unheard = SolverRun.objects.filter(state=State.QUEUED, asked_at__lt=now - UNHEARD)
    for pk, purpose in unheard.values_list("pk", "purpose"):
        _waker(purpose)(pk)
    return lost
