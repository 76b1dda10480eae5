"""Plenary's own format, as the command line uses it."""

from __future__ import annotations

from schedule.solver.files.formats import Format
from schedule.solver.files.problems import read
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


PLENARY: Format[Problem, Timetable] = Format(
    name="plenary",
    read=read,
    solve=solve,
    read_timetable=read_timetable,
    write_timetable=lambda problem, timetable: write_timetable(problem, timetable).encode(),
    check=check,
    own=True,
)
