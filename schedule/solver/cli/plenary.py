"""Plenary's own format, as the command line uses it."""

from __future__ import annotations

import sys
from pathlib import Path

from schedule.solver.files.formats import FileFormat
from schedule.solver.files.problems import read, read_start
from schedule.solver.files.timetables import read_timetable, write_timetable
from schedule.solver.objective import measure
from schedule.solver.problem import Problem, Timetable
from schedule.solver.results import Check
from schedule.solver.solve import solve
from schedule.solver.verify import violations


def check(problem: Problem, timetable: Timetable) -> Check:
    """What is wrong; a timetable without faults also has its terms and their weighted sum."""
    found = violations(problem, timetable)
    if found:
        return Check(
            tuple({"rule": v.rule, "sessions": list(v.sessions), "room": v.room, "detail": v.detail} for v in found)
        )
    terms = measure(problem, timetable)
    return Check((), problem.weights.total(terms), terms)


def read_and_warn(path: Path) -> Problem:
    """The problem of a file; what is worth a look is said on standard error."""
    return read(path, warn=lambda warning: print(f"Worth a look: {warning}", file=sys.stderr))


PLENARY: FileFormat[Problem, Timetable] = FileFormat(
    name="plenary",
    read=read_and_warn,
    solve=solve,
    read_timetable=read_timetable,
    write_timetable=lambda problem, timetable: write_timetable(problem, timetable).encode(),
    check=check,
    own=True,
    read_start=read_start,
)
