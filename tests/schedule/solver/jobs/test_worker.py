"""The child process on its own: stopping it, and what it says when there is too little memory."""

from __future__ import annotations

import errno
import json
import pickle
import signal
import subprocess
import sys
from typing import Any

import pytest

from schedule.solver.jobs.job import Job
from schedule.solver.jobs.worker import _lacks_memory
from tests.schedule.solver import patience
from tests.schedule.solver.brute import problem_of
from tests.schedule.solver.cli.test_commands import ROOT

JOB = Job(problem=problem_of(()), seconds=5, seed=1, memory=6 << 30)


def child(run_job: str, *, changed: str = "") -> subprocess.Popen[bytes]:
    """A child that waits for its job and then does something else: a body of `run_job`."""
    code = (
        "from schedule.solver.jobs import run_job, worker\n"
        "from tests.schedule.solver import patience\n"
        f"def carry_out(job, *, say, should_stop):\n    {run_job}\n"
        f"run_job.run_job = carry_out\n{changed}\n"
        "worker.main()\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def give_job(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(pickle.dumps(JOB))
    process.stdin.flush()


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Once it has said how far it is."""
    assert process.stdout is not None
    assert json.loads(process.stdout.readline()) == {"progress": {}}
    process.send_signal(signal.SIGINT)


def ended(process: subprocess.Popen[bytes]) -> Any:
    """What it said last."""
    printed, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")
    return json.loads(printed)


def test_a_stop_is_heard_while_cp_sat_works() -> None:
    with child("return {'took': patience.work(should_stop, began=lambda: say(progress={}))}") as process:
        give_job(process)
        interrupt(process)
        assert ended(process)["result"]["took"] < patience.SOON


def test_a_stop_is_heard_before_the_search_begins() -> None:
    ready = "worker.end_with_parent = lambda: worker.say(progress={})"
    with child("return {'stopped': should_stop()}", changed=ready) as process:
        interrupt(process)
        give_job(process)
        assert ended(process) == {"result": {"stopped": True}}


@pytest.mark.parametrize(
    "error",
    [
        "MemoryError",
        "OSError('Could not find/load shared object file')",
        "OSError(12, 'Cannot allocate memory')",
        "ImportError('failed to map segment from shared object')",
        'RuntimeError("can\'t start new thread")',
    ],
)
def test_whatever_lacks_memory_is_said_so(error: str) -> None:
    with child(f"raise {error}") as process:
        give_job(process)
        assert ended(process) == {"error": "memory"}


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("local: a rule is broken")]
)
def test_what_has_other_causes_is_not_laid_to_memory(error: Exception) -> None:
    assert not _lacks_memory(error)
