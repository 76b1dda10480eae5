"""The command line: one JSON object on standard output, progress and errors on standard error.

Exit status: 0 feasible or right, 1 infeasible, not solved in time or wrong, 2 input that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .errors import FormatError
from .formats import READERS
from .problem import Problem, Timetable
from .search import Progress, solve
from .timetables import read_timetable, write_timetable
from .verify import violations

OK, NO, BAD_INPUT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        report, status = options.run(options)
    except FormatError as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
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
            sub.add_argument("--seconds", type=_positive, default=seconds, help="time limit (default %(default)s)")
            sub.add_argument("--seed", type=int, default=0, help="random seed (default %(default)s)")
        if out:
            sub.add_argument("--out", type=Path, help="where to write the timetable")

    command("solve", _solve, "Find a timetable and improve it.", timetable=False, out=True, seconds=10)
    commands.choices["solve"].add_argument("--workers", type=int, choices=(1, 2), default=1, help="parallel searches")
    command("check", _check, "Say what is wrong with a timetable.", timetable=True, out=False, seconds=None)
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 86400")
    return value


def _problem(options: argparse.Namespace) -> Problem:
    return READERS[options.format](Path(options.file))


def _timetable(options: argparse.Namespace, problem: Problem) -> Timetable:
    try:
        return read_timetable(problem, Path(options.timetable))
    except FormatError as error:
        options.file = options.timetable  # the message names the file at fault
        raise error


def _write(options: argparse.Namespace, problem: Problem, timetable: Timetable | None) -> None:
    if options.out is not None and timetable is not None:
        options.out.write_text(write_timetable(problem, timetable), encoding="utf-8")


def _say(progress: Progress) -> None:
    print(
        f"{progress.seconds:7.2f} s  {progress.phase:<12} objective {progress.objective}", file=sys.stderr, flush=True
    )


def _solve(options: argparse.Namespace) -> tuple[dict[str, Any], int]:
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
    return report, OK if result.feasible else NO


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
