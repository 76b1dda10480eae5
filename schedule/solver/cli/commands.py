"""The command line: one JSON object on standard output, progress and errors on standard error.

`solve` on a problem without a timetable says why, which may take up to 30 seconds more. An interrupt (Ctrl-C, TERM)
ends a search or an explanation and keeps the best found so far.

Exit status: 0 feasible, right or helped, 1 infeasible, not solved in time, wrong or beyond help, 2 input that cannot be
read, 130 interrupted before there was anything to keep.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from schedule.solver.attendance.comparison import compared
from schedule.solver.budget import ShouldStop
from schedule.solver.errors import FormatError
from schedule.solver.files.formats import FORMATS, FileFormat, load
from schedule.solver.files.made import made
from schedule.solver.files.reading.finding import Findings
from schedule.solver.files.reading.minutes import LocalMinute
from schedule.solver.files.reading.record import Context, Record
from schedule.solver.files.reading.times import LocalClock
from schedule.solver.jobs.interrupts import interrupts
from schedule.solver.problem import Problem, Timetable
from schedule.solver.results import SearchProgress
from schedule.solver.sentences.words import SolverWords, names_of

from . import reports

OK, NO, BAD_INPUT = 0, 1, 2
EXPLAIN_SECONDS = 30.0
RELAX_SECONDS = 60.0
MOST_ANSWERS = 9
GREATEST_SEED = 2**31 - 1
"""CP-SAT holds a seed in 32 bits."""

INTERRUPTS = signal.SIGINT, signal.SIGTERM

Report = tuple[dict[str, Any], int]
T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        report, status = options.run(options, load(options.format))
    except _BadFile as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return int(status)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="schedule.solver", description="Solve, repair, check and explain timetables, and ask what would help."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str, *, timetable: bool, out: bool, seconds: float | None) -> None:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        sub.add_argument("file", metavar="FILE", help="the problem")
        if timetable:
            sub.add_argument("timetable", metavar="TIMETABLE", help="a timetable of that problem")
        sub.add_argument("--format", choices=sorted(FORMATS), default="plenary", help="format of FILE")
        if seconds is not None:
            sub.add_argument("--seconds", type=_seconds, default=seconds, help="time limit (default %(default)s)")
            sub.add_argument("--seed", type=_seed, default=0, help="random seed (default %(default)s)")
        if out:
            sub.add_argument("--out", type=Path, help="where to write the timetable")

    command("solve", _solve, "Find a timetable and improve it.", timetable=False, out=True, seconds=10)
    commands.choices["solve"].add_argument("--workers", type=int, choices=(1, 2), default=1, help="parallel searches")
    commands.choices["solve"].add_argument(
        "--by-work",
        action="store_true",
        help="count work, not time: one worker finds the same again on every machine, however long that takes",
    )
    commands.choices["solve"].add_argument(
        "--start", metavar="TIMETABLE", help="a timetable to begin with; unless it breaks a rule, none worse is given"
    )
    commands.choices["solve"].add_argument(
        "--answers",
        type=int,
        choices=range(1, MOST_ANSWERS + 1),
        default=1,
        help="timetables to look for that differ clearly; the second goes to OUT with .2 in its name",
    )
    command("repair", _repair, "Repair a timetable with few changes.", timetable=True, out=True, seconds=10)
    command("explain", _explain, "Say why there is no timetable.", timetable=False, out=False, seconds=EXPLAIN_SECONDS)
    command("relax", _relax, "Say what would help.", timetable=False, out=False, seconds=RELAX_SECONDS)
    commands.choices["relax"].add_argument(
        "timetable", metavar="TIMETABLE", nargs="?", help="the timetable to better, if there is one"
    )
    command("check", _check, "Say what is wrong with a timetable.", timetable=True, out=False, seconds=None)
    command("why", _why, "Say what speaks against a place.", timetable=True, out=False, seconds=None)
    for name, text in (
        ("session", "code of a session"),
        ("time", "its start, as in 2017-09-15T13:00"),
        ("room", "code of a room"),
    ):
        commands.choices["why"].add_argument(name, metavar=name.upper(), help=text)
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"is not a number: {text!r}") from error
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 86400")
    return value


def _seed(text: str) -> int:
    try:
        value = int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"is not a whole number: {text!r}") from error
    if not 0 <= value <= GREATEST_SEED:
        raise argparse.ArgumentTypeError(f"must be from 0 to {GREATEST_SEED}")
    return value


class _BadFile(Exception):  # never leaves this module
    """Names the file and what is wrong with it."""


def _loaded(name: str, reader: Callable[[Path], T]) -> T:
    try:
        return reader(Path(name))
    except FormatError as error:
        raise _BadFile(f"{name}: {error}") from error
    except OSError as error:
        raise _BadFile(f"{name}: {error.strerror}") from error


def _problem(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Any:
    return _loaded(options.file, form.read)


def _timetable(name: str, form: FileFormat[Any, Any], problem: Any) -> Any:
    return _loaded(name, lambda path: form.read_timetable(problem, path))


def _start(options: argparse.Namespace, form: FileFormat[Any, Any], problem: Any) -> Any:
    """The timetable to begin with, if there is one: that of the option, else the one that the problem brings along."""
    if options.start is not None:
        return _timetable(options.start, form, problem)
    return None if form.read_start is None else _loaded(options.file, form.read_start)


def _own_only(options: argparse.Namespace, form: FileFormat[Any, Any]) -> None:
    if not form.own:
        raise _BadFile(f"{options.file}: only solve, with one answer, and check serve the format {form.name}")


def _write(out: Path | None, form: FileFormat[Any, Any], problem: Any, timetable: Any) -> None:
    if out is None or timetable is None:
        return
    try:
        out.write_bytes(form.write_timetable(problem, timetable))
    except OSError as error:
        raise _BadFile(f"{out}: {error.strerror}") from error


def _check_out(options: argparse.Namespace) -> None:
    """Refuse a place that cannot be written to before the work is done, not after."""
    if options.out is not None and not options.out.parent.is_dir():
        raise _BadFile(f"{options.out}: no such folder")


def _say(progress: SearchProgress) -> None:
    bound = "" if progress.bound is None else f"  bound {progress.bound}"
    terms = ", ".join(f"{name} {value}" for name, value in progress.terms.items() if value)
    line = f"{progress.seconds:7.2f} s  {progress.phase:<12} objective {progress.objective}{bound}"
    print(f"{line}  ({terms})" if terms else line, file=sys.stderr, flush=True)


def _attendance(problem: Problem, timetable: Timetable | None, **others: Any) -> dict[str, Any]:
    """What people get, where anybody wishes for anything (see `attendance.comparison`)."""
    found = compared(problem, timetable, **others)
    return {"attendance": found} if found else {}


def _solve(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    if options.by_work:
        _own_only(options, form)
        if options.answers > 1 or options.workers > 1:
            raise _BadFile(f"{options.file}: --by-work goes with one answer and one worker")
    if options.answers > 1:
        return _solve_several(options, form)
    _check_out(options)
    problem = _problem(options, form)
    start = _start(options, form, problem)
    with interrupts(*INTERRUPTS) as interrupted:
        result = form.solve(
            problem,
            seconds=options.seconds,
            seed=options.seed,
            workers=options.workers,
            start=start,
            on_progress=_say,
            should_stop=interrupted,
            **({"by_work": True} if options.by_work else {}),
        )
        _write(options.out, form, problem, result.solution)
        report = reports.of_result(result)
        if form.own:
            report |= _attendance(problem, result.solution, before=start)
            report["made"] = made(
                problem,
                start,
                seconds=options.seconds,
                seed=options.seed,
                workers=options.workers,
                by_work=options.by_work,
            )
        if result.feasible is False and form.own:
            report["explanation"] = _sentences(problem, interrupted)
    return report, OK if result.feasible else NO


def _solve_several(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    from schedule.solver.alternatives import find_alternatives  # commands load only what they need

    _own_only(options, form)
    _check_out(options)
    problem = _problem(options, form)
    start = _start(options, form, problem)
    with interrupts(*INTERRUPTS) as interrupted:
        found = find_alternatives(
            problem,
            answers=options.answers,
            seconds=options.seconds,
            seed=options.seed,
            workers=options.workers,
            start=start,
            on_progress=_say,
            should_stop=interrupted,
        )
        outs = [_numbered(options.out, number) for number in range(1, len(found.answers) + 1)]
        for out, answer in zip(outs, found.answers, strict=True):
            _write(out, form, problem, answer.timetable)
        report = {**reports.of_result(found.result), **reports.of_answers(problem, found, outs)}
        timetables = [answer.timetable for answer in found.answers]
        report |= _attendance(problem, timetables[0] if timetables else None, before=start, answers=timetables[1:])
        if found.result.feasible is False:
            report["explanation"] = _sentences(problem, interrupted)
    return report, OK if found.answers else NO


def _sentences(problem: Problem, interrupted: ShouldStop) -> list[str]:
    return reports.sentences(problem, seconds=EXPLAIN_SECONDS, should_stop=interrupted)


def _numbered(out: Path | None, number: int) -> Path | None:
    """OUT for the first answer; with the number before its ending for the others."""
    return out if out is None or number == 1 else out.with_name(f"{out.stem}.{number}{out.suffix}")


def _repair(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    from schedule.solver.repair.minimal_change import repair  # commands load only what they need

    _own_only(options, form)
    _check_out(options)
    problem = _problem(options, form)
    timetable = _timetable(options.timetable, form, problem)
    with interrupts(*INTERRUPTS) as interrupted:
        result = repair(problem, timetable, seconds=options.seconds, seed=options.seed, should_stop=interrupted)
        _write(options.out, form, problem, result.timetable)
        report = reports.of_repair(problem, result)
        report |= _attendance(problem, result.timetable, before=timetable)
        if result.feasible is False:
            report["explanation"] = _sentences(problem, interrupted)
    return report, OK if result.feasible else NO


def _why(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    from schedule.solver.explain.why_not import Questions  # commands load only what they need

    _own_only(options, form)
    problem = _problem(options, form)
    questions = Questions(problem, _timetable(options.timetable, form, problem))
    try:
        arguments = Record({"TIME": options.time}, "arguments", Context(Findings(at_once=True)))
        start = arguments.need(LocalMinute(LocalClock(problem.origin)), "TIME")
        began = perf_counter()
        found = questions.against(options.session, start, options.room)
    except FormatError as error:
        raise _BadFile(str(error)) from error
    except KeyError as error:
        raise _BadFile(f"{options.file}: has no session or room {error}") from error
    return reports.of_against(problem, found, seconds=perf_counter() - began), NO if found.rules else OK


def _explain(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    from schedule.solver.explain.infeasible_subset import explain  # commands load only what they need

    _own_only(options, form)
    problem = _problem(options, form)
    with interrupts(*INTERRUPTS) as interrupted:
        found = explain(problem, seconds=options.seconds, should_stop=interrupted)
    return reports.of_explanation(problem, found), OK if found.feasible else NO


def _relax(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    from schedule.solver.relaxations.relax import relax  # commands load only what they need

    _own_only(options, form)
    problem = _problem(options, form)
    start = None if options.timetable is None else _timetable(options.timetable, form, problem)
    words = SolverWords(names_of(problem))
    with interrupts(*INTERRUPTS) as interrupted:
        found = relax(
            problem,
            seconds=options.seconds,
            seed=options.seed,
            start=start,
            on_tried=lambda what: print(f"trying: {words.say(what)}", file=sys.stderr, flush=True),
            should_stop=interrupted,
        )
    return reports.of_help(problem, found), OK if found.remedies else NO


def _check(options: argparse.Namespace, form: FileFormat[Any, Any]) -> Report:
    problem = _problem(options, form)
    timetable = _timetable(options.timetable, form, problem)
    found = form.check(problem, timetable)
    report = reports.of_check(found)
    if form.own and not found.violations:
        report |= _attendance(problem, timetable)
    return report, NO if found.violations else OK
