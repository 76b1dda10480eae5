from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import ConflictKind, Level, find_conflicts
from schedule.solver.problem import Interval, Placement, Window
from tests.schedule.conflicts.world import at, expect, make, put, session, span

ONE = make(session("A"))


@pytest.mark.parametrize(
    ("placement", "hours"),
    [
        (put("A", "08:30", "09:30"), (span("09:00", "21:00"),)),
        (put("A", "20:15", "21:15"), (span("09:00", "21:00"),)),
        (put("A", "18:00", "19:00", day=1), (span("09:00", "18:30", day=1),)),
        (put("A", "10:00", "11:00", day=2), ()),
    ],
    ids=["before", "after", "second day", "no such day"],
)
def test_session_outside_the_hours_names_the_hours_of_its_day(placement: Placement, hours: tuple[object, ...]) -> None:
    assert find_conflicts(ONE, [placement]) == [
        expect(ConflictKind.OUTSIDE_HOURS, "A", ["R212"], placement.interval, hours=hours)  # type: ignore[arg-type]  # intervals
    ]


@pytest.mark.parametrize("start", ["09:00", "20:00"])
def test_session_within_the_hours_is_right_up_to_the_minute(start: str) -> None:
    assert find_conflicts(ONE, [Placement("A", at(start), at(start) + 60, "R212")]) == []


def test_problem_without_windows_has_no_hours_to_keep() -> None:
    assert find_conflicts(replace(ONE, windows=()), [put("A", "03:00", "04:00")]) == []


def test_session_off_the_grid() -> None:
    assert find_conflicts(ONE, [put("A", "10:10", "11:10")]) == [
        expect(ConflictKind.OFF_GRID, "A", ["R212"], span("10:10", "11:10"), slot=15)
    ]
    assert find_conflicts(ONE, [put("A", "10:15", "11:15")]) == []


def test_a_fixed_start_need_not_keep_the_grid() -> None:
    assert find_conflicts(make(session("A", fixed_start=at("10:10"))), [put("A", "10:10", "11:10")]) == []


def test_days_that_touch_are_one_and_a_night_belongs_to_its_day() -> None:
    hours = (at("09:00"), at("24:00")), (at("24:00"), at("24:00") + 120)
    windows = tuple(Window(one.day, Interval(*span_)) for one, span_ in zip(ONE.windows, hours, strict=False))
    problem = replace(ONE, windows=windows)
    late = Placement("A", at("23:30"), at("23:30") + 60, "R212")
    assert find_conflicts(problem, [late]) == []
    too_late = Placement("A", at("24:00") + 90, at("24:00") + 150, "R212")
    assert [one.details["hours"] for one in find_conflicts(problem, [too_late])] == [(windows[1].hours,)]


def test_fixed_start_is_kept() -> None:
    problem = make(session("A", fixed_start=at("10:00")))
    assert find_conflicts(problem, [put("A", "10:00", "11:00")]) == []
    assert find_conflicts(problem, [put("A", "10:15", "11:15")]) == [
        expect(ConflictKind.FIXED_TIME, "A", ["R212"], span("10:15", "11:15"), start=at("10:00"))
    ]


def test_fixed_room_is_kept() -> None:
    problem = make(session("A", fixed_room="R213"))
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R213")]) == []
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R212")]) == [
        expect(ConflictKind.FIXED_ROOM, "A", ["R212"], span("10:00", "11:00"), room="R213")
    ]


def test_session_before_its_earliest_start_or_beyond_its_latest_end() -> None:
    problem = make(session("A", not_before=at("10:00"), not_after=at("12:00")))
    for start in ("10:00", "11:00"):
        assert find_conflicts(problem, [Placement("A", at(start), at(start) + 60, "R212")]) == []
    assert find_conflicts(problem, [put("A", "09:45", "10:45")]) == [
        expect(ConflictKind.TOO_EARLY, "A", ["R212"], span("09:45", "10:45"), not_before=at("10:00"))
    ]
    assert find_conflicts(problem, [put("A", "11:15", "12:15")]) == [
        expect(ConflictKind.TOO_LATE, "A", ["R212"], span("11:15", "12:15"), not_after=at("12:00"))
    ]


@pytest.mark.parametrize(
    ("end", "kind", "given"), [("10:45", ConflictKind.TOO_SHORT, 45), ("11:15", ConflictKind.TOO_LONG, 75)]
)
def test_placement_of_another_length_than_its_session(end: str, kind: ConflictKind, given: int) -> None:
    assert find_conflicts(ONE, [put("A", "10:00", end)]) == [
        expect(kind, "A", ["R212"], span("10:00", end), planned=60, given=given, level=Level.WARN)
    ]


def test_unplaced_session_is_a_warning_without_a_time() -> None:
    problem = make(session("A"), session("B"))
    placed = [put("A", "10:00", "11:00"), put("B", "11:00", "12:00")]
    assert find_conflicts(problem, placed) == []
    assert find_conflicts(problem, placed[:1]) == [expect(ConflictKind.UNPLACED, "B", level=Level.WARN)]
