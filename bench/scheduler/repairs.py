"""What is lost in a large programme, and its repair: `python -m bench.scheduler.repairs`.

One process, no database. The 400 sessions are the synthetic instance of the shared data (see `bench.scheduler.public`
for where that is read), the 1,000 a planted conference (`bench.scheduler.planted`) and a full house
(`bench.scheduler.big_programme`: 35 rooms that are hardly ever empty, starts every 5 minutes). Seconds are processor
time, which other work on the machine hardly changes; a repair uses one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import Any

from bench.scheduler import big_programme, synthetic_problem
from bench.scheduler.planted.conference import plant
from bench.scheduler.public import instances, missing
from schedule.solver.annealing.arrays import Arrays
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.objective import SeatDemand
from schedule.solver.problem import Interval, Problem, Timetable
from schedule.solver.repair.minimal_change import repair
from schedule.solver.verify import violations

INSTANCE = "syn400_seed7"
SECONDS = 60


def run() -> list[dict[str, Any]]:
    """Processor time of each repair; asserts that what was found keeps the rules."""
    figures: list[dict[str, Any]] = []
    path = instances().get(INSTANCE)
    if path is None:
        print(missing(), file=sys.stderr)
        figures.append(_figure(f"repair: 400 sessions MISSING, {missing()}", 0, None))
    else:
        figures.extend(_repairs("400 sessions", *synthetic_problem.read(path), 0.5))
    planted = plant(1000, 1)
    figures.extend(_repairs("1,000 sessions", planted.problem, planted.timetable, 2))
    figures.extend(_repairs("1,000 in a full house", *_full_house(), 2))
    return figures


def _full_house() -> tuple[Problem, Timetable]:
    problem = big_programme.make(sessions=1000)
    arrays = Arrays(TimetableModel(problem), SeatDemand(problem), problem.weights)
    return problem, arrays.timetable(*arrays.built_state(1))


def _repairs(what: str, problem: Problem, timetable: Timetable, budget: float) -> Iterator[dict[str, Any]]:
    if violations(problem, timetable):
        raise AssertionError(f"{what}: the timetable to repair is wrong")
    for name, changed in _lost(problem, timetable):
        began = process_time()
        found = repair(changed, timetable, seconds=SECONDS, seed=1, at_once=True)
        took = process_time() - began
        if found.timetable is not None and violations(changed, found.timetable):
            raise AssertionError(f"{what}, {name}: the repair breaks a rule")
        proved = "proved minimal" if found.proved_minimal else "NOT PROVED, at least {}+{}".format(*found.at_least)
        none = "no timetable is left" if found.feasible is False else "NONE FOUND"
        changes = none if found.timetable is None else f"{len(found.changes)} changes, {proved}"
        yield _figure(f"repair: {what}, {name}: {changes}", round(took, 2), budget)


def _lost(problem: Problem, timetable: Timetable) -> Iterator[tuple[str, Problem]]:
    """What may happen to a programme, and the problem that is left."""
    days = [window.hours for window in problem.windows]
    in_rooms = [placed.room for placed in timetable]
    busiest = max(sorted(set(in_rooms)), key=in_rooms.count)
    yield "a room for a day", _closed(problem, busiest, days[:1])
    free = {one.code for one in problem.sessions if one.fixed_start is None and not one.blocks_all}
    free -= {pin.session for pin in problem.pins} | {code for group in problem.same_time for code in group}
    speaker = next(code for one in problem.sessions if one.code in free for code in sorted(one.people))
    yield "a speaker for a day", _away(problem, speaker, _day_of(problem, timetable, speaker))
    by_start = sorted((placed for placed in timetable if placed.session in free), key=lambda placed: placed.start)
    late = by_start[len(by_start) // 2]
    sessions = (
        replace(one, not_before=late.start + 30) if one.code == late.session else one for one in problem.sessions
    )
    yield "a session later", replace(problem, sessions=tuple(sessions))
    yield "a room for the whole event", _closed(problem, busiest, days)


def _closed(problem: Problem, code: str, times: list[Interval]) -> Problem:
    rooms = (replace(room, closed=(*room.closed, *times)) if room.code == code else room for room in problem.rooms)
    return replace(problem, rooms=tuple(rooms))


def _away(problem: Problem, code: str, time: Interval) -> Problem:
    people = (replace(one, away=(*one.away, time)) if one.code == code else one for one in problem.people)
    return replace(problem, people=tuple(people))


def _day_of(problem: Problem, timetable: Timetable, person: str) -> Interval:
    """The hours of a day on which this person is needed."""
    theirs = {one.code for one in problem.sessions if person in one.people}
    start = next(placed.start for placed in timetable if placed.session in theirs)
    return next(w.hours for w in problem.windows if w.hours.start <= start < w.hours.end)


def _figure(name: str, value: float, budget: float | None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": "s", "budget": budget}


if __name__ == "__main__":
    for figure in run():
        print(f"{figure['name']:<90} {figure['value']:>6g} {figure['unit']} (budget {figure['budget']})")
