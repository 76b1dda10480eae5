from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import ConflictKind, find_conflicts
from schedule.solver.problem import Interval
from tests.schedule.conflicts.world import ROOMS, at, expect, make, put, session, span

TWO = make(session("A"), session("B"))


def test_room_used_by_one_session_after_the_other_is_right() -> None:
    assert find_conflicts(TWO, [put("A", "10:00", "11:00"), put("B", "11:00", "12:00")]) == []


def test_room_used_twice_at_once_names_the_shared_time() -> None:
    assert find_conflicts(TWO, [put("A", "10:00", "11:00"), put("B", "10:30", "11:30")]) == [
        expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["R212"], span("10:30", "11:00"), shared=("R212",))
    ]


def test_two_rooms_at_once_are_right() -> None:
    assert find_conflicts(TWO, [put("A", "10:00", "11:00", "R212"), put("B", "10:00", "11:00", "R213")]) == []


@pytest.mark.parametrize("part", ["R212", "R213"])
def test_booking_a_part_while_the_joined_room_is_in_use_names_both_sessions(part: str) -> None:
    # Real mistake 6: «212+213» is a room of its own that blocks its parts.
    assert find_conflicts(TWO, [put("A", "10:00", "11:00", "R212213"), put("B", "10:30", "11:30", part)]) == [
        expect(ConflictKind.ROOM_DOUBLE_USE, "AB", sorted([part, "R212213"]), span("10:30", "11:00"), shared=(part,))
    ]


def test_two_uses_of_a_joined_room_are_one_conflict_although_they_share_two_parts() -> None:
    assert find_conflicts(TWO, [put("A", "10:00", "11:00", "R212213"), put("B", "10:00", "11:00", "R212213")]) == [
        expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["R212213"], span("10:00", "11:00"), shared=("R212", "R213"))
    ]


def test_parallel_use_is_no_conflict_where_the_room_allows_it() -> None:
    problem = make(session("A", is_break=True), session("B", is_break=True))
    both = [put("A", "10:00", "11:00", "LOBBY"), put("B", "10:00", "11:00", "LOBBY")]
    assert find_conflicts(problem, both) == []
    strict = replace(problem, rooms=(*ROOMS[:-1], replace(ROOMS[-1], allows_parallel_use=False)))
    assert find_conflicts(strict, both) == [
        expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["LOBBY"], span("10:00", "11:00"), shared=("LOBBY",))
    ]


@pytest.mark.parametrize(("start", "free"), [("11:00", 0), ("11:10", 10)])
def test_changeover_shortfall_is_told_apart_from_an_overlap(start: str, free: int) -> None:
    problem = make(session("A"), session("B"), room_changeover_minutes=15, slot_minutes=5)
    begins = at(start)
    late = replace(put("B", "11:15", "12:15"), start=begins, end=begins + 60)
    assert find_conflicts(problem, [put("A", "10:00", "11:00"), late]) == [
        expect(
            ConflictKind.ROOM_CHANGEOVER, "AB", ["R212"], span("11:00", "11:15"), shared=("R212",), free=free, needed=15
        )
    ]
    assert find_conflicts(problem, [put("A", "10:00", "11:00"), put("B", "11:15", "12:15")]) == []


def test_changeover_counts_between_a_joined_room_and_its_part() -> None:
    problem = make(session("A"), session("B"), room_changeover_minutes=15)
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R213"), put("B", "11:00", "12:00", "R212213")]) == [
        expect(
            ConflictKind.ROOM_CHANGEOVER,
            "AB",
            ["R212213", "R213"],
            span("11:00", "11:15"),
            shared=("R213",),
            free=0,
            needed=15,
        )
    ]
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R305"), put("B", "11:00", "12:00", "R212213")]) == []


@pytest.mark.parametrize(
    ("field", "kind"),
    [("confirmed", ConflictKind.ROOM_TOO_SMALL_CONFIRMED), ("seats_needed", ConflictKind.ROOM_TOO_SMALL_WANTED)],
)
def test_room_too_small_by_one_seat(field: str, kind: ConflictKind) -> None:
    placed = [put("A", "10:00", "11:00")]
    assert find_conflicts(make(session("A", **{field: 90})), placed) == []
    assert find_conflicts(make(session("A", **{field: 91})), placed) == [
        expect(kind, "A", ["R212"], span("10:00", "11:00"), seats=90, needed=91)
    ]


def test_room_without_a_needed_feature_names_what_is_missing() -> None:
    needs = make(session("A", required_features=frozenset({"wheelchair", "projector", "hybrid"})))
    assert find_conflicts(needs, [put("A", "10:00", "11:00", "R212")]) == [
        expect(
            ConflictKind.ROOM_FEATURE_MISSING, "A", ["R212"], span("10:00", "11:00"), missing=("hybrid", "wheelchair")
        )
    ]
    content = make(session("A", required_features=frozenset({"projector"})))
    assert find_conflicts(content, [put("A", "10:00", "11:00", "R212")]) == []


def test_room_for_breaks_takes_breaks_only() -> None:
    placed = [put("A", "10:00", "11:00", "LOBBY")]
    assert find_conflicts(make(session("A", is_break=True)), placed) == []
    assert find_conflicts(make(session("A")), placed) == [
        expect(ConflictKind.ROOM_BREAKS_ONLY, "A", ["LOBBY"], span("10:00", "11:00"))
    ]


def closed(*times: Interval) -> tuple[object, ...]:
    return tuple(replace(room, closed=times) if room.code == "R213" else room for room in ROOMS)


def test_closed_room_is_a_conflict_while_it_is_closed() -> None:
    problem = make(session("A"), rooms=closed(span("12:00", "13:00")))  # type: ignore[arg-type]  # rooms they are
    assert find_conflicts(problem, [put("A", "11:00", "12:00", "R213")]) == []
    assert find_conflicts(problem, [put("A", "11:15", "12:15", "R213")]) == [
        expect(
            ConflictKind.ROOM_CLOSED,
            "A",
            ["R213"],
            span("11:15", "12:15"),
            closed_rooms=("R213",),
            closed=(span("12:00", "13:00"),),
        )
    ]


def test_closed_part_closes_the_joined_room_but_not_the_other_part() -> None:
    shut = (span("10:00", "10:30"), span("10:45", "11:30"))
    problem = make(session("A"), rooms=closed(*shut))  # type: ignore[arg-type]  # rooms they are
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R212")]) == []
    assert find_conflicts(problem, [put("A", "10:00", "11:00", "R212213")]) == [
        expect(ConflictKind.ROOM_CLOSED, "A", ["R212213"], span("10:00", "11:00"), closed_rooms=("R213",), closed=shut)
    ]
