from __future__ import annotations

from dataclasses import replace

import pytest

from schedule.conflicts import Board, BoardChange, ConflictKind, Level
from tests.schedule.conflicts.world import expect, make, put, session, span

PROBLEM = make(
    *(session(code, needs_interpreters=True) for code in "ABC"), session("D", is_break=True), interpreter_teams=1
)
PLACED = (
    put("A", "10:00", "11:00", "R212"),
    put("B", "10:30", "11:30", "R213"),
    put("C", "10:45", "11:45", "R305"),
    put("D", "12:00", "13:00", "LOBBY"),
)
CROWD = expect(
    ConflictKind.INTERPRETERS_SHORT, "ABC", ["R212", "R213", "R305"], span("10:45", "11:00"), limit=1, count=3
)
REST = expect(ConflictKind.INTERPRETERS_SHORT, "BC", ["R213", "R305"], span("10:45", "11:30"), limit=1, count=2)
DOUBLE = expect(ConflictKind.ROOM_DOUBLE_USE, "AB", ["R213"], span("11:00", "11:30"), shared=("R213",))
AWAY = put("A", "14:00", "15:00", "R212")


def test_move_tells_what_it_mends_and_what_appears_among_those_that_stay() -> None:
    board = Board(PROBLEM, PLACED)
    assert board.conflicts == [CROWD]
    change = board.put(AWAY)
    assert change == BoardChange(appeared=(REST,), gone=(CROWD,))
    assert not change.solves
    assert board.conflicts == [REST]
    assert board.placements == (AWAY, *PLACED[1:])


def test_move_that_only_takes_conflicts_away_solves() -> None:
    board = Board(PROBLEM, (AWAY, *PLACED[1:]))
    change = board.put(put("B", "09:00", "10:00", "R213"))
    assert change == BoardChange(appeared=(), gone=(REST,))
    assert change.solves


def test_move_that_changes_nothing_solves_nothing() -> None:
    change = Board(PROBLEM, PLACED).put(put("D", "12:15", "13:15", "LOBBY"))
    assert change == BoardChange(appeared=(), gone=())
    assert not change.solves


def test_conflict_that_stays_is_kept_with_its_new_time() -> None:
    problem = make(session("A"), session("B"))
    board = Board(problem, [put("A", "10:00", "11:00", "R213"), put("B", "10:30", "11:30", "R213")])
    assert board.put(put("A", "11:00", "12:00", "R213")) == BoardChange(appeared=(), gone=())
    assert board.conflicts == [DOUBLE]


def test_preview_tells_the_same_and_leaves_everything_as_it_was() -> None:
    board = Board(PROBLEM, PLACED)
    assert board.preview(AWAY) == BoardChange(appeared=(REST,), gone=(CROWD,))
    assert (board.conflicts, board.placements) == ([CROWD], PLACED)
    assert board.put(AWAY) == BoardChange(appeared=(REST,), gone=(CROWD,))


def test_preview_of_an_unplaced_session_leaves_it_unplaced() -> None:
    board = Board(PROBLEM, PLACED[1:])
    unplaced = expect(ConflictKind.UNPLACED, "A")
    assert board.preview(AWAY) == BoardChange(appeared=(), gone=(unplaced,))
    assert (board.conflicts, board.placements) == ([REST, unplaced], PLACED[1:])


def test_taken_session_is_unplaced_and_can_come_back() -> None:
    board = Board(PROBLEM, PLACED)
    unplaced = expect(ConflictKind.UNPLACED, "A")
    assert board.take("A") == BoardChange(appeared=(REST, unplaced), gone=(CROWD,))
    assert board.take("A") == BoardChange(appeared=(), gone=())
    assert board.put(PLACED[0]) == BoardChange(appeared=(CROWD,), gone=(REST, unplaced))
    assert board.placements == PLACED


def test_dismissed_conflict_stays_ignored_through_moves() -> None:
    board = Board(PROBLEM, PLACED, dismissed=[REST.key])
    board.put(AWAY)
    assert board.conflicts == [replace(REST, level=Level.IGNORE)]


def test_refused_step_leaves_the_board_as_it_was() -> None:
    board = Board(PROBLEM, PLACED)
    with pytest.raises(ValueError, match="unknown room 'R9'"):
        board.put(replace(AWAY, room="R9"))
    with pytest.raises(ValueError, match="Unknown session 'X'"):
        board.take("X")
    assert (board.conflicts, board.placements) == ([CROWD], PLACED)
