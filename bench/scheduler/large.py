"""Large problems: repairs of 400 sessions, and a programme of 1,100: `python -m bench.scheduler.large`.

One process, no database. The 400 sessions are the synthetic instance of the shared data (see `bench.scheduler.public`
for where that is read); what is repaired is the timetable it was made from, after a room or a person is lost.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TypedDict

from bench.scheduler import big_programme, synthetic_problem
from bench.scheduler.public import instances, missing
from schedule.solver import warm
from schedule.solver.problem import Interval, Problem, Timetable
from schedule.solver.repair.minimal_change import repair
from schedule.solver.solve import solve
from schedule.solver.verify import violations

INSTANCE = "syn400_seed7"
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
    return [*_repairs(), *_big()]


def _repairs() -> list[Figure]:
    path = instances().get(INSTANCE)
    if path is None:
        print(missing(), file=sys.stderr)
        return [_figure(f"solver: repairs MISSING, {missing()}", 0, "", None)]
    problem, timetable = synthetic_problem.read(path)
    if violations(problem, timetable):
        raise AssertionError("the timetable to repair is wrong")
    days = [window.hours for window in problem.windows]
    busiest = max((p.room for p in timetable), key=[p.room for p in timetable].count)
    speaker = next(code for one in problem.sessions for code in sorted(one.people) if code.startswith("speaker-"))
    lost: list[tuple[str, Callable[[], Problem], float]] = [
        ("a room for a day", lambda: _closed(problem, busiest, days[:1]), 2),
        ("a person for a day", lambda: _away(problem, speaker, _day_of(problem, timetable, speaker)), 2),
        ("a room for the whole event", lambda: _closed(problem, busiest, days), 8),
    ]
    figures = []
    for name, change, budget in lost:
        changed = change()
        began = perf_counter()
        found = repair(changed, timetable, seconds=60, seed=1)
        took = perf_counter() - began
        if found.timetable is None or violations(changed, found.timetable) or not found.changes:
            raise AssertionError(f"{name}: not repaired")
        proved = "proved minimal" if found.proved_minimal else "NOT PROVED"
        text = f"solver: 400 sessions lose {name}, {len(found.changes)} changes, {proved}"
        figures.append(_figure(text, round(took, 2), "s", budget))
    return figures


def _closed(problem: Problem, code: str, times: list[Interval]) -> Problem:
    rooms = tuple(replace(room, closed=tuple(times)) if room.code == code else room for room in problem.rooms)
    return replace(problem, rooms=rooms)


def _away(problem: Problem, code: str, time: Interval) -> Problem:
    people = tuple(replace(one, away=(*one.away, time)) if one.code == code else one for one in problem.people)
    return replace(problem, people=people)


def _day_of(problem: Problem, timetable: Timetable, person: str) -> Interval:
    """The hours of a day on which this person is needed."""
    theirs = {one.code for one in problem.sessions if person in one.people}
    start = next(placed.start for placed in timetable if placed.session in theirs)
    return next(w.hours for w in problem.windows if w.hours.start <= start < w.hours.end)


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
