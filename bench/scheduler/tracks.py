"""What conferences of tracks cost after 55 seconds: `python -m bench.scheduler.tracks [SECONDS [SEED [NAME...]]]`.

Reads the CoSPLib workbooks of the folder that PLENARY_COSPLIB names (../shared/data/timetabling/instances/cosplib
without it); says so where they are missing. Each is solved in a process of its own by the command line, as
`python -m schedule.solver solve NAME.xlsx --format cosplib --seconds 55 --seed 1 --workers 2 --out OUT`, and the
workbook written is read back and checked. The time of a figure is that of the whole process: start-up, reading,
compiling where nothing is cached, and writing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.scheduler.forum import Figure

BASE = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("PLENARY_COSPLIB", BASE.parent / "shared/data/timetabling/instances/cosplib"))
SECONDS = 55.0
SEED = 1
WORKERS = 2

REACH: dict[str, int | None] = {
    "N2OR": 2,
    "GECCO19": 1_000_116,
    "GECCO20": 6_298,
    "GECCO21": 10_950,
    "OR60F": 50,
    "OR60F2": 1_660,
    "OR60": None,
}
"""The objective to reach: that of the published solutions, or what was asked for where we knew better."""

BEST_KNOWN = {
    "N2OR": 1,
    "GECCO19": 1_000_116,
    "GECCO20": 6_298,
    "GECCO21": 10_933,
    "OR60F": 38,
    "OR60F2": 1_660,
    "OR60": 12_844,
}
"""The best that we knew of before (published solutions, CoSPLib's own search, our prototypes)."""

GAP = 0.1
"""The proved gap to reach for OR60."""


def solved(path: Path, *, seconds: float, seed: int) -> dict[str, Any]:
    """The report of the command line, with the seconds that the process took. Raises if the check does not agree."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "solution.xlsx"
        began = perf_counter()
        report = _run("solve", path, "--seconds", seconds, "--seed", seed, "--workers", WORKERS, "--out", out)
        took = perf_counter() - began
        checked = _run("check", path, out)
    if not checked["right"] or checked["objective"] != report["objective"]:
        raise AssertionError(f"{path.name}: reported {report['objective']}, checked {checked}")
    return report | {"took": took}


def _run(command: str, path: Path, *options: object) -> dict[str, Any]:
    line = [sys.executable, "-m", "schedule.solver", command, path, *options, "--format", "cosplib"]
    done = subprocess.run([str(word) for word in line], cwd=BASE, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def run(seconds: float = SECONDS, seed: int = SEED, names: list[str] | None = None) -> list[Figure]:
    """For every workbook: objective, bound, seconds to the first schedule, seconds in all."""
    figures = []
    for name in names or list(REACH):
        path = FOLDER / f"{name}.xlsx"
        if not path.exists():
            print(f"not measured, because it is missing: {path}", file=sys.stderr)
            continue
        report = solved(path, seconds=seconds, seed=seed)
        about = f"tracks: {name} (best known {BEST_KNOWN[name]:,})"
        gap = (report["objective"] - report["bound"]) / max(1, report["objective"])
        figures += [
            Figure(name=f"{about}, objective", value=report["objective"], unit="", budget=REACH[name]),
            Figure(name=f"{about}, bound", value=report["bound"], unit="", budget=None),
            Figure(name=f"{about}, gap", value=round(gap, 3), unit="", budget=GAP if name == "OR60" else None),
            Figure(name=f"{about}, first", value=report["seconds_to_first_feasible"], unit="s", budget=None),
            Figure(name=f"{about}, whole process", value=round(report["took"], 1), unit="s", budget=None),
        ]
    return figures


if __name__ == "__main__":
    given = sys.argv[1:]
    for figure in run(float(given[0]) if given else SECONDS, int(given[1]) if given[1:] else SEED, given[2:] or None):
        budget = "" if figure["budget"] is None else f"(reach {figure['budget']:,})"
        print(f"{figure['name']:<60} {figure['value']:>12,} {figure['unit']} {budget}", flush=True)
