"""The empty frame of a planted conference: its days, rooms with parts and features, and how much goes into them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from schedule.solver.problem import Interval, Room, Window

FIRST_DAY = date(2027, 5, 3)
OPENS, CLOSES = 8 * 60 + 30, 19 * 60
CORE = 9 * 60, 18 * 60 + 30
PLENARY = 9 * 60
LUNCH = 12 * 60 + 30
CHANGEOVER = 5
LENGTHS = (5, 10, 15, 25, 30, 45, 55, 60, 85, 90)
SHARES = (6, 6, 8, 36, 8, 6, 14, 6, 6, 4)
FULL = 0.9
"""How much of the room time between the plenaries, lunch and the end of the core hours is used."""

PER_GROUP = 7
HALL, LOBBY = "R0", "lobby"
FEATURES = ("booth", "piano", "recording")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a conference of `sessions` sessions has: days, rooms, people who come. Minutes lie on a grid of `grid`."""

    sessions: int
    grid: int
    days: int
    rooms: tuple[Room, ...]
    attendees: int

    @property
    def windows(self) -> tuple[Window, ...]:
        return tuple(
            Window(
                FIRST_DAY + timedelta(days=day),
                Interval(day * 1440 + OPENS, day * 1440 + CLOSES),
                Interval(day * 1440 + CORE[0], day * 1440 + CORE[1]),
            )
            for day in range(self.days)
        )

    def cells(self, length: int) -> int:
        """How much of the grid a session takes in its room, changeover included."""
        return -(-(length + CHANGEOVER) // self.grid)


def frame(sessions: int, grid: int, more: int, chance: random.Random) -> Frame:
    """Two days up to 100 sessions, three up to 400, then four; as many rooms as are FULL with them, and `more`."""
    days = 2 if sessions <= 100 else 3 if sessions <= 400 else 4
    each = sum(share * -(-(length + CHANGEOVER) // grid) * grid for length, share in zip(LENGTHS, SHARES, strict=True))
    open_minutes = days * (CORE[1] - CORE[0] - 120)  # plenary and lunch take an hour each
    small = max(3, round(sessions * each / sum(SHARES) / open_minutes / FULL)) + more
    return Frame(sessions, grid, days, _rooms(small, chance), min(10_000, sessions * 12))


def _rooms(small: int, chance: random.Random) -> tuple[Room, ...]:
    """A hall, rooms of a few sizes, every sixth and seventh of them also as one, and a lobby for breaks."""
    rooms = [Room(HALL, "Hall", 1400, features=frozenset(FEATURES), distance_group="0")]
    for number in range(1, small):
        seats = chance.choice((40, 60, 60, 80, 80, 120, 120, 200, 300))
        features = frozenset(feature for feature in FEATURES if chance.random() < 0.4)
        rooms.append(
            Room(f"R{number}", f"R{number}", seats, features=features, distance_group=str(number // PER_GROUP))
        )
    for number in range(1, small - 1, 6):
        halves = rooms[number : number + 2]
        rooms.append(
            Room(
                f"J{number}",
                f"R{number} and R{number + 1}",
                sum(half.capacity for half in halves),
                parts=frozenset(half.code for half in halves),
                features=halves[0].features & halves[1].features,
                distance_group=halves[0].distance_group,
            )
        )
    lobby = Room(LOBBY, "Lobby", 2000, distance_group="0", allows_parallel_use=True, breaks_only=True)
    return (*rooms, lobby)
