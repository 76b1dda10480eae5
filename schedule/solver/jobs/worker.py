"""One search in a process of its own: `python -m schedule.solver.jobs.worker`.

A pickled `Job` comes in on standard input; JSON lines go out on standard output: {"progress": ...} whenever
something better is found, and {"result": ...} or {"error": ...} as the last. SIGINT ends the search with the best so
far. The process has a limit of memory, leaves the processor to whatever else wants it unless the job is urgent, and
ends with its parent.
"""

from __future__ import annotations

import errno
import json
import os
import pickle
import resource
import signal
import sys
from typing import Any

from .interrupts import interrupts
from .job import Job
from .parent import end_with_parent

NICENESS = 10


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with interrupts(signal.SIGINT) as interrupted:
        # Loading the solver's libraries takes a while, in which a stop may be asked for already.
        from .run_job import run_job

        end_with_parent()
        job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
        if not job.is_urgent:
            os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_AS, (job.memory, job.memory))
        try:
            say(result=run_job(job, say=say, should_stop=interrupted))
        except (MemoryError, ImportError, OSError, RuntimeError) as error:
            if not _lacks_memory(error):
                raise
            say(error="memory")


def _lacks_memory(error: Exception) -> bool:
    """Whether the limit of memory is behind it, which not everything that runs into it says so."""
    if isinstance(error, OSError):
        # The compiler is loaded where it is first needed. The system's loader gives no number with its refusal.
        return error.errno in {None, errno.ENOMEM}
    if isinstance(error, RuntimeError):
        return str(error) == "can't start new thread"
    return isinstance(error, MemoryError | ImportError)


if __name__ == "__main__":
    main()
