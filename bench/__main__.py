"""`python -m bench [NAME...]`: run every benchmark, print a table, write bench/results.json.

A benchmark is a module of this package, or of a folder in it, with run() -> list of {"name", "value", "unit",
"budget"}; each has a process of its own. Where one sets NEEDS_DATABASE = True, its process has Django set up and an
empty, migrated database on servers of the benchmarks' own (PLENARY_STATE is .plenary/bench), with the durability that a
real one has.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bench
from bench.scheduler.planted.command import main as planted
from config.settled import settle
from ops import embedded

RESULTS = Path(__file__).with_name("results.json")
SECONDS = 900
WORSE_WHEN_LOWER = ("/s",)  # a rate must reach its budget, every other figure must stay under it


def modules() -> list[str]:
    """The names of all benchmarks."""
    names = (module.name.removeprefix("bench.") for module in pkgutil.walk_packages(bench.__path__, "bench."))
    return sorted(name for name in names if name != "__main__" and "\ndef run(" in _source(name))


def _source(name: str) -> str:
    path = Path(__file__).parent.joinpath(*name.split(".")).with_suffix(".py")
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False, cwd=embedded.BASE_DIR
    ).stdout.strip()
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "commit": commit,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def measure(name: str) -> dict[str, Any]:
    """Run one benchmark in a process of its own: its figures, how long it took, and the load around it."""
    before, began = os.getloadavg()[0], time.monotonic()
    outcome: dict[str, Any] = {"module": name, "figures": []}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench", "--one", name],
            cwd=embedded.BASE_DIR,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        outcome["failed"] = f"took more than {SECONDS} s"
    else:
        if done.returncode:
            # The last lines, since an error of the database's ends with a caret under its place.
            outcome["failed"] = "\n".join(done.stderr.strip().splitlines()[-3:]) or f"exit status {done.returncode}"
        else:
            outcome["figures"] = json.loads(done.stdout.splitlines()[-1])
    outcome["seconds"] = round(time.monotonic() - began, 1)
    outcome["load"] = [round(before, 2), round(os.getloadavg()[0], 2)]
    return outcome


def run_one(name: str) -> None:
    """In the child: run the benchmark and print its figures as the last line."""
    if "NEEDS_DATABASE = True" in _source(name):  # asked of the text: its imports need what this sets up
        _empty_database()
    print(json.dumps(importlib.import_module(f"bench.{name}").run()))


def _empty_database() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # most benchmarks need none
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    with connection.cursor() as cursor:  # not flushed: what an earlier state of the code made may have other columns
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    settle()  # as the processes that serve do


def within_budget(figure: dict[str, Any]) -> bool | None:
    """Does a figure keep its budget? None where it has none."""
    if figure["budget"] is None:
        return None
    if figure["unit"].endswith(WORSE_WHEN_LOWER):
        return bool(figure["value"] >= figure["budget"])
    return bool(figure["value"] <= figure["budget"])


def table(outcomes: list[dict[str, Any]]) -> str:
    """The figures for people."""
    lines = [f"{'what':<62}{'measured':>12} {'unit':<10}{'budget':>8}"]
    for outcome in outcomes:
        if "failed" in outcome:
            lines.append(f"{outcome['module']:<62}{'FAILED':>12} {outcome['failed']}")
        for figure in outcome["figures"]:
            kept = {None: "", True: " ok", False: " OVER"}[within_budget(figure)]
            budget = "" if figure["budget"] is None else f"{figure['budget']:g}"
            lines.append(f"{figure['name']:<62}{figure['value']:>12,} {figure['unit']:<10}{budget:>8}{kept}")
    return "\n".join(lines)


def main() -> int:
    if sys.argv[1:2] == ["planted"]:
        return planted(sys.argv[2:])
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(modules())}; all without one")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        run_one(options.one)
        return 0
    os.environ["PLENARY_STATE"] = str(embedded.BASE_DIR / ".plenary" / "bench")
    for name in ("DATABASE_URL", "REDIS_URL"):  # what they name would be emptied
        os.environ.pop(name, None)
    outcomes = []
    with embedded.servers(database=True, broker=True):
        for name in options.names or modules():
            print(f"{name} ...", file=sys.stderr, flush=True)
            outcomes.append(measure(name))
    about = machine()
    RESULTS.write_text(json.dumps({"machine": about, "benchmarks": outcomes}, indent=1, ensure_ascii=False) + "\n")
    print(f"{about['cpu']}, {about['cores']} cores, Python {about['python']}, commit {about['commit']}")
    print("load of the machine: " + ", ".join(f"{o['module']} {o['load'][0]}-{o['load'][1]}" for o in outcomes))
    print(table(outcomes))
    return 1 if any("failed" in outcome for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
