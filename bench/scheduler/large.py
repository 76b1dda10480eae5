"""A large problem, a programme of 1,100 sessions: `python -m bench.scheduler.large`. One process, no database."""

from __future__ import annotations

import resource
from typing import TypedDict

from bench.scheduler import big_programme
from schedule.solver import warm
from schedule.solver.solve import solve
from schedule.solver.verify import violations

SECONDS = 30


class Figure(TypedDict):
    """One measured figure with its budget."""

    name: str
    value: float
    unit: str
    budget: float | None


def run() -> list[Figure]:
    """All figures; asserts that what was measured is right."""
    warm.warm()
    return _big()


def _big() -> list[Figure]:
    problem = big_programme.make()
    result = solve(problem, seconds=SECONDS, seed=1)
    if result.timetable is None or violations(problem, result.timetable):
        raise AssertionError("1,100 sessions: no timetable that keeps the rules")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    name = "solver: 1,100 sessions, 10,000 people"
    return [
        _figure(f"{name}, first timetable", round(result.seconds_to_first or 0, 2), "s", 30),
        _figure(f"{name}, objective in {SECONDS} s", result.objective or 0, "", None),
        _figure(f"{name}, memory", round(memory), "MB", 2000),
    ]


def _figure(name: str, value: float, unit: str, budget: float | None) -> Figure:
    return Figure(name=name, value=value, unit=unit, budget=budget)


if __name__ == "__main__":
    for figure in run():
        limit = "" if figure["budget"] is None else f"(budget {figure['budget']:g})"
        print(f"{figure['name']:<75} {figure['value']:>10g} {figure['unit']} {limit}")
