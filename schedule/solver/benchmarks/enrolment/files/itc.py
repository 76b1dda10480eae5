"""The files of the timetabling competitions: problems (.tim) of 2007 track 2 and of 2002, timetables (.sln).

Both problem files are streams of whole numbers; a file of 2002 simply lacks the last two blocks, which is how the two
are told apart. Line breaks mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from schedule.solver.benchmarks.enrolment.instance import (
    UNPLACED,
    Bits,
    EnrolmentInstance,
    EnrolmentKind,
    Ints,
    Solution,
)
from schedule.solver.errors import FormatError

DAYS = 5
SLOTS = 45
LARGEST = 1_000_000
"""No count or capacity of a real file comes near; it keeps a broken header from asking for absurd memory."""


def read(source: Path | str) -> EnrolmentInstance:
    """Read a .tim file from a path, or from its text if it holds a line break. Raises FormatError, OSError."""
    numbers = _Numbers.of(source, "problem")
    events, rooms, features, students = (numbers.header(name) for name in ("events", "rooms", "features", "students"))
    if events == 0 or rooms == 0:
        raise FormatError("header", "events" if events == 0 else "rooms", "must be at least 1")
    common = 4 + rooms + students * events + rooms * features + events * features
    extended = common + SLOTS * events + events * events
    if len(numbers) not in {common, extended}:
        raise FormatError(
            "file",
            "",
            f"holds {len(numbers)} numbers; the header ({events} events, {rooms} rooms, {features} features, "
            f"{students} students) asks for {common} (ITC-2002) or {extended} (ITC-2007 track 2)",
        )
    capacity = numbers.block("capacity", ("room",), (rooms,), 0, LARGEST)
    attendance = numbers.block("attendance", ("student", "event"), (students, events), 0, 1).astype(np.bool_)
    room_features = numbers.block("room features", ("room", "feature"), (rooms, features), 0, 1).astype(np.bool_)
    event_features = numbers.block("event features", ("event", "feature"), (events, features), 0, 1).astype(np.bool_)
    available: Bits = np.ones((events, SLOTS), np.bool_)
    precedences: tuple[tuple[int, int], ...] = ()
    if len(numbers) == extended:
        available = numbers.block("availability", ("event", "slot"), (events, SLOTS), 0, 1).astype(np.bool_)
        precedences = _precedences(numbers.block("precedence", ("event", "event"), (events, events), -1, 1))
    lacks = (event_features[:, None, :] & ~room_features[None, :, :]).any(axis=2)
    return EnrolmentInstance(
        kind=EnrolmentKind.ITC2007 if len(numbers) == extended else EnrolmentKind.ITC2002,
        days=DAYS,
        attendance=attendance,
        suitable=(capacity[None, :] >= attendance.sum(axis=0)[:, None]) & ~lacks,
        available=available,
        precedences=precedences,
        capacity=capacity,
        room_features=room_features,
        event_features=event_features,
    )


def _precedences(matrix: Ints) -> tuple[tuple[int, int], ...]:
    wrong = np.argwhere(matrix != -matrix.T)
    if len(wrong):
        i, j = (int(index) for index in wrong[0])
        if i == j:
            raise FormatError("precedence", f"event {i}, event {i}", "an event cannot be ordered against itself")
        raise FormatError(
            "precedence",
            f"event {i}, event {j}",
            f"says {matrix[i, j]}, but event {j}, event {i} says {matrix[j, i]}; it must say {-matrix[i, j]}",
        )
    return tuple((int(i), int(j)) for i, j in np.argwhere(matrix == 1))


def read_timetable(instance: EnrolmentInstance, source: Path | str) -> Solution:
    """Read a .sln file: `slot room` for every event, `-1 -1` for an unplaced one. Raises FormatError, OSError.

    Whether the timetable keeps the rules is for `check` to say; numbers that name no slot or room are refused here.
    """
    numbers = _Numbers.of(source, "timetable")
    if len(numbers) != 2 * instance.events:
        raise FormatError(
            "file", "", f"holds {len(numbers)} numbers; {instance.events} events need {2 * instance.events}"
        )
    slot, room = np.empty(instance.events, np.int64), np.empty(instance.events, np.int64)
    for event in range(instance.events):
        slot[event] = numbers.number(f"event {event}", "slot", UNPLACED, instance.slots - 1)
        room[event] = numbers.number(f"event {event}", "room", UNPLACED, instance.rooms - 1)
        if (slot[event] == UNPLACED) != (room[event] == UNPLACED):
            has, lacks = ("slot", "room") if room[event] == UNPLACED else ("room", "slot")
            raise FormatError(f"event {event}", lacks, f"is -1 although the event has a {has}")
    return Solution(slot, room)


def write_timetable(instance: EnrolmentInstance, solution: Solution) -> str:  # noqa: ARG001  # every format has this signature
    """The text of a .sln file."""
    return "".join(f"{slot} {room}\n" for slot, room in zip(solution.slot, solution.room, strict=True))


class _Numbers:
    """The whole numbers of a text, taken one block after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        tokens = text.split()
        values: dict[str, int] = {}
        for token in set(tokens):
            if not re.fullmatch(r"[+-]?[0-9]{1,18}", token):
                index = tokens.index(token)
                raise FormatError("file", self._line(index), f"{token[:40]!r} is not a whole number")
            values[token] = int(token)
        self._values = np.array([values[token] for token in tokens], np.int64)
        self._at = 0

    @classmethod
    def of(cls, source: Path | str, what: str) -> _Numbers:
        text = source if isinstance(source, str) and "\n" in source else _text(Path(source))
        if not text.strip():
            raise FormatError("file", "", f"is empty; a {what} was expected")
        return cls(text)

    def __len__(self) -> int:
        return len(self._values)

    def header(self, name: str) -> int:
        if self._at >= len(self._values):
            raise FormatError("header", name, f"is missing: the file ends after {len(self._values)} numbers")
        return self.number("header", name, 0, LARGEST)

    def number(self, record: str, field: str, low: int, high: int) -> int:
        value = int(self._values[self._at])
        if not low <= value <= high:
            raise FormatError(record, field, f"must be {low} to {high}, not {value} ({self._line(self._at)})")
        self._at += 1
        return value

    def block(self, name: str, axes: Sequence[str], shape: tuple[int, ...], low: int, high: int) -> Ints:
        size = int(np.prod(shape))
        values = self._values[self._at : self._at + size]
        wrong = np.flatnonzero((values < low) | (values > high))
        if len(wrong):
            first = int(wrong[0])
            where = ", ".join(
                f"{axis} {index}" for axis, index in zip(axes, np.unravel_index(first, shape), strict=True)
            )
            raise FormatError(
                name, where, f"must be {low} to {high}, not {values[first]} ({self._line(self._at + first)})"
            )
        self._at += size
        return values.reshape(shape)

    def _line(self, index: int) -> str:
        for number, line in enumerate(self._text.splitlines(), start=1):
            index -= len(line.split())
            if index < 0:
                return f"line {number}"
        raise AssertionError("the number is not in the text")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except UnicodeDecodeError as error:
        raise FormatError("file", f"byte {error.start}", "is not plain text; whole numbers were expected") from error
