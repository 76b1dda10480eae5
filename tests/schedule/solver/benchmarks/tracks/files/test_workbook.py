"""Reading workbooks: what every sheet means, and what is refused where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from schedule.solver.benchmarks.tracks.files.workbook import read
from schedule.solver.benchmarks.tracks.instance import SlotClock, Submission, Track, TracksSession, TracksWeights
from schedule.solver.errors import FormatError
from tests.schedule.solver.benchmarks.tracks.books import example, save


def test_read_the_example(tmp_path: Path) -> None:
    found = read(save(tmp_path / "example.xlsx", example()))
    assert found.tracks == (Track("A", ()), Track("B", ()))
    assert found.sessions == (TracksSession("S1", 2, 570, 630), TracksSession("S2", 2, 840, 900))
    assert found.rooms == ("R1", "R2")
    assert found.submissions == (
        Submission("a1", 0, 1, 0, -1, ("P1",), (), (0, 0), (0, 0)),
        Submission("a2", 0, 2, 1, -3, ("P2",), (), (0, 4), (0, 0)),
        Submission("b1", 1, 1, 0, 9, ("P3", "P1"), (), (0, 0), (0, 0)),
    )
    assert found.tracks_sessions == ((0, 0), (2, 0))
    assert found.tracks_rooms == ((1, 0), (0, 0))
    assert found.sessions_rooms == ((0, 0), (0, 50))
    assert found.similar == ((0, 3), (3, 0))
    assert found.clock == SlotClock(0, (570, 1290), (420, 1380), 1, 10)
    assert found.weights == TracksWeights(1, 1, 1, 1, 1, 1, 10, 5, 1, 1, 1, 100, 1, 1, 0, 0)


def test_read_matches_rows_and_columns_by_name(tmp_path: Path) -> None:
    sheets = example()
    sheets["tracks_rooms|penalty"] = [[None, "R2", "R1"], ["B", 5, 6], ["A", 7, 8]]
    for row, cells in zip(sheets["submissions"], [("S2", "S1", "R2", "R1"), (1, 2, 3, 4)], strict=False):
        row[7:] = cells
    found = read(save(tmp_path / "book.xlsx", sheets))
    assert found.tracks_rooms == ((8, 7), (6, 5))
    assert found.submissions[0].session_penalties == (2, 1)
    assert found.submissions[0].room_penalties == (4, 3)


def test_read_similar_tracks_by_position(tmp_path: Path) -> None:
    sheets = example()
    sheets["similar tracks"] = [[None, "other", "words"], ["B", 9, 4], ["A", 7, 9]]
    assert read(save(tmp_path / "book.xlsx", sheets)).similar == ((0, 4), (4, 0))


def test_read_drops_trailing_empty_cells_and_other_sheets(tmp_path: Path) -> None:
    path = save(tmp_path / "book.xlsx", example() | {"notes": [["whatever"]]})
    book = load_workbook(path)
    for sheet in book.worksheets:
        sheet.cell(sheet.max_row + 40, sheet.max_column + 9, "")
    book.save(tmp_path / "larger.xlsx")
    assert read(tmp_path / "larger.xlsx") == read(path)


def test_read_names_as_they_are(tmp_path: Path) -> None:
    sheets = example()
    for title in ("rooms", "tracks_rooms|penalty", "sessions_rooms|penalty", "submissions"):
        for row in sheets[title]:
            row[:] = ["NA" if value == "R1" else 7 if value == "R2" else value for value in row]
    assert read(save(tmp_path / "book.xlsx", sheets)).rooms == ("NA", 7)


BROKEN: list[tuple[str, int, int, Any, str]] = [
    ("submissions", 3, 1, "a1", "cell A3: the submission 'a1' stands here for the second time"),
    ("submissions", 2, 1, None, "cell A2: must be the name of a submission, not empty"),
    ("submissions", 2, 2, "a", "cell B2: 'a' is no track of the sheet 'tracks'"),
    ("submissions", 4, 2, "A", "sheet 'tracks': cell A3: the track 'B' has no submission"),
    ("submissions", 2, 3, 0, "cell C2: must be a whole number of at least 1, not 0"),
    ("submissions", 2, 3, "two", "cell C2: must be a whole number of at least 1, not 'two'"),
    ("submissions", 2, 3, 6, "column C: 9 slots are required, but sessions and rooms have 8"),
    ("submissions", 2, 4, -1, "cell D2: must be a whole number of at least 0, not -1"),
    ("submissions", 2, 5, "GMT+13", "cell E2: must be a time zone from GMT-12 to GMT+12, not 'GMT+13'"),
    ("submissions", 2, 6, "P1, , P2", "cell F2: has an empty name between two commas: 'P1, , P2'"),
    ("submissions", 2, 8, 1.5, "cell H2: must be a whole number of at least 0, not 1.5"),
    ("submissions", 1, 8, "R1", "cell H1: 'R1' is no session of the sheet that lists them"),
    ("submissions", 1, 9, "S1", "cell I1: the session 'S1' stands here for the second time"),
    ("submissions", 2, 12, 1, "cell L2: there are 2 sessions and 2 rooms: nothing may follow"),
    ("tracks", 3, 1, "C", "sheet 'submissions': cell B4: 'B' is no track of the sheet 'tracks'"),
    ("sessions", 2, 2, True, "cell B2: must be a whole number of at least 1, not True"),
    ("sessions", 2, 4, "25:00", "cell D2: must be a time of the day such as 09:30, not '25:00'"),
    ("sessions", 3, 5, "noon", "cell E3: must be a time of the day such as 09:30, not 'noon'"),
    ("rooms", 2, 1, None, "cell A2: must be the name of a room, not empty"),
    ("tracks_sessions|penalty", 3, 2, "x", "cell B3: must be a whole number of at least 0, not 'x'"),
    ("tracks_sessions|penalty", 3, 1, None, "cell A3: must be the name of a track, not empty"),
    ("tracks_rooms|penalty", 1, 3, None, "cell C1: the room 'R2' is missing"),
    ("sessions_rooms|penalty", 3, 2, "=1+", "cell B3: is a formula without a stored value; save it as a number"),
    ("similar tracks", 2, 4, 1, "cell D1: there are 2 tracks: nothing may follow the column of the last"),
    ("parameters", 2, 2, None, "cell B2: must be a time zone from GMT-12 to GMT+12, not empty"),
    ("parameters", 4, 2, None, "cell B4: must be a time of the day such as 09:30, not empty"),
    ("parameters", 11, 2, "large", "cell B11: must be a whole number of at least 0, not 'large'"),
    ("parameters", 17, 5, None, "cell E17: must be a whole number of at least 0, not empty"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "value", "message"), BROKEN)
def test_read_says_where_and_why(tmp_path: Path, sheet: str, row: int, column: int, value: Any, message: str) -> None:
    path = save(tmp_path / "book.xlsx", example())
    read(path)
    book = load_workbook(path)
    book[sheet].cell(row, column).value = value
    book.save(path)
    with pytest.raises(FormatError) as refused:
        read(path)
    assert str(refused.value) == (message if message.startswith("sheet") else f"sheet {sheet!r}: {message}")


def test_read_without_a_sheet(tmp_path: Path) -> None:
    sheets = example()
    del sheets["similar tracks"]
    with pytest.raises(FormatError, match=r"^file: has no sheet 'similar tracks'$"):
        read(save(tmp_path / "book.xlsx", sheets))


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x05\x06" + 18 * b"\0"])
def test_read_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"^file: is not an .xlsx workbook that can be read"):
        read(path)


def test_read_a_cut_off_workbook(tmp_path: Path) -> None:
    path = save(tmp_path / "book.xlsx", example())
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FormatError):
        read(path)


def test_read_missing_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        read(tmp_path / "absent.xlsx")
