"""Planted conferences through the search: `python -m bench planted --size 100 --seed 1`.

Prints what the first timetable costs that keeps the rules, what is reached (the optimum is 0), and what is left.
With `--programme FILE` the timetable is that of a real programme (frab or Pentabarf XML or JSON): its sessions, rooms
and people with made wishes that it satisfies, and nothing else to pay for. `--write FILE` writes the problem instead.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter, process_time

from schedule.solver import warm
from schedule.solver.files import problem_file
from schedule.solver.results import SearchProgress
from schedule.solver.solve import solve
from schedule.solver.verify import violations

from .conference import HALF_HOUR, Planted, plant
from .programmes import of_programme


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench planted")
    parser.add_argument("--size", type=int, default=100, help="sessions")
    parser.add_argument("--seed", type=int, default=1, help="of the conference")
    parser.add_argument("--grid", type=int, choices=(5, HALF_HOUR), default=HALF_HOUR, help="minutes between starts")
    parser.add_argument("--programme", type=Path, help="plant wishes into this programme")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--luck", type=int, nargs="+", default=[1], help="seeds of the search")
    parser.add_argument("--workers", type=int, choices=(1, 2), default=2)
    parser.add_argument("--by-work", action="store_true", help="one worker; the result does not depend on the machine")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the problem file and solve nothing")
    options = parser.parse_args(arguments)
    if options.programme is not None:
        planted, name = of_programme(options.programme, options.seed), options.programme.stem
    else:
        planted, name = plant(options.size, options.seed, grid=options.grid), f"planted {options.size}"
    if options.write is not None:
        options.write.write_text(problem_file.write(planted.problem), encoding="utf-8")
        return 0
    warm.warm()
    for luck in options.luck:
        print(f"{name}, seed {options.seed}: {_solved(planted, luck, options)}", flush=True)
    return 0


def _solved(planted: Planted, luck: int, options: argparse.Namespace) -> str:
    told: list[SearchProgress] = []
    wall, began = perf_counter(), process_time()
    found = solve(
        planted.problem,
        seconds=options.seconds,
        seed=luck,
        workers=1 if options.by_work else options.workers,
        on_progress=told.append,
        by_work=options.by_work,
    )
    if found.timetable is None:
        return f"no timetable ({found.status}) after {found.seconds:.1f} s"
    if violations(planted.problem, found.timetable):
        raise AssertionError("a wrong timetable")
    first, reached = told[0].objective, found.objective or 0
    weights = planted.problem.weights
    left = ", ".join(f"{term} {value}" for term, value in found.terms.items() if value * getattr(weights, term))
    return (
        f"{options.seconds:g} s, luck {luck}: {first} at first, {reached} reached "
        f"({reached / max(1, first):.2%}; {left or 'nothing left'}), {found.iterations / 1e6:.0f} M moves, "
        f"{perf_counter() - wall:.1f} s, {process_time() - began:.1f} s of processor"
    )
