"""Real programmes with made wishes beside them: what they look like is real, what is asked for is satisfied by them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from schedule.solver.problem import (
    Interval,
    Person,
    Placement,
    Problem,
    Room,
    Rules,
    Session,
    Weights,
    Window,
)
from schedule.solver.verify import violations

from . import wishes
from .conference import Planted

WISHES_ALONE = Weights(**{field.name: int(field.name == "wish_clashes") for field in fields(Weights)})
SEATS, PEOPLE = 300, 5000


def of_programme(path: Path, seed: int) -> Planted:
    """Rooms, lengths and people of a programme; clashes of made wishes cost 1 each, and its own timetable has none.

    Left out are sessions without a time or room and those that break a rule in it: what they are, only its makers know.
    """
    said = [one for one in _sessions(path) if one.get("room") and one.get("start") and one.get("duration_minutes")]
    origin = min(one["start"] for one in said).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    placed = [
        Placement(f"S{number}", _minute(origin, one["start"]), _minute(origin, one["start"]) + one["duration_minutes"],
                  str(one["room"]))
        for number, one in enumerate(said)
    ]  # fmt: skip
    staff = [frozenset(str(person[0]) for person in one.get("people", ())) for one in said]
    problem = _problem(origin, placed, staff, seed)
    wrong = {wrong.sessions[-1] for wrong in violations(problem, tuple(placed))}
    while wrong:
        kept = [index for index, one in enumerate(placed) if one.session not in wrong]
        placed, staff = [placed[index] for index in kept], [staff[index] for index in kept]
        problem = _problem(origin, placed, staff, seed)
        wrong = {wrong.sessions[-1] for wrong in violations(problem, tuple(placed))}
    return Planted(problem, tuple(sorted(placed)))


def _sessions(path: Path) -> Iterable[dict[str, Any]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # a made conference needs none

    django.setup()
    from schedule.exchange.imports import formats  # its texts need Django set up
    from schedule.exchange.incoming.records import HowToRead, What  # the same

    data = path.read_bytes()
    reading = formats.read(data, formats.format_of(data), HowToRead(ZoneInfo("UTC"), ("en",), kind="Talk"))
    return [dict(record.said) for record in reading.records if record.what is What.SESSION]


def _minute(origin: datetime, start: datetime) -> int:
    return (start.astimezone(UTC) - origin) // timedelta(minutes=1)


def _problem(origin: datetime, placed: list[Placement], staff: list[frozenset[str]], seed: int) -> Problem:
    days = sorted({one.start // 1440 for one in placed})
    hours = {
        day: Interval(
            min(one.start for one in placed if one.start // 1440 == day),
            max(one.end for one in placed if one.start // 1440 == day),
        )
        for day in days
    }
    return Problem(
        origin=origin,
        timezone="UTC",
        rules=Rules(slot_minutes=5),
        windows=tuple(Window((origin + timedelta(days=day)).date(), hours[day]) for day in days),
        rooms=tuple(Room(code, code, SEATS) for code in sorted({one.room for one in placed})),
        people=tuple(Person(code, code) for code in sorted(frozenset().union(*staff))),
        bodies=(),
        sessions=tuple(
            Session(
                one.session,
                one.session,
                one.end - one.start,
                people=people,
                fixed_start=one.start if one.start % 5 else None,
            )
            for one, people in zip(placed, staff, strict=True)
        ),
        attendees=wishes.draw(
            [one.session for one in placed],
            [(one.start, one.end) for one in placed],
            [SEATS] * len(placed),
            min(PEOPLE, 12 * len(placed)),
            seed,
        ),
        weights=WISHES_ALONE,
    )
