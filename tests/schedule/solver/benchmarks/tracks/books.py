"""Small workbooks: the worked example of the format's definition, and random instances."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from schedule.solver.benchmarks.tracks.instance import (
    Schedule,
    SlotClock,
    Submission,
    Track,
    TracksInstance,
    TracksSession,
    TracksWeights,
)

Sheets = dict[str, list[list[Any]]]


def example() -> Sheets:
    """Two sessions of two slots, two rooms, tracks A and B; weights 1 1 1 1 1 1 10 5 1 1 1 100 1 1 0 0."""
    weights = [1, 1, 1, 1, 1, 1, 10, 5, 1, 1, 1, 100, 1, 1, 0, 0]
    left: list[list[Any]] = [
        ["Local time zone:", "GMT+0"],
        ["Suitable", None],
        ["From:", time(9, 30)],
        ["To:", time(21, 30)],
        ["Less suitable", None],
        ["From:", time(7)],
        ["To:", "23:00"],
        ["Penalty:", 1],
        ["Unsuitable", None],
        ["Penalty:", 10],
        *[[None, None]] * 6,
    ]
    day = date(2021, 7, 28)
    return {
        "parameters": [["Sessions", None, None, "Weights"]]
        + [[*row, None, "weight", weight] for row, weight in zip(left, weights, strict=True)],
        "submissions": [
            ["Reference", "Track", "Required", "Order", "Zone", "Presenters", "Attendees", "S1", "S2", "R1", "R2"],
            ["a1", "A", 1, 0, "GMT-1", "P1", None, None, None, None, None],
            ["a2", "A", 2, 1, "GMT-3", "P2", None, None, 4, None, None],
            ["b1", "B", 1, 0, "GMT+9", "P3, P1", None, None, None, None, None],
        ],
        "tracks": [["Tracks", "Chairs"], ["A", None], ["B", None]],
        "sessions": [
            ["Sessions", "Max", "Date", "Start", "End"],
            ["S1", 2, day, time(9, 30), time(10, 30)],
            ["S2", 2, day, time(14), time(15)],
        ],
        "rooms": [["Rooms"], ["R1"], ["R2"]],
        "tracks_sessions|penalty": [[None, "S1", "S2"], ["A", None, None], ["B", 2, None]],
        "tracks_rooms|penalty": [[None, "R1", "R2"], ["A", 1, None], ["B", None, None]],
        "similar tracks": [[None, "A", "B"], ["A", None, 3], ["B", 7, None]],
        "sessions_rooms|penalty": [[None, "R1", "R2"], ["S1", None, None], ["S2", None, 50]],
    }


EXAMPLE_SOLUTION: list[list[Any]] = [
    [None, "R1", "R2"],
    ["S1", "A", "B"],
    ["S2", "A"],
    [],
    ["S1", "a1", "b1"],
    ["S1"],
    ["S2", "a2"],
    ["S2", "a2"],
]


def save(path: Path, sheets: Mapping[str, list[list[Any]]]) -> Path:
    """Write the sheets as a workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def schedule(
    instance: TracksInstance, cells: Mapping[tuple[int, int], tuple[int | None, list[int | None]]]
) -> Schedule:
    """The schedule with these cells: (session, room) -> (track, submissions of the first slots)."""
    rooms = range(len(instance.rooms))
    nothing: tuple[int | None, list[int | None]] = (None, [])
    return Schedule(
        tuple(tuple(cells.get((s, r), nothing)[0] for r in rooms) for s in range(len(instance.sessions))),
        tuple(
            tuple(tuple((cells.get((s, r), nothing)[1] + [None] * session.slots)[: session.slots]) for r in rooms)
            for s, session in enumerate(instance.sessions)
        ),
    )


def random_instance(seed: int, *, tracks: int = 4, sessions: int = 3, rooms: int = 3) -> TracksInstance:
    """An instance in which every term has a weight and a cause; not always with an acceptable schedule."""
    rng = random.Random(seed)
    people = [f"P{number}" for number in range(12)]

    def some(most: int) -> tuple[str, ...]:
        return tuple(rng.sample(people, rng.randint(0, most)))

    def penalties(count: int) -> tuple[int, ...]:
        return tuple(rng.choice([0, 0, 1, 5]) for _ in range(count))

    similar = [[0] * tracks for _ in range(tracks)]
    for a in range(tracks):
        for b in range(a):
            similar[a][b] = similar[b][a] = rng.choice([0, 1, 4])
    submissions: list[Submission] = []
    for track in range(tracks):
        submissions.extend(
            Submission(
                name=f"t{track}n{order}",
                track=track,
                slots=rng.choice([1, 1, 1, 2, 3]),
                order=rng.choice([0, order]),
                zone=rng.randint(-12, 12),
                presenters=some(2),
                attendees=some(3),
                session_penalties=penalties(sessions),
                room_penalties=penalties(rooms),
            )
            for order in range(1, rng.randint(1, 4) + 1)
        )
    return TracksInstance(
        tracks=tuple(Track(f"T{track}", some(1)) for track in range(tracks)),
        sessions=tuple(
            TracksSession(f"S{s}", rng.randint(2, 4), start, start + 90)
            for s, start in enumerate(rng.sample(range(480, 1320, 60), sessions))
        ),
        rooms=tuple(f"R{room}" for room in range(rooms)),
        submissions=tuple(submissions),
        tracks_sessions=tuple(penalties(sessions) for _ in range(tracks)),
        tracks_rooms=tuple(penalties(rooms) for _ in range(tracks)),
        sessions_rooms=tuple(penalties(rooms) for _ in range(sessions)),
        similar=tuple(map(tuple, similar)),
        clock=SlotClock(rng.randint(-12, 12), (570, 1290), (420, 1380), 1, 10),
        weights=TracksWeights(*(rng.choice([0, 1, 2, 10]) for _ in range(16))),
    )
