"""Planted conferences: nothing that can be wished for costs anything in the timetable they were made from.

The timetable comes first: sessions of 5 to 90 minutes in rooms, some joined, beside plenaries and lunch. Then whatever
it satisfies is drawn: seats and features, people in several sessions, absences, orders, groups, pins, limits, tracks,
preferred times and rooms, and people's wishes. So the optimum of the whole model is 0, whatever the weights.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count

from schedule.solver.problem import Placement, Problem, Timetable, Weights

from . import asking, wishes
from .frame import Frame, frame
from .hidden import FullError, Hidden, hide, staff

HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Planted:
    """A problem and the timetable that costs nothing."""

    problem: Problem
    timetable: Timetable


def plant(size: int, seed: int, *, grid: int = HALF_HOUR) -> Planted:
    """A conference of `size` sessions, the same for the same arguments.

    Its starts lie on a `grid` of minutes. Only where that keeps to half hours do other starts cost something.
    """
    chance = random.Random(f"{size} {seed} {grid}")
    made, hidden = _hidden(size, grid, chance)
    staffed = staff(made, hidden, chance)
    asked = asking.sessions(made, hidden, chance)
    same_time, same_room = asking.groups(hidden, chance)
    times = asking.closed(made.rooms, made, hidden, chance)
    wished = [one for one in hidden if not one.is_break]
    caps = {session.code: session.capacity_cap for session in asked}
    weights = Weights(person_gaps=1, day_imbalance=30)
    problem = Problem(
        origin=datetime(2027, 5, 3, tzinfo=UTC),
        timezone="UTC",
        rules=asking.rules(hidden, asked),
        windows=made.windows,
        rooms=tuple(replace(room, closed=(times[room.code],)) if room.code in times else room for room in made.rooms),
        people=asking.people(staffed, made, hidden, chance),
        bodies=(),
        sessions=asked,
        attendees=wishes.draw(
            [one.code for one in wished],
            [(one.start, one.end) for one in wished],
            [one.room.capacity if caps[one.code] is None else None for one in wished],
            made.attendees,
            seed,
        ),
        pins=asking.pins(hidden, chance),
        same_time=same_time,
        same_room=same_room,
        weights=weights if grid % HALF_HOUR == 0 else replace(weights, off_half_hour=0),
    )
    return Planted(problem, tuple(sorted(Placement(h.code, h.start, h.end, h.room.code) for h in hidden)))


def _hidden(size: int, grid: int, chance: random.Random) -> tuple[Frame, list[Hidden]]:
    """A frame in which as many sessions found places."""
    for more in count():
        made = frame(size, grid, more, chance)
        try:
            return made, hide(made, chance)
        except FullError:
            continue
    raise AssertionError("there is no end to rooms")
