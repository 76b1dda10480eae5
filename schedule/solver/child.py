"""One search in a process of its own: `python -m schedule.solver.child`.

A pickled `Order` comes in on standard input; JSON lines go out on standard output: {"progress": ...} whenever
something better is found, and {"result": ...} or {"error": ...} as the last. SIGINT ends the search with the best so
far. The process has a limit of memory, leaves the processor to whatever else wants it, and ends with its parent.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import sys
from typing import Any

from .explain import explain
from .objective import measure
from .order import Order
from .parent import end_with_parent
from .problem import Problem, Timetable
from .results import Progress
from .search import solve

NICENESS = 10
EXPLAIN_SECONDS = 30.0


class _Signals:
    """Whether to stop: asked to, or nobody is left to listen."""

    def __init__(self) -> None:
        self.stop = False
        signal.signal(signal.SIGINT, self._interrupted)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        end_with_parent()

    def _interrupted(self, *_: object) -> None:
        self.stop = True


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    signals = _Signals()
    os.nice(NICENESS)
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own parent wrote it
    resource.setrlimit(resource.RLIMIT_AS, (order.memory, order.memory))
    try:
        say(result=_search(order, signals))
    except MemoryError:
        say(error="memory")


def _search(order: Order, signals: _Signals) -> dict[str, Any]:
    problem, start = order.problem, order.start

    def report(progress: Progress) -> None:
        point = [round(progress.seconds, 2), progress.objective, progress.bound]
        say(progress={"point": point, "terms": progress.terms})

    found = solve(
        problem, seconds=order.seconds, seed=order.seed, start=start, on_progress=report,
        should_stop=lambda: signals.stop,
    )  # fmt: skip
    result: dict[str, Any] = {
        "feasible": found.feasible,
        "objective": found.objective,
        "bound": found.bound,
        "terms": found.terms,
        "seconds": round(found.seconds, 2),
        "timetable": [[one.session, one.start, one.end, one.room] for one in found.solution or ()],
        "base_terms": measure(problem, start) if start and _is_complete(problem, start) else {},
        "causes": [],
    }
    if found.feasible is False:
        causes = explain(problem, seconds=EXPLAIN_SECONDS, should_stop=lambda: signals.stop).causes
        result["causes"] = [{"en": cause.text_en, "ko": cause.text_ko} for cause in causes]
    return result


def _is_complete(problem: Problem, timetable: Timetable) -> bool:
    """Whether it can be measured: every session in a room that is known. Whatever else is wrong with it."""
    rooms = {room.code for room in problem.rooms}
    return {one.session for one in timetable if one.room in rooms} == {one.code for one in problem.sessions}


if __name__ == "__main__":
    main()
