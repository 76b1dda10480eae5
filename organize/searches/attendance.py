"""What people get from the timetables of a search, as the rows of a table."""

from __future__ import annotations

from django.utils.translation import gettext as _

from organize.programme.attendance.table import AttendanceTable, attendance_table
from schedule.models import SolverRun


def attendance_of(run: SolverRun) -> AttendanceTable | None:
    """None where nobody wishes for anything, or nothing was found."""
    kept = run.attendance
    if not kept:
        return None
    answers = [
        (_("Answer %(number)d") % {"number": number}, answer) for number, answer in enumerate(kept["answers"], start=2)
    ]
    now = [(_("Before"), kept["before"]), (_("Now"), kept["now"])]
    return attendance_table([*now, *answers], most_first_wishes=kept["most_first_wishes"])
