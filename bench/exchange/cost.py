"""What a piece of work costs this process: seconds of its processor, seconds on the clock, megabytes at the peak."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass
class WorkCost:
    """Filled in when the work is done. `megabytes` is what the process grew by at its peak."""

    worked: float = 0
    took: float = 0
    megabytes: float = 0

    def figures(self, name: str, *, worked: float | None, took: float | None = None) -> list[dict[str, Any]]:
        """As `python -m bench` shows them, with their budgets."""
        return [
            {"name": f"{name}, processor", "value": round(self.worked, 2), "unit": "s", "budget": worked},
            {"name": f"{name}, clock", "value": round(self.took, 2), "unit": "s", "budget": took},
            {"name": f"{name}, memory", "value": round(self.megabytes), "unit": "MB", "budget": None},
        ]


@contextmanager
def measured() -> Iterator[WorkCost]:
    """Measure what is done meanwhile. Linux forgets a peak when 5 is written to clear_refs (proc(5))."""
    cost = WorkCost()
    Path("/proc/self/clear_refs").write_text("5")
    before, began, worked = _peak(), time.perf_counter(), time.process_time()
    yield cost
    cost.worked, cost.took = time.process_time() - worked, time.perf_counter() - began
    cost.megabytes = _peak() - before


def _peak() -> float:
    found = _PEAK.search(Path("/proc/self/status").read_text())
    if found is None:
        raise RuntimeError("the kernel tells no peak")
    return int(found[1]) / 1024
