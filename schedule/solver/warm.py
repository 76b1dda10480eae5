"""Compile the local searches and keep the result beside the source: `python -m schedule.solver.warm [--public]`.

numba compiles at the first call, which takes half a minute; done once after installing, no timetable waits for it.
With `--public` the searches of the public formats as well, which otherwise are compiled when one is first read.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from . import results
from .annealing.annealer import Annealer
from .annealing.arrays import Arrays
from .benchmarks.enrolment.files import itc
from .benchmarks.enrolment.instance import Solution
from .benchmarks.enrolment.search import solve as solve_enrolment
from .benchmarks.tracks.search import compile_kernel
from .budget import Deadline
from .exact.interval_model import TimetableModel
from .objective import SeatDemand
from .problem import Attendee, Interval, Problem, Room, Rules, Session, Window

STEPS = 100_000
"""Proposals that say that the annealing was at work, not only the search for a place."""

MOST_SEARCHES = 10


def warm() -> int:
    """Anneal the smallest problem that has something to gain, however long compiling takes; returns the moves tried."""
    problem = Problem(
        origin=datetime(2000, 1, 1, tzinfo=UTC),
        timezone="UTC",
        rules=Rules(slot_minutes=60),
        windows=(Window(date(2000, 1, 1), Interval(0, 120)),),
        rooms=(Room("A", "A", 9), Room("B", "B", 9)),
        people=(),
        bodies=(),
        sessions=(Session("1", "1", 60), Session("2", "2", 60)),
        attendees=(Attendee((("1", 2), ("2", 1))),),
    )
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), problem.weights)
    annealer = Annealer(arrays, seed=0, deadline=Deadline(3600), report=lambda _timetable: None)
    annealer.start_from(arrays.timetable(*arrays.built_state(0)))
    annealer.search(0.01)
    return annealer.done


def warm_enrolment() -> results.Result[Solution]:
    """The same for the public formats: a student's only two events are on two days, which annealing cannot mend.

    A search that has to compile or load what places the events is over before it anneals; the next one gets further.
    """
    days = [" ".join("1" if slot == 9 * day else "0" for slot in range(45)) for day in range(2)]
    instance = itc.read("\n".join(["2 1 0 1", "1", "1 1", *days, "0 0", "0 0"]))
    result = solve_enrolment(instance, seconds=1)
    for _ in range(MOST_SEARCHES):
        if result.iterations >= STEPS:
            break
        result = solve_enrolment(instance, seconds=1)
    return result


if __name__ == "__main__":
    warm()
    if "--public" in sys.argv[1:]:
        warm_enrolment()
        compile_kernel()
