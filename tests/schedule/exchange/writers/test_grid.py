"""The printed timetable of a day: where each session stands."""

from __future__ import annotations

from schedule.exchange.writers.printed.grid import MOST_COLUMNS, GridTable, day_tables
from tests.schedule.exchange.writers.factories import hall, session

A, B = hall("A"), hall("B")


def places(table: GridTable) -> dict[str, tuple[int, int, int, int]]:
    """Code -> row, rows, column, columns."""
    return {cell.session.code: (cell.row, cell.rows, cell.column, cell.columns) for cell in table.cells}


def test_rows_are_the_moments_at_which_something_begins_or_ends() -> None:
    sessions = [
        session("LONG", "x", "09:00", 120, A),
        session("FIRST", "x", "09:00", 60, B),
        session("SECOND", "x", "10:00", 45, B),
    ]
    [table] = day_tables(sessions, [A, B])
    assert [f"{moment:%H:%M}" for moment in table.moments] == ["09:00", "10:00", "10:45"]
    assert [room.code for room in table.rooms] == ["A", "B"]
    assert places(table) == {"LONG": (0, 3, 0, 1), "FIRST": (0, 1, 1, 1), "SECOND": (1, 1, 1, 1)}


def test_what_runs_alone_goes_across_all_rooms() -> None:
    sessions = [
        session("OPENING", "x", "09:00", 60, A),
        session("ONE", "x", "10:00", 60, A),
        session("OTHER", "x", "10:30", 60, B),
    ]
    [table] = day_tables(sessions, [A, B])
    assert places(table) == {"OPENING": (0, 1, 0, 2), "ONE": (1, 2, 0, 1), "OTHER": (2, 2, 1, 1)}


def test_a_room_used_by_two_at_once_has_two_columns() -> None:
    sessions = [session("ONE", "x", "10:00", 60, A), session("OTHER", "x", "10:30", 60, A)]
    [table] = day_tables(sessions, [A, B])
    assert [room.code for room in table.rooms] == ["A", "A"]
    assert places(table) == {"ONE": (0, 2, 0, 1), "OTHER": (1, 2, 1, 1)}


def test_a_day_of_one_session_has_one_column() -> None:
    [table] = day_tables([session("ONE", "x", room=B)], [A, B])
    assert ([room.code for room in table.rooms], places(table)) == (["B"], {"ONE": (0, 1, 0, 1)})


def test_many_rooms_go_over_several_tables_of_one_width() -> None:
    rooms = [hall(f"R{number}") for number in range(MOST_COLUMNS + 2)]
    sessions = [session(f"S{number}", "x", "10:00", 60, room) for number, room in enumerate(rooms)]
    sessions.append(session("LUNCH", "x", "12:00", 60, rooms[0]))
    tables = day_tables(sessions, rooms)
    assert [len(table.rooms) for table in tables] == [4, 4]
    assert [places(table)["LUNCH"] for table in tables] == [(2, 1, 0, 4), (2, 1, 0, 4)]
    # Between what ends at 11:00 and lunch, nobody is anywhere.
    assert [f"{moment:%H:%M}" for moment in tables[0].moments] == ["10:00", "11:00", "12:00"]
