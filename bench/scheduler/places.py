"""Where could a session go, and with whom could it change places: 1,000 sessions, 35 rooms, 10,000 people."""

from __future__ import annotations

from statistics import median
from time import process_time
from typing import Any

from bench.scheduler.big_programme import make
from schedule.solver.annealing.arrays import Arrays
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand
from schedule.solver.places.exchanges import exchanges
from schedule.solver.places.finder import PlaceFinder

SESSIONS = 1000
ASKED = [f"S{number}" for number in range(0, SESSIONS, 50)]


def run() -> list[dict[str, Any]]:
    """Processor time in ms: reading the problem, one answer about a day, the best exchanges; medians of 20 sessions."""
    problem = make(sessions=SESSIONS)
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), problem.weights)
    timetable = arrays.timetable(*arrays.built_state(1))
    began = process_time()
    finder = PlaceFinder(problem, timetable)
    reading = process_time() - began
    days, swaps = [], []
    for session in ASKED:
        for window in problem.windows:
            began = process_time()
            finder.of_day(session, window.day).best(10)
            days.append(process_time() - began)
        began = process_time()
        exchanges(finder, session)
        swaps.append(process_time() - began)
    return [
        _figure("where could it go: a timetable read and the first answer", reading + max(days), 150),
        _figure("where could it go: all starts and rooms of a day", median(days), 150),
        _figure("the best exchanges of a session", median(swaps), 300),
        _figure("the best exchanges of a session, the slowest", max(swaps), 300),
    ]


def _figure(name: str, seconds: float, budget: int) -> dict[str, Any]:
    return {"name": name, "value": round(1000 * seconds, 1), "unit": "ms", "budget": budget}


if __name__ == "__main__":
    for figure in run():
        print(f"{figure['name']}: {figure['value']} {figure['unit']} (budget {figure['budget']})")
