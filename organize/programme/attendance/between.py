"""What people get from one timetable of a conference and from another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organize.programme.attendance.table import AttendanceTable, attendance_table
from schedule.domain.known_problems import KnownProblem
from schedule.solver.problem import Timetable


@dataclass(frozen=True)
class AttendanceBetween:
    """What those who wish for anything get from both; `old` is None where there is nothing to compare with."""

    old: Mapping[str, Any] | None
    new: Mapping[str, Any]
    most_first_wishes: int

    def as_json(self) -> dict[str, Any]:
        return {"old": self.old, "new": self.new, "most_first_wishes": self.most_first_wishes}

    def table(self, old: str, new: str) -> AttendanceTable:
        """The two beside each other under these heads."""
        return attendance_table([(old, self.old), (new, self.new)], most_first_wishes=self.most_first_wishes)


def attendance_between(known: KnownProblem, old: Timetable | None, new: Timetable) -> AttendanceBetween | None:
    """None where nobody wishes for anything. Nobody attends a session that has no time. Reads nothing."""
    if not any(attendee.wishes for attendee in known.problem.attendees):
        return None
    planned = known.index.sessions

    def figures(timetable: Timetable) -> Mapping[str, Any]:
        return known.experience(tuple(row for row in timetable if row.session in planned)).as_json()

    return AttendanceBetween(None if old is None else figures(old), figures(new), known.most_first_wishes)
