"""The public formats, as the command line uses them."""

from __future__ import annotations

from schedule.solver.files.formats import FileFormat
from schedule.solver.results import Check

from .check import check, faults
from .files import itc, preferences
from .instance import EnrolmentInstance, Solution
from .search import solve


def _check(instance: EnrolmentInstance, solution: Solution) -> Check:
    report = check(instance, solution)
    return Check(faults(instance, solution), report.objective, report.all_terms)


def _itc(name: str) -> FileFormat[EnrolmentInstance, Solution]:
    return FileFormat(
        name=name,
        read=itc.read,
        solve=solve,
        read_timetable=itc.read_timetable,
        write_timetable=lambda instance, solution: itc.write_timetable(instance, solution).encode(),
        check=_check,
    )


ITC2007 = _itc("itc2007")
ITC2002 = _itc("itc2002")
SYNTHETIC: FileFormat[EnrolmentInstance, Solution] = FileFormat(
    name="synthetic",
    read=preferences.read,
    solve=solve,
    read_timetable=preferences.read_timetable,
    write_timetable=lambda instance, solution: preferences.write_timetable(instance, solution).encode(),
    check=_check,
)
