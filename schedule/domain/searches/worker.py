"""What a worker does with one search: a child process that searches, watched from here."""

from __future__ import annotations

import json
import logging
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from schedule.domain.problem import problem_for, timetable_in
from schedule.domain.searches import searches as runs
from schedule.domain.timetables.queries import newest_release
from schedule.models import Placement, SolverRun
from schedule.solver.jobs.job import Job
from schedule.solver.problem import Pin, Timetable, Weights
from values.instants import after

logger = logging.getLogger(__name__)
BEAT_SECONDS = 0.5
# What reading, the explanation of an impossible problem, what would help and a busy machine may take beside the search.
GRACE = timedelta(seconds=150)
GRACE_WHEN_STOPPED = timedelta(seconds=60)
MEGABYTE = 1024 * 1024


def search(run_id: int, *, make_job: Callable[[SolverRun], Job] | None = None) -> None:
    """Carry one search out from beginning to end. Does nothing for one that another worker has.

    `make_job` says what is searched for; else it is `job`. Whatever goes wrong here is raised, and whoever asked is
    told at once.
    """
    run = runs.begin(run_id, now=timezone.now())
    if run is None:
        return
    with ExitStack() as stack:
        stack.push(partial(_broke_off, run))
        process, lines = stack.enter_context(_child(pickle.dumps((make_job or job)(run))))
        _watch(run, process, lines)


def _broke_off(run: SolverRun, _kind: object, error: BaseException | None, _trace: object) -> None:
    """Say so at once: waiting until a silent search is found would tell nobody more."""
    if error is not None:
        logger.error("The search %s broke off.", run.pk, exc_info=error)
        runs.fail(run, failure="broken", now=timezone.now())


def job(run: SolverRun) -> Job:
    """What a search from a draft, or from nothing, asks of the solver."""
    start, published = _start(run), _published(run)
    pins = tuple(Pin(one.session, one.start, one.room) for one in start or () if one.session in run.kept)
    return Job(
        problem=replace(problem_for(run.conference), weights=Weights(**run.weights), pins=pins),
        seconds=run.seconds,
        seed=run.seed,
        start=published if run.goal == SolverRun.Goal.MOVES else start,
        memory=settings.SOLVER_MEMORY_MB * MEGABYTE,
        answers=run.answers,
        helping=run.purpose == SolverRun.Purpose.HELP,
        repairing=run.purpose == SolverRun.Purpose.REPAIR,
        goals=run.goal == SolverRun.Goal.EVERY,
        published=published,
    )


def _start(run: SolverRun) -> Timetable | None:
    if run.base is None:
        return None
    return timetable_in(run.conference, Placement.objects.filter(draft=run.base))


def _published(run: SolverRun) -> Timetable | None:
    """The newest release, where the goal has to do with it."""
    release = newest_release(run.conference) if run.goal in {SolverRun.Goal.MOVES, SolverRun.Goal.EVERY} else None
    if release is None:
        return None
    return timetable_in(run.conference, release.placements.all())


@contextmanager
def _child(job: bytes) -> Iterator[tuple[subprocess.Popen[bytes], queue.Queue[bytes]]]:
    """The child and the lines it says; an empty line is the last. It is gone when the block is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "schedule.solver.jobs.worker"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    lines: queue.Queue[bytes] = queue.Queue()
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("unreachable: both are pipes")
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        with suppress(BrokenPipeError):  # it has ended already; its last line, or the lack of one, says why
            process.stdin.write(job)
            process.stdin.close()
        yield process, lines
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def _read(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")


def _watch(run: SolverRun, process: subprocess.Popen[bytes], lines: queue.Queue[bytes]) -> None:
    ends_at = after(timezone.now(), seconds=run.seconds) + GRACE
    asked_to_stop = False
    while True:
        said = list(_heard(lines))
        for line in said:
            if _ended(run, line, now=timezone.now()):
                return
        now = timezone.now()
        if now > ends_at:
            runs.fail(run, failure="time", now=now)
            return
        if not runs.beat(run, now=now) and not asked_to_stop:
            process.send_signal(signal.SIGINT)
            asked_to_stop, ends_at = True, now + GRACE_WHEN_STOPPED


def _heard(lines: queue.Queue[bytes]) -> Iterator[bytes]:
    """What was said until the next beat is due, at once when it is the last."""
    try:
        line = lines.get(timeout=BEAT_SECONDS)
    except queue.Empty:
        return
    yield line
    while line:
        try:
            line = lines.get_nowait()
        except queue.Empty:
            return
        yield line


def _ended(run: SolverRun, line: bytes, *, now: datetime) -> bool:
    """Take in one line; True when it was the last."""
    if not line:
        logger.error("The child of the search %s ended without a word.", run.pk)
        runs.fail(run, failure="broken", now=now)
        return True
    said: dict[str, Any] = json.loads(line)
    if "progress" in said:
        _note(run, said["progress"])
        return False
    if "error" in said:
        runs.fail(run, failure=said["error"], now=now)
    else:
        runs.finish(run, said["result"], now=now)
    return True


def _note(run: SolverRun, progress: dict[str, Any]) -> None:
    """Take in how far it is; written down with the next beat."""
    run.phase = progress["phase"]
    run.tried = progress.get("tried", run.tried)
    if "point" in progress:
        point = progress["point"]
        run.found += not run.curve or point[1] < run.objective
        run.curve.append(point)
        run.objective, run.bound, run.terms = point[1], point[2], progress["terms"]
