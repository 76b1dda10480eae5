"""What people get from one timetable of a conference and from another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organize.programme.attendance.table import AttendanceTable, attendance_table
from organize.programme.conflict_rows import Subject, subject_name
from schedule.domain.known_problems import KnownProblem
from schedule.domain.problem import timetable_in
from schedule.models import Conference


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


def attendance_between(
    conference: Conference, known: KnownProblem, old: Subject | None, new: Subject
) -> AttendanceBetween | None:
    """None where nobody wishes for anything. Nobody attends a session that has no time. A query for each timetable."""
    if not any(attendee.wishes for attendee in known.problem.attendees):
        return None
    planned = known.index.sessions

    def figures(subject: Subject) -> Mapping[str, Any]:
        rows = timetable_in(conference, subject.placements.all())
        return known.experience(tuple(row for row in rows if row.session in planned)).as_json()

    return AttendanceBetween(figures(old) if old else None, figures(new), known.most_first_wishes)


def table_between(
    conference: Conference, known: KnownProblem, old: Subject | None, new: Subject
) -> AttendanceTable | None:
    """The same as a table under the names of the two."""
    found = attendance_between(conference, known, old, new)
    return None if found is None else found.table(subject_name(old) if old else "", subject_name(new))
