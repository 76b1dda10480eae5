"""The synthetic instances as problems of Plenary, where only clashes of wishes cost: `python -m bench.scheduler.slots`.

A slot is an hour, one clash costs 1 (see `synthetic_problem`), so costs compare with those of the engine for slots
(`bench.scheduler.public`). With `--write FOLDER` the problem files are written instead, for the command line.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import fields, replace
from pathlib import Path
from time import process_time

from bench.scheduler import synthetic_problem
from bench.scheduler.public import instances, missing
from schedule.solver import warm
from schedule.solver.files import problem_file
from schedule.solver.problem import Problem, Weights
from schedule.solver.solve import solve
from schedule.solver.verify import violations

SYNTHETIC = "synthetic"


def read(path: Path) -> Problem:
    """The problem of an instance, with wishes alone to pay for."""
    free = Weights(**{field.name: 0 for field in fields(Weights)})
    return replace(synthetic_problem.read(path)[0], weights=replace(free, wish_clashes=1))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scheduler.slots")
    parser.add_argument("names", nargs="*", help="instances; all without one")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--workers", type=int, choices=(1, 2), default=2)
    parser.add_argument(
        "--by-work", action="store_true", help="one worker, whose result does not depend on the machine"
    )
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write problem files and solve nothing")
    options = parser.parse_args()
    paths = {name: path for name, path in instances().items() if path.parent.name == SYNTHETIC}
    if not paths:
        print(missing(), file=sys.stderr)
        return 1
    warm.warm()
    for name in options.names or paths:
        problem = read(paths[name])
        if options.write is not None:
            (options.write / f"{name}.json").write_text(problem_file.write(problem), encoding="utf-8")
            continue
        for seconds in options.seconds:
            for seed in options.seeds:
                _measure(name, problem, seconds, seed, options)
    return 0


def _measure(name: str, problem: Problem, seconds: float, seed: int, options: argparse.Namespace) -> None:
    began = process_time()
    workers = 1 if options.by_work else options.workers
    found = solve(problem, seconds=seconds, seed=seed, workers=workers, by_work=options.by_work)
    if found.timetable is None or violations(problem, found.timetable):
        raise AssertionError(f"{name}: no timetable that keeps the rules")
    print(
        f"{name:<22}{seconds:>5g} s  seed {seed}  {workers} workers  cost {found.objective}  {found.status}  "
        f"{found.iterations / 1e6:.0f} M moves  {found.seconds:.1f} s  {process_time() - began:.1f} s of processor",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
