"""The worked examples of the formats, and random instances with a known timetable."""

from __future__ import annotations

import random
from typing import Any

from schedule.solver.benchmarks.enrolment.files import itc
from schedule.solver.benchmarks.enrolment.instance import EnrolmentInstance

OPEN = [1] * 45
CAPACITY = [2, 1]
ATTENDANCE = [[1, 1, 1], [1, 0, 0]]
ROOM_FEATURES = [[1], [0]]
EVENT_FEATURES = [[0], [1], [0]]
AVAILABLE = [OPEN, OPEN, [0, *OPEN[1:]]]
ORDER = [[0, 1, 0], [-1, 0, 0], [0, 0, 0]]


def example(**changed: Any) -> str:
    """The text of the small .tim file: three events, two rooms, one feature, two students. None leaves a block out."""
    blocks = {
        "header": [[3, 2, 1, 2]],
        "capacity": [CAPACITY],
        "attendance": ATTENDANCE,
        "room_features": ROOM_FEATURES,
        "event_features": EVENT_FEATURES,
        "available": AVAILABLE,
        "order": ORDER,
    } | changed
    return "".join(" ".join(map(str, row)) + "\n" for block in blocks.values() for row in block or ())


def example_2002() -> str:
    """The same without the two blocks that came in 2007."""
    return example(available=None, order=None)


def wishes(**changed: Any) -> dict[str, Any]:
    """A small preferences problem: one attendee wants three sessions of three speakers."""
    return {
        "format": "session-scheduling-synthetic-1",
        "sessions": 3,
        "rooms": 3,
        "slots": 8,
        "attendees": 1,
        "room_capacity": [10, 10, 20],
        "room_features": [[], [0], [0, 1]],
        "session_features": [[], [], [1]],
        "suitable_rooms": [[0, 1, 2], [0, 1, 2], [2]],
        "available_slots": [[4, 7], [4], [4, 5, 7]],
        "speaker": [1, 2, 3],
        "precedences": [[0, 2]],
        "preferences": [[0, 1, 2]],
    } | changed


def planted(seed: int, *, events: int = 14, rooms: int = 3, students: int = 12, full: bool = True) -> EnrolmentInstance:
    """A random instance of 2007 (`full`) or 2002 that has a complete timetable."""
    rng = random.Random(seed)
    features = 2
    cells = rng.sample([(slot, room) for slot in range(45) for room in range(rooms)], events)
    attendance = [[0] * events for _ in range(students)]
    for row in attendance:
        taken: set[int] = set()
        for event in rng.sample(range(events), rng.randint(0, min(8, events))):
            if cells[event][0] not in taken:
                taken.add(cells[event][0])
                row[event] = 1
    size = [sum(row[event] for row in attendance) for event in range(events)]
    capacity = [max([size[e] for e in range(events) if cells[e][1] == room], default=0) for room in range(rooms)]
    room_features = [[rng.randint(0, 1) for _ in range(features)] for _ in range(rooms)]
    event_features = [[f * rng.randint(0, 1) for f in room_features[cells[event][1]]] for event in range(events)]
    numbers = [[events, rooms, features, students], capacity, *attendance, *room_features, *event_features]
    if full:
        numbers += [[int(t == cells[e][0] or rng.random() < 0.5) for t in range(45)] for e in range(events)]
        order = [[0] * events for _ in range(events)]
        for _ in range(events // 2):
            i, j = rng.sample(range(events), 2)
            if cells[i][0] < cells[j][0]:
                order[i][j], order[j][i] = 1, -1
        numbers += order
    return itc.read("\n".join(" ".join(map(str, row)) for row in numbers))
