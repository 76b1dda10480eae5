"""The public formats, as the command line uses them."""

from __future__ import annotations

from schedule.solver.files.formats import Format
from schedule.solver.results import Check

from .check import check, faults
from .files import itc, preferences
from .instance import Instance, Solution
from .search import solve


def _check(instance: Instance, solution: Solution) -> Check:
    report = check(instance, solution)
    return Check(faults(instance, solution), report.objective, report.all_terms)


def _itc(name: str) -> Format[Instance, Solution]:
    return Format(
        name=name,
        read=itc.read,
        solve=solve,
        read_timetable=itc.read_timetable,
        write_timetable=lambda instance, solution: itc.write_timetable(instance, solution).encode(),
        check=_check,
    )


ITC2007 = _itc("itc2007")
ITC2002 = _itc("itc2002")
SYNTHETIC: Format[Instance, Solution] = Format(
    name="synthetic",
    read=preferences.read,
    solve=solve,
    read_timetable=preferences.read_timetable,
    write_timetable=lambda instance, solution: preferences.write_timetable(instance, solution).encode(),
    check=_check,
)
