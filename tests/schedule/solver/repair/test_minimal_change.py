"""Repairing the forum's example timetable after one thing changed; minimality on small cases is in test_random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from schedule.solver.exact.domains import Options
from schedule.solver.files.timetables import read_timetable
from schedule.solver.problem import Interval, Placement, Problem, Room, Session, Timetable, Weights, only
from schedule.solver.repair import minimal_change
from schedule.solver.repair.bound import RepairPlan
from schedule.solver.repair.minimal_change import Repair, repair
from schedule.solver.verify import violations
from tests.schedule.solver.brute import MORNING, at_morning, problem_of
from tests.schedule.solver.variants import (
    FRIDAY,
    SATURDAY,
    clock,
    closed,
    forum,
    halls_closed,
    session,
    with_sessions,
    without_booth,
)

EXAMPLE = Path(__file__).parents[1] / "data" / "example_timetable.json"


def example() -> Timetable:
    return read_timetable(forum(), EXAMPLE)


def repaired(problem: Problem, timetable: Timetable | None = None) -> Repair:
    """A proved repair, checked by the verifier and against its own list of changes."""
    old = timetable or example()
    result = repair(problem, old, seconds=20)
    assert result.timetable is not None
    assert result.proved_minimal
    assert violations(problem, result.timetable) == []
    before = {placement.session: placement for placement in old}
    changed = {p.session for p in result.timetable if p.session in before and before[p.session] != p}
    assert {change.session for change in result.changes} == changed
    assert sum(result.changes_by_kind.values()) == len(changed)
    return result


def test_repair_changes_nothing_where_nothing_is_wrong() -> None:
    result = repaired(forum())
    assert (result.timetable, result.changes) == (example(), ())


def test_repair_room_lost_for_a_day_moves_its_two_sessions_to_other_rooms() -> None:
    result = repaired(closed(forum(), {"R209"}, Interval(FRIDAY, SATURDAY)))
    assert result.changes_by_kind == {"time": 0, "room": 2, "both": 0}
    assert [change.session for change in result.changes] == ["T1", "T2"]


def test_repair_counts_what_it_moved_and_says_what_it_costs() -> None:
    weights = Weights(moved_times=100, moved_rooms=1000)
    rooms = repaired(replace(closed(forum(), {"R209"}, Interval(FRIDAY, SATURDAY)), weights=weights))
    assert (rooms.terms["moved_times"], rooms.terms["moved_rooms"]) == (0, 2)
    times = repaired(replace(halls_closed(forum()), weights=weights))
    assert (times.terms["moved_times"], times.terms["moved_rooms"]) == (2, 0)
    assert (rooms.objective, times.objective) == (weights.total(rooms.terms), weights.total(times.terms))
    assert repair(with_sessions(forum(), {"T9"}, seats_needed=10_000), example(), seconds=20).objective is None


def test_repair_halls_lost_moves_plenary_and_closing() -> None:
    result = repaired(halls_closed(forum()))
    assert result.changes_by_kind == {"time": 2, "room": 0, "both": 0}
    assert [change.session for change in result.changes] == ["C1", "P2"]


def test_repair_person_away() -> None:
    problem = forum()
    place = next(p for p in example() if p.session == "S2")
    people = tuple(replace(p, away=(place.interval,)) if p.code == "sushil-pyakurel" else p for p in problem.people)
    result = repaired(replace(problem, people=people))
    assert [change.session for change in result.changes] == ["S2"]


def test_repair_longer_session_keeps_its_start_if_it_can() -> None:
    result = repaired(with_sessions(forum(), {"E1"}, duration=150))
    (change,) = result.changes
    assert (change.session, change.kind) == ("E1", "time")
    assert (change.old.start, change.new.start) == (clock(0, 9), clock(0, 9))
    assert change.new.end == clock(0, 11, 30)


def test_repair_added_and_withdrawn_sessions_are_no_changes() -> None:
    problem = forum()
    extra = replace(session(problem, "S2"), code="S6", people=frozenset(), not_parallel_with=frozenset())
    left = only(problem, {s.code for s in problem.sessions} - {"E4"})
    result = repaired(replace(left, sessions=(*left.sessions, replace(extra, after=extra.after - {"E4"}))))
    assert (result.added, result.removed, result.changes) == (("S6",), ("E4",), ())


def test_repair_says_when_there_is_no_timetable() -> None:
    result = repair(without_booth(forum(gap=False), "R209210", "R212213"), example(), seconds=20)
    assert (result.feasible, result.timetable, result.proved_minimal) == (False, None, False)
    gone = repair(with_sessions(forum(), {"T9"}, seats_needed=10_000), example(), seconds=20)
    assert (gone.feasible, gone.timetable) == (False, None)


def test_repair_rooms_before_quality() -> None:
    """X must leave A; C wastes fewer seats than AB, and both count as one room change."""
    problem = problem_of((Session("X", "X", 60, seats_needed=30, not_before=MORNING),))
    rooms = tuple(replace(r, closed=(Interval(0, 1440),)) if r.code == "A" else r for r in problem.rooms)
    result = repaired(replace(problem, rooms=rooms), (at_morning("X", "A"),))
    assert result.timetable == (at_morning("X", "C"),)
    assert result.changes_by_kind == {"time": 0, "room": 1, "both": 0}


def test_repair_session_placed_twice_keeps_the_first() -> None:
    problem = problem_of((Session("X", "X", 60),))
    result = repair(problem, (at_morning("X", "A", MORNING + 30), at_morning("X", "B")), seconds=5)
    assert result.timetable == (Placement("X", MORNING, MORNING + 60, "B"),)


def test_repair_stops_when_asked() -> None:
    problem = closed(forum(), {"R209"}, Interval(FRIDAY, SATURDAY))
    result = repair(problem, example(), seconds=600, should_stop=lambda: True)
    assert result.seconds < 60


@pytest.mark.parametrize(("at_once", "proved", "least"), [(True, False, (0, 1)), (False, True, (0, 2))])
def test_emergency_takes_the_repair_that_is_found_and_says_how_few_could_do(
    monkeypatch: pytest.MonkeyPatch, *, at_once: bool, proved: bool, least: tuple[int, int]
) -> None:
    """As with many sessions, and a bound that says less than it could."""

    def low(*_: object) -> Iterator[RepairPlan]:
        stay = {p.session: Options({p.room: (p.start,)}) for p in example() if p.session not in {"T1", "T2"}}
        yield RepairPlan(0, 1, stay)

    monkeypatch.setattr(minimal_change, "FEW", 0)
    monkeypatch.setattr(minimal_change, "least_changes", low)
    lost = closed(forum(), {"R209"}, Interval(FRIDAY, SATURDAY))
    found = repair(lost, example(), seconds=20, at_once=at_once)
    assert (found.changes_by_kind["room"], found.proved_minimal, found.at_least) == (2, proved, least)


def test_repair_that_too_much_for_too_little_rules_out_is_not_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hours in the one room that is left for two; asked as if the bound had not been known in time."""
    monkeypatch.setattr(minimal_change, "least_changes", lambda *_: iter([RepairPlan(0, 0, {})]))
    asked: list[object] = []
    monkeypatch.setattr(minimal_change._Repairer, "_fewest_changes", lambda _, options: asked.append(options))
    problem = problem_of(
        tuple(Session(code, code, 60) for code in "XYZ"), rooms=(Room("A", "A", 50), Room("B", "B", 50))
    )
    lost = closed(problem, {"B"}, Interval(MORNING, MORNING + 180))
    lost = closed(lost, {"A"}, Interval(MORNING, MORNING + 60))
    found = repair(lost, (at_morning("X", "A"), at_morning("Y", "A", MORNING + 60), at_morning("Z", "B")), seconds=5)
    assert (found.feasible, len(asked)) == (False, 1)
