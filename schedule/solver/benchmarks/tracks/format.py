"""The CoSPLib workbooks, as the command line uses them."""

from __future__ import annotations

from schedule.solver.benchmarks.tracks.files.solution_book import read_timetable, write_timetable
from schedule.solver.benchmarks.tracks.files.workbook import read
from schedule.solver.files.formats import FileFormat
from schedule.solver.results import Check

from .check import check
from .instance import Schedule, TracksInstance
from .search import solve


def _check(instance: TracksInstance, schedule: Schedule) -> Check:
    report = check(instance, schedule)
    return Check(report.violations, report.objective, report.terms)


COSPLIB: FileFormat[TracksInstance, Schedule] = FileFormat(
    name="cosplib",
    read=read,
    solve=solve,
    read_timetable=read_timetable,
    write_timetable=write_timetable,
    check=_check,
)
