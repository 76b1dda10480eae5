"""The proved bound, from a process that works on the joint model and is killed when it is not wanted any more."""

from __future__ import annotations

import json
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schedule.solver.benchmarks.tracks.arrays import Contents
from schedule.solver.budget import Deadline

from .prover import ProofQuestion

ROOT = Path(__file__).resolve().parents[5]
"""Where Python finds this package."""

PAUSE = 0.05
"""Seconds between two looks at the clock and at `should_stop`."""


@dataclass(frozen=True, slots=True)
class ProofNews:
    """No acceptable schedule costs less than `bound`; the contents of a schedule, if one came with it."""

    bound: int
    contents: Contents | None


def news_of(question: ProofQuestion, deadline: Deadline) -> Iterator[ProofNews]:
    """What the prover says, until it has said everything or the deadline is over or stopped.

    A prover that breaks off (no memory, say) tells standard error why; what it said before still holds.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.prover"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("unreachable: both are pipes")
    lines: queue.Queue[bytes] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        with suppress(BrokenPipeError):  # it has ended already, and says nothing
            process.stdin.write(pickle.dumps(question))
            process.stdin.close()
        while deadline.left > 0 and not deadline.stopped:
            with suppress(queue.Empty):
                line = lines.get(timeout=PAUSE)
                if not line:
                    return
                said = json.loads(line)
                contents = said.get("contents")
                yield ProofNews(said["bound"], contents and {int(cell): inside for cell, inside in contents.items()})
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def _read(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(b"")
