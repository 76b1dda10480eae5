"""The command line: one JSON object on standard output, progress and errors on standard error.

`solve` on a problem without a timetable says why, which may take up to 30 seconds more.

Exit status: 0 feasible or right, 1 infeasible, not solved in time or wrong, 2 input that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from .errors import FormatError
from .explain import Explanation, explain
from .formats import READERS
from .problem import Placement, Problem, Timetable
from .records import LocalClock
from .repair import repair
from .search import Progress, solve
from .timetables import read_timetable, write_timetable
from .verify import violations

OK, NO, BAD_INPUT = 0, 1, 2
EXPLAIN_SECONDS = 30.0

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        report, status = options.run(options)
    except _BadFile as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return int(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="schedule.solver", description="Solve, repair, check and explain timetables.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str, *, timetable: bool, out: bool, seconds: float | None) -> None:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        sub.add_argument("file", metavar="FILE", help="the problem")
        if timetable:
            sub.add_argument("timetable", metavar="TIMETABLE", help="a timetable of that problem")
        sub.add_argument("--format", choices=sorted(READERS), default="plenary", help="format of FILE")
        if seconds is not None:
            sub.add_argument("--seconds", type=_seconds, default=seconds, help="time limit (default %(default)s)")
            sub.add_argument("--seed", type=int, default=0, help="random seed (default %(default)s)")
        if out:
            sub.add_argument("--out", type=Path, help="where to write the timetable")

    command("solve", _solve, "Find a timetable and improve it.", timetable=False, out=True, seconds=10)
    commands.choices["solve"].add_argument("--workers", type=int, choices=(1, 2), default=1, help="parallel searches")
    command("repair", _repair, "Repair a timetable with few changes.", timetable=True, out=True, seconds=10)
    command("explain", _explain, "Say why there is no timetable.", timetable=False, out=False, seconds=EXPLAIN_SECONDS)
    command("check", _check, "Say what is wrong with a timetable.", timetable=True, out=False, seconds=None)
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"is not a number: {text!r}") from error
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 86400")
    return value


class _BadFile(Exception):  # never leaves this module
    """Names the file and what is wrong with it."""


def _problem(options: argparse.Namespace) -> Problem:
    return _loaded(options.file, READERS[options.format])


def _timetable(options: argparse.Namespace, problem: Problem) -> Timetable:
    return _loaded(options.timetable, lambda path: read_timetable(problem, path))


def _loaded(name: str, reader: Callable[[Path], T]) -> T:
    try:
        return reader(Path(name))
    except FormatError as error:
        raise _BadFile(f"{name}: {error}") from error
    except OSError as error:
        raise _BadFile(f"{name}: {error.strerror}") from error


def _write(options: argparse.Namespace, problem: Problem, timetable: Timetable | None) -> None:
    if options.out is None or timetable is None:
        return
    try:
        options.out.write_text(write_timetable(problem, timetable), encoding="utf-8")
    except OSError as error:
        raise _BadFile(f"{options.out}: {error.strerror}") from error


def _check_out(options: argparse.Namespace) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if options.out is not None and not options.out.parent.is_dir():
        raise _BadFile(f"{options.out}: no such folder")


def _say(progress: Progress) -> None:
    line = f"{progress.seconds:7.2f} s  {progress.phase:<12} objective {progress.objective}"
    print(line, file=sys.stderr, flush=True)


def _solve(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
    _check_out(options)
    problem = _problem(options)
    result = solve(problem, seconds=options.seconds, seed=options.seed, workers=options.workers, on_progress=_say)
    _write(options, problem, result.timetable)
    report: dict[str, Any] = {
        "feasible": result.feasible,
        "status": result.status,
        "objective": result.objective,
        "terms": result.terms,
        "bound": result.bound,
        "seconds": round(result.seconds, 3),
        "seconds_to_first_feasible": None if result.seconds_to_first is None else round(result.seconds_to_first, 3),
        "iterations": result.iterations,
    }
    if result.feasible is False:
        report["explanation"] = [cause.text_en for cause in explain(problem, seconds=EXPLAIN_SECONDS).causes]
    return report, OK if result.feasible else NO


def _repair(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
    _check_out(options)
    problem = _problem(options)
    result = repair(problem, _timetable(options, problem), seconds=options.seconds, seed=options.seed)
    _write(options, problem, result.timetable)
    report: dict[str, Any] = {
        "feasible": result.feasible,
        "changes_by_kind": result.changes_by_kind,
        "proved_minimal": result.proved_minimal,
        "changes": [
            {"session": c.session, "kind": c.kind, "old": _place(problem, c.old), "new": _place(problem, c.new)}
            for c in result.changes
        ],
        "added": list(result.added),
        "removed": list(result.removed),
        "terms": result.terms,
        "seconds": round(result.seconds, 3),
    }
    if result.feasible is False:
        report["explanation"] = [cause.text_en for cause in explain(problem, seconds=EXPLAIN_SECONDS).causes]
    return report, OK if result.feasible else NO


def _place(problem: Problem, placement: Placement) -> dict[str, str]:
    clock = LocalClock(problem.origin)
    start, end = (clock.local(minute).isoformat(timespec="minutes") for minute in (placement.start, placement.end))
    return {"room": placement.room, "start": start, "end": end}


def _explain(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
    found: Explanation = explain(_problem(options), seconds=options.seconds)
    report: dict[str, Any] = {
        "feasible": found.feasible,
        "proved": found.proved,
        "minimal": found.minimal,
        "causes": [asdict(cause) for cause in found.causes],
        "seconds": round(found.seconds, 3),
    }
    return report, OK if found.feasible else NO


def _check(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
    problem = _problem(options)
    found = violations(problem, _timetable(options, problem))
    report = {
        "right": not found,
        "violations": [
            {"rule": v.rule, "sessions": list(v.sessions), "room": v.room, "detail": v.detail} for v in found
        ],
    }
    return report, NO if found else OK
