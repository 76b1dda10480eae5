from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import (
    DEFAULT_LEVELS,
    Conflict,
    ConflictKind,
    Level,
    Levels,
    ProblemIndex,
    conflicts_of,
    find_conflicts,
)
from schedule.conflicts.engine import CHECKS
from schedule.solver.problem import Placement
from tests.schedule.conflicts.world import expect, make, put, session, span

WARNINGS = {
    ConflictKind.ROOM_TOO_SMALL_WANTED,
    ConflictKind.TOO_SHORT,
    ConflictKind.TOO_LONG,
    ConflictKind.ATTENDEES_CLASH,
    ConflictKind.UNPLACED,
}


def test_hard_rules_block_and_the_rest_warns_by_default() -> None:
    assert {kind for kind in ConflictKind if DEFAULT_LEVELS[kind] is Level.WARN} == WARNINGS
    assert {kind for kind in ConflictKind if DEFAULT_LEVELS[kind] is Level.BLOCK} == set(ConflictKind) - WARNINGS


def test_levels_take_a_conference_overrides_as_plain_strings() -> None:
    assert dict(Levels({"unplaced": "block", "order": "ignore"})) == {
        **DEFAULT_LEVELS,
        ConflictKind.UNPLACED: Level.BLOCK,
        ConflictKind.ORDER: Level.IGNORE,
    }


@pytest.mark.parametrize("overrides", [{"no_such_kind": "warn"}, {"order": "loud"}])
def test_levels_refuse_what_does_not_exist(overrides: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not a valid"):
        Levels(overrides)


def test_every_kind_is_found_by_exactly_one_check() -> None:
    found = [kind for kinds in CHECKS.values() for kind in kinds]
    assert sorted(found) == sorted(ConflictKind)


BROKEN = make(session("A", seats_needed=500), session("B"), session("C"))
PLACED = [put("A", "10:00", "11:00"), put("B", "10:30", "11:30")]
DOUBLE = expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["R212"], span("10:30", "11:00"), shared=("R212",))
SMALL = expect(ConflictKind.ROOM_TOO_SMALL_WANTED, "A", ["R212"], span("10:00", "11:00"), seats=90, needed=500)
MISSING = expect(ConflictKind.UNPLACED, "C")


def test_conflicts_are_sorted_by_level_then_time_and_unplaced_last() -> None:
    assert find_conflicts(BROKEN, PLACED) == [DOUBLE, SMALL, MISSING]
    assert find_conflicts(BROKEN, PLACED, levels={"room_too_small_wanted": "block"}) == [
        replace(SMALL, level=Level.BLOCK),
        DOUBLE,
        MISSING,
    ]


def test_ignored_kind_is_not_looked_for() -> None:
    assert find_conflicts(BROKEN, PLACED, levels={"room_too_small_wanted": "ignore", "unplaced": "ignore"}) == [DOUBLE]


def test_ignoring_one_kind_of_a_check_keeps_its_other_kinds() -> None:
    problem = make(session("A"), session("B"), session("C"), room_changeover_minutes=15)
    placed = [*PLACED, put("C", "11:30", "12:30")]
    changeover = expect(
        ConflictKind.ROOM_CHANGEOVER, "BC", ["R212"], span("11:30", "11:45"), shared=("R212",), free=0, needed=15
    )
    close = expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["R212"], span("10:30", "11:00"), shared=("R212",))
    assert find_conflicts(problem, placed) == [close, changeover]
    assert find_conflicts(problem, placed, levels={"room_changeover": "ignore"}) == [close]


def test_dismissed_conflict_comes_back_ignored_and_last() -> None:
    assert find_conflicts(BROKEN, PLACED, dismissed={DOUBLE.key}) == [
        SMALL,
        MISSING,
        replace(DOUBLE, level=Level.IGNORE),
    ]


def test_key_stays_when_both_sessions_move_and_changes_with_the_room() -> None:
    later = [replace(p, start=p.start + 15, end=p.end + 15) for p in PLACED]
    elsewhere = [replace(p, room="R213") for p in PLACED]
    keys = [
        [conflict.key for conflict in find_conflicts(BROKEN, placed) if conflict.kind is ConflictKind.ROOM_DOUBLE_USE]
        for placed in (PLACED, list(reversed(PLACED)), later, elsewhere)
    ]
    assert keys[0] == keys[1] == keys[2]
    assert keys[0] != keys[3]


def test_key_of_a_conflict_that_is_not_about_rooms_stays_when_the_room_changes() -> None:
    problem = make(session("A", not_parallel_with=frozenset({"B"})), session("B"))
    first, second = put("A", "10:00", "11:00", "R212"), put("B", "10:00", "11:00", "R213")
    (here,) = find_conflicts(problem, [first, second])
    (there,) = find_conflicts(problem, [first, replace(second, room="R305")])
    assert (here.rooms, there.rooms) == (("R212", "R213"), ("R212", "R305"))
    assert here.key == there.key


def test_key_is_the_same_in_every_process_and_fits_a_column() -> None:
    # A literal: dismissals are stored by key.
    assert DOUBLE.key == "room_double_use-fd0ae3856ae83c96defc13e7"
    longest = max(ConflictKind, key=len)
    assert len(replace(DOUBLE, kind=longest).key) <= 64


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (expect(ConflictKind.UNPLACED, ["A", "B"]), expect(ConflictKind.UNPLACED, ["AB"])),
        (expect(ConflictKind.PERSON_AWAY, "A", person="x"), expect(ConflictKind.PERSON_AWAY, "A", body="x")),
        (expect(ConflictKind.ROOM_CLOSED, ["A", "B"]), expect(ConflictKind.ROOM_CLOSED, "A", "B")),
    ],
)
def test_keys_of_different_conflicts_differ(one: Conflict, other: Conflict) -> None:
    assert one.key != other.key


def test_conflicts_of_some_sessions_are_those_that_touch_them() -> None:
    assert conflicts_of(BROKEN, PLACED, ["B"]) == [DOUBLE]
    assert conflicts_of(BROKEN, PLACED, ["C"]) == [MISSING]
    assert conflicts_of(BROKEN, PLACED, ["A", "B", "C"]) == [DOUBLE, SMALL, MISSING]
    assert conflicts_of(BROKEN, PLACED, []) == []


def test_index_is_taken_in_place_of_its_problem() -> None:
    assert find_conflicts(ProblemIndex(BROKEN), PLACED) == [DOUBLE, SMALL, MISSING]


@pytest.mark.parametrize(
    ("placement", "message"),
    [
        (put("X", "10:00", "11:00"), "Unknown session 'X' in a placement."),
        (put("C", "10:00", "11:00", "R9"), "Session 'C' is placed in unknown room 'R9'."),
        (put("C", "10:00", "10:00"), "Session 'C' is placed with its end not after its start."),
        (put("A", "12:00", "13:00"), "Session 'A' is placed twice."),
    ],
)
def test_broken_placement_is_refused_by_name(placement: Placement, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        find_conflicts(BROKEN, [*PLACED, placement])


def test_unknown_session_asked_for_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^Unknown sessions: \['X'\]\.$"):
        conflicts_of(BROKEN, PLACED, ["A", "X"])
