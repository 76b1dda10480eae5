"""The public timetabling instances through the command line: `python -m bench.scheduler.public [--quick]`.

Each run is a process of its own; its seconds include start-up, reading and compiling what is not compiled yet. Every
timetable is checked by a second process. The instances are read from ../shared/data/timetabling or, with another place
for the shared data, from $PLENARY_SHARED_DATA/timetabling; `best_known.csv` there gives the published figures.

All of it takes about three hours of two idle cores; `make bench` measures the `--quick` part.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TypedDict

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("PLENARY_SHARED_DATA") or ROOT.parent / "shared" / "data") / "timetabling"
FORMATS = {"itc2007-track2": "itc2007", "itc2002": "itc2002", "synthetic": "synthetic"}
SEEDS = (1, 2, 3)
WORKERS = 2
QUICK = {"comp-2007-2-5": 30, "comp-2007-2-17": 30, "competition02": 30, "syn400_seed7": 30, "syn400_seed7_planted": 60}
SYNTHETIC = {("syn400_seed7", 30): 3500, ("syn400_seed7", 60): 3450, ("syn400_seed7_planted", 60): 200}


class Figure(TypedDict):
    """One measured figure with its budget."""

    name: str
    value: float
    unit: str
    budget: float | None


@dataclass(frozen=True)
class Run:
    """One solve."""

    name: str
    seed: int
    seconds: float
    wall: float
    load: float
    report: dict[str, Any]

    @property
    def cost(self) -> int | None:
        return None if self.report["objective"] is None else int(self.report["objective"])


def instances() -> dict[str, Path]:
    """The files that are there, by name."""
    files = (path for folder in FORMATS for path in sorted((DATA / "instances" / folder).glob("*.*")))
    return {path.stem: path for path in files if path.suffix in {".tim", ".json"}}


def published() -> dict[str, dict[str, float]]:
    """Name -> metric -> value."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    with (DATA / "best_known.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"].startswith("soft_cost"):
                found[row["instance"]][row["metric"]] = float(row["best_known"])
    return found


def solve(path: Path, *, seconds: float, seed: int, workers: int = WORKERS) -> Run:
    """One run of the command line, its timetable checked. Raises AssertionError if it is wrong."""
    form = FORMATS[path.parent.name]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "timetable"
        began = perf_counter()
        report = _command(
            "solve", path, "--format", form, "--seconds", seconds, "--seed", seed, "--workers", workers, "--out", out
        )
        wall = perf_counter() - began
        if report["feasible"]:
            checked = _command("check", path, out, "--format", form)
            if not checked["right"] or checked["objective"] != report["objective"]:
                raise AssertionError(f"{path.stem}: the solver says {report}, the checker {checked}")
    return Run(path.stem, seed, seconds, wall, os.getloadavg()[0], report)


def _command(*arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "schedule.solver", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout:
        raise AssertionError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run() -> list[Figure]:
    """The quick part, one seed, for `make bench`."""
    there = instances()
    if not there:
        print(missing(), file=sys.stderr)
        return [Figure(name=f"solver: MISSING, {missing()}", value=0, unit="", budget=None)]
    best = published()
    figures = []
    for name, seconds in QUICK.items():
        if name not in there:
            figures.append(Figure(name=f"solver: {name} MISSING", value=0, unit="", budget=None))
            continue
        done = solve(there[name], seconds=seconds, seed=SEEDS[0])
        known = best[name].get("soft_cost_best_found")
        text = "" if known is None else f" (best known {known:g})"
        budget = SYNTHETIC.get((name, seconds))
        if done.cost is None:
            raise AssertionError(f"{name}: no complete timetable in {seconds} s")
        figures.append(Figure(name=f"solver: {name}, {seconds} s{text}", value=done.cost, unit="", budget=budget))
        first = round(done.report["seconds_to_first_feasible"], 2)
        figures.append(Figure(name=f"solver: {name}, first complete", value=first, unit="s", budget=60))
    return figures


def missing() -> str:
    return f"no public instances at {DATA}; set PLENARY_SHARED_DATA"


def full(names: list[str], seconds: list[float], seeds: list[int], workers: int) -> Iterator[Run]:
    """Every instance, time and seed; prints each run when it is done."""
    for name, path in instances().items():
        if names and name not in names:
            continue
        for limit in seconds or ([30, 60] if path.suffix == ".json" else [190]):
            for seed in seeds:
                done = solve(path, seconds=limit, seed=seed, workers=workers)
                report = done.report
                first = report["seconds_to_first_feasible"]
                print(
                    f"{name:<22}{limit:>5g} s  seed {seed}  cost {done.cost}  {report['terms']}  first {first} s  "
                    f"{report['iterations'] / 1e6:.0f} M proposals  wall {done.wall:.1f} s  load {done.load:.1f}",
                    flush=True,
                )
                yield done


def summary(runs: list[Run]) -> str:
    """One line for each instance and time, beside what is published."""
    best = published()
    groups: dict[tuple[str, float], list[Run]] = defaultdict(list)
    for done in runs:
        groups[done.name, done.seconds].append(done)
    lines = [
        f"{'instance':<22}{'s':>5}{'best':>7}{'mean':>9}{'of':>4}{'published mean':>16}{'best known':>12}{'first':>8}"
    ]
    for (name, seconds), group in groups.items():
        costs = [done.cost for done in group if done.cost is not None]
        known = best[name]
        means = [known[key] for key in ("soft_cost_mean_SAIRL_190s", "soft_cost_best_published_mean") if key in known]
        first = max((done.report["seconds_to_first_feasible"] or seconds for done in group), default=seconds)
        lines.append(
            f"{name:>22}{seconds:>5g}{min(costs, default='-'):>7}"
            f"{statistics.mean(costs) if costs else float('nan'):>9.1f}{len(costs):>4}"
            f"{' / '.join(f'{mean:g}' for mean in means):>16}{known.get('soft_cost_best_found', float('nan')):>12g}"
            f"{first:>7.1f}s"
        )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.scheduler.public")
    parser.add_argument("names", nargs="*", help="instances; all without one")
    parser.add_argument("--quick", action="store_true", help="five instances, about four minutes")
    parser.add_argument(
        "--seconds", type=float, nargs="+", default=[], help="time limits (default 190; synthetic 30 60)"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--workers", type=int, default=WORKERS)
    options = parser.parse_args()
    if not instances():
        print(missing(), file=sys.stderr)
        return 1
    if options.quick:
        for figure in run():
            print(f"{figure['name']:<60} {figure['value']:>10g} {figure['unit']}")
        return 0
    print(summary(list(full(options.names, options.seconds, options.seeds, options.workers))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
