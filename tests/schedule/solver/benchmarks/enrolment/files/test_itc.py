from __future__ import annotations

from pathlib import Path

import pytest

from schedule.solver.benchmarks.enrolment.files import itc
from schedule.solver.benchmarks.enrolment.instance import EnrolmentKind
from schedule.solver.errors import FormatError
from tests.schedule.solver.benchmarks.enrolment.samples import (
    ATTENDANCE,
    AVAILABLE,
    CAPACITY,
    EVENT_FEATURES,
    OPEN,
    example,
    example_2002,
)


def test_a_file_of_2007_is_read() -> None:
    instance = itc.read(example())
    assert instance.kind is EnrolmentKind.ITC2007
    assert (instance.events, instance.rooms, instance.slots, instance.days) == (3, 2, 45, 5)
    assert instance.size.tolist() == [2, 1, 1]
    assert instance.attended == ((0, 1, 2), (0,))
    assert instance.suitable.tolist() == [[True, False], [True, False], [True, True]]
    assert instance.available.sum(axis=1).tolist() == [45, 45, 44]
    assert instance.precedences == ((0, 1),)
    assert instance.apart.tolist() == [[False, True, True], [True, False, True], [True, True, False]]


def test_a_file_of_2002_is_told_by_its_length() -> None:
    instance = itc.read(example_2002())
    assert instance.kind is EnrolmentKind.ITC2002
    assert instance.available.all()
    assert instance.precedences == ()


@pytest.mark.parametrize(
    "text",
    [
        example().replace("\n", "\r\n"),
        example().replace("\n", "\r\r\n"),
        example().replace(" ", "\n"),
        "\n\n" + example().replace("\n", "\t") + "\n",
    ],
)
def test_line_structure_means_nothing(text: str) -> None:
    assert itc.read(text).available.tolist() == itc.read(example()).available.tolist()


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.tim"
    path.write_text(example(), encoding="ascii")
    assert itc.read(path).attended == itc.read(str(path)).attended == ((0, 1, 2), (0,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n", "file: is empty; a problem was expected"),
        ("3 2\n", "header: features: is missing: the file ends after 2 numbers"),
        ("0 2 1 2\n", "header: events: must be at least 1"),
        ("3 0 1 2\n", "header: rooms: must be at least 1"),
        ("3 2 -1 2\n", "header: features: must be 0 to 1000000, not -1 (line 1)"),
        (example().replace("2 1\n", "2 x\n", 1), "file: line 2: 'x' is not a whole number"),
        (example().replace("2 1\n", "2 1.5\n", 1), "file: line 2: '1.5' is not a whole number"),
        (
            example() + "0\n",
            (
                "file: holds 162 numbers; the header (3 events, 2 rooms, 1 features, 2 students) asks for 17 "
                "(ITC-2002) or 161 (ITC-2007 track 2)"
            ),
        ),
        (example(capacity=[[2, -1]]), "capacity: room 1: must be 0 to 1000000, not -1 (line 2)"),
        (
            example(attendance=[[1, 1, 1], [1, 0, 2]]),
            "attendance: student 1, event 2: must be 0 to 1, not 2 (line 4)",
        ),
        (example(room_features=[[1], [-1]]), "room features: room 1, feature 0: must be 0 to 1, not -1 (line 6)"),
        (example(event_features=[[0], [3], [0]]), "event features: event 1, feature 0: must be 0 to 1, not 3 (line 8)"),
        (
            example(available=[OPEN, [*OPEN[:7], 5, *OPEN[8:]], OPEN]),
            "availability: event 1, slot 7: must be 0 to 1, not 5 (line 11)",
        ),
        (
            example(order=[[0, 1, 0], [-1, 0, 0], [0, 2, 0]]),
            "precedence: event 2, event 1: must be -1 to 1, not 2 (line 15)",
        ),
        (
            example(order=[[0, 1, 0], [1, 0, 0], [0, 0, 0]]),
            "precedence: event 0, event 1: says 1, but event 1, event 0 says 1; it must say -1",
        ),
        (
            example(order=[[0, 1, 0], [-1, 1, 0], [0, 0, 0]]),
            "precedence: event 1, event 1: an event cannot be ordered against itself",
        ),
    ],
)
def test_a_broken_problem_is_refused_with_place_and_reason(text: str, message: str) -> None:
    with pytest.raises(FormatError) as error:
        itc.read(text)
    assert str(error.value) == message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tim"
    path.write_bytes(b"3 2 1\x00\xff 2\n")
    with pytest.raises(FormatError) as error:
        itc.read(path)
    assert str(error.value) == "file: byte 6: is not plain text; whole numbers were expected"


def test_a_missing_file_is_the_caller_s_to_report(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        itc.read(tmp_path / "none.tim")


def test_a_timetable_survives_writing_and_reading() -> None:
    instance = itc.read(example())
    text = "0 0\n1 0\n-1 -1\n"
    assert itc.write_timetable(instance, itc.read_timetable(instance, text)) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", "file: is empty; a timetable was expected"),
        ("0 0\n1 0\n", "file: holds 4 numbers; 3 events need 6"),
        ("0 0\n1 0\n2 1\n3 1\n", "file: holds 8 numbers; 3 events need 6"),
        ("0 0\n1 b\n2 1\n", "file: line 2: 'b' is not a whole number"),
        ("0 0\n45 0\n2 1\n", "event 1: slot: must be -1 to 44, not 45 (line 2)"),
        ("0 0\n1 0\n2 2\n", "event 2: room: must be -1 to 1, not 2 (line 3)"),
        ("0 0\n1 0\n2 -1\n", "event 2: room: is -1 although the event has a slot"),
        ("0 0\n-1 0\n2 1\n", "event 1: slot: is -1 although the event has a room"),
    ],
)
def test_a_broken_timetable_is_refused_with_place_and_reason(text: str, message: str) -> None:
    with pytest.raises(FormatError) as error:
        itc.read_timetable(itc.read(example()), text)
    assert str(error.value) == message


def test_the_blocks_are_not_confused() -> None:
    """Attendance has a row per student: the file above stays readable, but not the same, with the axes exchanged."""
    columns = [list(column) for column in zip(*ATTENDANCE, strict=True)]
    assert itc.read(example(attendance=columns)).size.tolist() != [2, 1, 1]
    assert (len(CAPACITY), len(EVENT_FEATURES), len(AVAILABLE)) == (2, 3, 3)
