"""How fast the forum is scheduled, repaired and explained: `python -m bench.scheduler.forum`.

One process, one core, no database. Wishes: 600 people, 4 to 9 sessions each, drawn with a fixed seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TypedDict

from schedule.solver.annealing.annealer import Annealer, steps_per_second
from schedule.solver.annealing.arrays import Arrays
from schedule.solver.budget import Deadline
from schedule.solver.exact.interval_model import TimetableModel
from schedule.solver.explain.infeasible_subset import explain
from schedule.solver.files import problems
from schedule.solver.objective import SeatDemand, Weights
from schedule.solver.problem import Attendee, Interval, Problem
from schedule.solver.repair.minimal_change import repair
from schedule.solver.solve import solve
from schedule.solver.verify import violations

FORUM = Path(__file__).resolve().parents[2] / "schedule/exchange/samples/whrcf2017.json"
PEOPLE = 600
DAY = 24 * 60


class Figure(TypedDict):
    """One measured figure with its budget."""

    name: str
    value: float
    unit: str
    budget: float | None


def with_wishes(problem: Problem) -> Problem:
    """The problem with PEOPLE attendees who rank sessions drawn at random: harder than people of like interests."""
    rng = random.Random(1)
    codes = [session.code for session in problem.sessions if not session.is_break]
    attendees = []
    for _ in range(PEOPLE):
        wishes = rng.sample(codes, rng.randint(4, 9))
        attendees.append(Attendee(tuple((code, max(1, 5 - rank)) for rank, code in enumerate(wishes))))
    return replace(problem, attendees=tuple(attendees))


def seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def run() -> list[Figure]:
    """All figures; asserts that what was measured is right."""
    forum = problems.read(FORUM)
    wished = with_wishes(forum)
    arrays = Arrays(TimetableModel(wished), SeatDemand(wished), Weights())
    any_moves = seconds(lambda: _moves(arrays, 0.01))  # compiles, if this machine never has
    best = solve(forum, seconds=10)
    good = solve(wished, seconds=10, seed=1)
    if best.timetable is None or good.timetable is None or best.status != "OPTIMAL":
        raise AssertionError(f"the forum was not solved: {best.status}, {good.status}")
    long_run = solve(wished, seconds=40, seed=2, start=good.timetable)
    lost = tuple(replace(r, closed=(Interval(DAY, 2 * DAY),)) if r.code == "R209" else r for r in forum.rooms)
    mended = repair(replace(forum, rooms=lost), best.timetable, seconds=10)
    if mended.timetable is None or violations(replace(forum, rooms=lost), mended.timetable):
        raise AssertionError("the repair is wrong")
    one_team = replace(forum, rules=replace(forum.rules, interpreter_teams=1))
    reasons = explain(one_team, seconds=30)
    move_seconds = seconds(lambda: _moves(arrays, 2.0))
    return [
        _figure("solver: forum, first timetable", best.seconds_to_first, "s", 2),
        _figure("solver: forum without wishes, proved best", best.seconds, "s", 10),
        _figure(f"solver: forum, {PEOPLE} people, objective in 10 s", good.objective, "", None),
        _figure(f"solver: forum, {PEOPLE} people, bound in 10 s", good.bound, "", None),
        _figure(f"solver: forum, {PEOPLE} people, objective in 40 s more", long_run.objective, "", None),
        _figure(
            "solver: local search, 30 sessions", 2.0 * steps_per_second(30) / move_seconds / 1e6, "M moves/s", None
        ),
        _figure("solver: local search, first call ever or from its cache", any_moves, "s", None),
        _figure("solver: repair, a room lost for a day", mended.seconds, "s", 2),
        _figure("solver: repair, changes", len(mended.changes), "", None),
        _figure("solver: explain, one interpreter team", reasons.seconds, "s", 30),
        _figure("solver: verify the forum", seconds(lambda: violations(forum, best.timetable or ())) * 1e3, "ms", None),
    ]


def _moves(arrays: Arrays, budget: float) -> int:
    annealer = Annealer(arrays, seed=0, deadline=Deadline(60), report=lambda _timetable: None)
    annealer.search(budget)
    return annealer.done


def _figure(name: str, value: float | None, unit: str, budget: float | None) -> Figure:
    return Figure(name=name, value=round(value or 0, 3), unit=unit, budget=budget)


if __name__ == "__main__":
    for figure in run():
        limit = "" if figure["budget"] is None else f"(budget {figure['budget']})"
        print(f"{figure['name']:<60} {figure['value']:>12} {figure['unit']} {limit}")
