from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import ConflictKind, Level, find_conflicts
from schedule.solver.problem import Interval
from tests.schedule.conflicts.world import at, expect, make, put, session, span


def test_session_must_start_after_the_end_of_the_one_before() -> None:
    problem = make(session("A", after=frozenset({"B"})), session("B"))
    earlier = put("B", "10:00", "11:00")
    assert find_conflicts(problem, [earlier, put("A", "11:00", "12:00", "R305")]) == []
    for start, end in (("10:45", "11:45"), ("09:00", "10:00")):
        assert find_conflicts(problem, [earlier, put("A", start, end, "R305")]) == [
            expect(ConflictKind.ORDER, "AB", ["R212", "R305"], span(start, "11:00"), earlier="B", later="A")
        ]


def test_order_binds_nobody_while_one_of_the_two_is_unplaced() -> None:
    problem = make(session("A", after=frozenset({"B"})), session("B"))
    assert find_conflicts(problem, [put("A", "10:00", "11:00")]) == [expect(ConflictKind.UNPLACED, "B")]


def test_sessions_in_a_circle_are_two_conflicts_with_two_keys() -> None:
    problem = make(session("A", after=frozenset({"B"})), session("B", after=frozenset({"A"})))
    found = find_conflicts(problem, [put("A", "10:00", "11:00"), put("B", "10:00", "11:00", "R213")])
    when = span("10:00", "11:00")
    assert found == [
        expect(ConflictKind.ORDER, "AB", ["R212", "R213"], when, earlier="A", later="B"),
        expect(ConflictKind.ORDER, "AB", ["R212", "R213"], when, earlier="B", later="A"),
    ]
    assert found[0].key != found[1].key


@pytest.mark.parametrize(("first", "second"), [({"B"}, set()), (set(), {"A"}), ({"B"}, {"A"})])
def test_sessions_kept_apart_may_not_overlap_whoever_says_so(first: set[str], second: set[str]) -> None:
    problem = make(session("A", not_parallel_with=frozenset(first)), session("B", not_parallel_with=frozenset(second)))
    assert find_conflicts(problem, [put("A", "10:00", "11:00"), put("B", "11:00", "12:00", "R213")]) == []
    assert find_conflicts(problem, [put("A", "10:00", "11:00"), put("B", "10:45", "11:45", "R213")]) == [
        expect(ConflictKind.NOT_PARALLEL, "AB", ["R212", "R213"], span("10:45", "11:00"))
    ]


def test_sessions_that_start_together_do_so() -> None:
    groups = (frozenset({"A", "B"}), frozenset({"B", "C"}))
    problem = replace(make(session("A"), session("B", 30), session("C"), session("D")), same_time=groups)
    together = [
        put("A", "10:00", "11:00"),
        put("B", "10:00", "10:30", "R213"),
        put("C", "10:00", "11:00", "R305"),
        put("D", "14:00", "15:00"),
    ]
    assert find_conflicts(problem, together) == []
    assert find_conflicts(problem, [*together[1:], put("A", "10:15", "11:15")]) == [
        expect(ConflictKind.NOT_SAME_TIME, "AB", ["R212", "R213"], span("10:00", "10:15"))
    ]
    apart = [together[0], put("B", "09:00", "09:30", day=1), *together[2:]]
    assert find_conflicts(problem, apart) == [
        expect(ConflictKind.NOT_SAME_TIME, "AB", ["R212"], Interval(at("10:00"), at("09:00", 1))),
        expect(ConflictKind.NOT_SAME_TIME, "BC", ["R212", "R305"], Interval(at("10:00"), at("09:00", 1))),
    ]


def test_each_that_strays_from_a_group_is_told_once_against_the_earliest() -> None:
    sessions = [session(code) for code in "ABCD"]
    problem = replace(make(*sessions), same_time=(frozenset("ABCD"), frozenset("BC")), same_room=(frozenset("ABCD"),))
    rooms = ["R212", "R213", "R305", "R212"]
    starts = [("11:00", "12:00"), ("10:00", "11:00"), ("11:00", "12:00"), ("12:00", "13:00")]
    placed = [put(code, *times, room) for code, times, room in zip("ABCD", starts, rooms, strict=True)]
    found = [(conflict.kind, conflict.sessions) for conflict in find_conflicts(problem, placed)]
    expected = [
        (kind, pair)
        for kind in (ConflictKind.NOT_SAME_TIME, ConflictKind.NOT_SAME_ROOM)
        for pair in (("A", "B"), ("B", "C"), ("B", "D"))
    ]
    assert sorted(found) == sorted(expected)


def test_sessions_that_share_a_room_do_so() -> None:
    problem = replace(make(session("A"), session("B"), session("C")), same_room=(frozenset({"A", "B"}),))
    shared = [put("A", "10:00", "11:00"), put("B", "11:00", "12:00"), put("C", "10:00", "11:00", "R305")]
    assert find_conflicts(problem, shared) == []
    part = [shared[0], put("B", "11:00", "12:00", "R212213"), shared[2]]
    assert find_conflicts(problem, part) == [
        expect(ConflictKind.NOT_SAME_ROOM, "AB", ["R212", "R212213"], span("11:00", "12:00"))
    ]


def test_session_that_blocks_all_allows_nothing_beside_it() -> None:
    problem = make(session("A"), session("B", blocks_all=True), session("C"), session("D", blocks_all=True))
    clean = [
        put("A", "09:00", "10:00", "R212"),
        put("B", "10:00", "11:00", "R213"),
        put("C", "11:00", "12:00", "R305"),
        put("D", "12:00", "13:00", "R305"),
    ]
    assert find_conflicts(problem, clean) == []
    broken = [
        put("A", "09:15", "10:15", "R212"),
        put("B", "10:00", "11:00", "R213"),
        put("C", "10:45", "11:45", "R305"),
        put("D", "10:30", "11:30", "R212"),
    ]
    assert find_conflicts(problem, broken) == [
        expect(ConflictKind.BLOCKS_ALL, "AB", ["R212", "R213"], span("10:00", "10:15"), blocker="B"),
        expect(ConflictKind.BLOCKS_ALL, "BD", ["R212", "R213"], span("10:30", "11:00"), blocker="B"),
        expect(ConflictKind.BLOCKS_ALL, "BC", ["R213", "R305"], span("10:45", "11:00"), blocker="B"),
        expect(ConflictKind.BLOCKS_ALL, "CD", ["R212", "R305"], span("10:45", "11:30"), blocker="D"),
    ]


def test_interpreters_report_every_maximal_set_and_nothing_at_the_limit() -> None:
    needing = [session(code, needs_interpreters=True) for code in "ABCD"]
    placed = [
        put("A", "10:00", "11:00", "R212"),
        put("B", "10:00", "11:00", "R213"),
        put("C", "10:30", "11:30", "R305"),
        put("D", "11:00", "12:00", "R212"),
        put("E", "10:00", "11:00", "LOBBY"),
    ]
    silent = session("E", is_break=True, counts_as_parallel=False)
    assert find_conflicts(make(*needing, silent, interpreter_teams=3), placed) == []
    assert find_conflicts(make(*needing, silent, interpreter_teams=None), placed) == []
    assert find_conflicts(make(*needing, silent, interpreter_teams=2), placed) == [
        expect(
            ConflictKind.INTERPRETERS_SHORT, "ABC", ["R212", "R213", "R305"], span("10:30", "11:00"), limit=2, count=3
        )
    ]
    assert find_conflicts(make(*needing, silent, interpreter_teams=1), placed) == [
        expect(
            ConflictKind.INTERPRETERS_SHORT, "ABC", ["R212", "R213", "R305"], span("10:30", "11:00"), limit=1, count=3
        ),
        expect(ConflictKind.INTERPRETERS_SHORT, "CD", ["R212", "R305"], span("11:00", "11:30"), limit=1, count=2),
    ]


def test_parallel_sessions_leave_out_closed_ones_and_breaks() -> None:
    sessions = (session("A"), session("B"), session("C", counts_as_parallel=False), session("D", is_break=True))
    placed = [
        put("A", "10:00", "11:00", "R212"),
        put("B", "10:30", "11:30", "R213"),
        put("C", "10:00", "11:00", "R305"),
        put("D", "10:00", "11:00", "LOBBY"),
    ]
    assert find_conflicts(make(*sessions, max_parallel_open_sessions=2), placed) == []
    assert find_conflicts(make(*sessions, max_parallel_open_sessions=1), placed) == [
        expect(ConflictKind.TOO_MANY_PARALLEL, "AB", ["R212", "R213"], span("10:30", "11:00"), limit=1, count=2)
    ]


def test_sessions_of_a_kind_are_counted_apart_from_others() -> None:
    sessions = (session("A", kind="talk"), session("B", kind="talk"), session("C", kind="workshop"))
    placed = [
        put("A", "10:00", "11:00", "R212"),
        put("B", "10:30", "11:30", "R213"),
        put("C", "10:30", "11:30", "R305"),
    ]
    assert find_conflicts(make(*sessions, max_parallel_by_kind=(("talk", 2), ("workshop", 1))), placed) == []
    assert find_conflicts(make(*sessions, max_parallel_by_kind=(("talk", 1), ("workshop", 1))), placed) == [
        expect(ConflictKind.KIND_TOO_PARALLEL, "AB", ["R212", "R213"], span("10:30", "11:00"), limit=1, count=2)
    ]


def test_attendees_clash_where_enough_people_want_two_sessions_that_overlap() -> None:
    problem = make(session("A"), session("B"), session("C"))
    placed = [
        put("A", "10:00", "11:00", "R212"),
        put("B", "10:30", "11:30", "R213"),
        put("C", "11:00", "12:00", "R305"),
    ]
    counts = {("B", "A"): 20, ("A", "C"): 500, ("B", "C"): 19}
    clash = expect(
        ConflictKind.ATTENDEES_CLASH, "AB", ["R212", "R213"], span("10:30", "11:00"), level=Level.WARN, people=20
    )
    assert find_conflicts(problem, placed) == []
    assert find_conflicts(problem, placed, pair_counts=counts) == [clash]
    assert find_conflicts(problem, placed, pair_counts=counts, clash_from=21) == []
    apart = [*placed[:1], replace(placed[1], start=placed[1].start + 30, end=placed[1].end + 30)]
    assert find_conflicts(replace(problem, sessions=problem.sessions[:2]), apart, pair_counts=counts) == []
