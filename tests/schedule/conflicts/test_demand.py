from __future__ import annotations

from schedule.conflicts import ConflictKind, find_conflicts, wanted_together
from schedule.solver.problem import Attendee
from tests.schedule.conflicts.world import expect, make, put, session, span


def test_wishes_are_counted_by_person_and_pair() -> None:
    attendees = [
        Attendee((("B", 3), ("A", 2), ("C", 1))),
        Attendee((("A", 3), ("B", 1), ("A", 1))),
        Attendee((("C", 3),)),
        Attendee(()),
    ]
    assert dict(wanted_together(attendees)) == {("A", "B"): 2, ("A", "C"): 1, ("B", "C"): 1}


def test_counted_wishes_are_what_the_engine_takes() -> None:
    problem = make(session("A"), session("B"))
    placed = [put("B", "10:00", "11:00", "R213"), put("A", "10:30", "11:30")]
    wishes = wanted_together([Attendee((("B", 1), ("A", 1)))] * 3)
    assert find_conflicts(problem, placed, pair_counts=wishes, clash_from=3) == [
        expect(ConflictKind.ATTENDEES_CLASH, "AB", ["R212", "R213"], span("10:30", "11:00"), people=3)
    ]
