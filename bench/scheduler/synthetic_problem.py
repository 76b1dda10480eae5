"""A synthetic instance (its format is described with the data) as a Problem: a slot is an hour, six slots are a day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from schedule.solver.problem import (
    Attendee,
    Interval,
    Person,
    Placement,
    Problem,
    Room,
    Rules,
    Session,
    Timetable,
    Window,
)

SLOTS_PER_DAY = 6
FIRST_DAY = date(2027, 5, 3)


def minute(slot: int) -> int:
    """The start of a slot: days begin at nine, and an hour is one slot."""
    return slot // SLOTS_PER_DAY * 1440 + 540 + slot % SLOTS_PER_DAY * 60


def read(path: Path) -> tuple[Problem, Timetable]:
    """The problem, and the timetable the instance was made from (its witness)."""
    data = json.loads(path.read_text(encoding="utf-8"))
    slots = range(data["slots"])
    codes = [f"S{number}" for number in range(data["sessions"])]
    away = [
        tuple(Interval(minute(t), minute(t) + 60) for t in slots if t not in set(free))
        for free in data["available_slots"]
    ]
    after: dict[int, set[str]] = {}
    for early, late in data["precedences"]:
        after.setdefault(late, set()).add(codes[early])
    speakers = sorted(set(data["speaker"]))
    problem = Problem(
        origin=datetime(2027, 5, 3, tzinfo=UTC),
        timezone="UTC",
        rules=Rules(slot_minutes=60),
        windows=tuple(
            Window(FIRST_DAY + timedelta(days=day), Interval(first, first + SLOTS_PER_DAY * 60))
            for day in range(-(-data["slots"] // SLOTS_PER_DAY))
            for first in [day * 1440 + 540]
        ),
        rooms=tuple(
            Room(f"R{number}", f"R{number}", seats, features=frozenset(map(str, features)))
            for number, (seats, features) in enumerate(zip(data["room_capacity"], data["room_features"], strict=True))
        ),
        people=(
            *(Person(f"speaker-{code}", str(code)) for code in speakers),
            *(Person(f"calendar-{code}", code, away[number]) for number, code in enumerate(codes)),
        ),
        bodies=(),
        sessions=tuple(
            Session(
                code,
                code,
                60,
                people=frozenset({f"speaker-{data['speaker'][number]}", f"calendar-{code}"}),
                required_features=frozenset(map(str, data["session_features"][number])),
                seats_needed=data["session_seats_needed"][number],
                after=frozenset(after.get(number, ())),
            )
            for number, code in enumerate(codes)
        ),
        attendees=tuple(Attendee(tuple((codes[wish], 1) for wish in wishes)) for wishes in data["preferences"]),
    )
    witness = tuple(
        sorted(
            Placement(code, minute(t), minute(t) + 60, f"R{room}")
            for code, t, room in zip(codes, data["witness"]["slot"], data["witness"]["room"], strict=True)
        )
    )
    return problem, witness
